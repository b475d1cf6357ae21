import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runMillrace } from "../../src/index.ts";
import { folderWith } from "../support/folder.ts";
import { millrace, recordingHost } from "../support/recording-host.ts";

describe("a fault of ours", () => {
  test("ends with status 1, asks to be reported and names the place in the code", async () => {
    const recorder = recordingHost();
    const broken = () => {
      throw new TypeError("stdout is broken");
    };
    const stdout = { ...recorder.host.stdout, write: broken };
    const status = await runMillrace(["completion", "bash"], { ...recorder.host, stdout });
    expect(status).toBe(1);
    expect(recorder.stderr()).toContain("internal error: TypeError: stdout is broken");
    expect(recorder.stderr()).toContain("please report this, with the command line that led here");
    expect(recorder.stderr()).toContain("run.test.ts");
  });
});

describe("whatever is typed", () => {
  const words = fc.constantFrom(
    ..."sam tensor tour run compile simulate draw info convert validate completion bash --json --help --version --fifo --seed --profile comal --memory none -i B=x -f --order i,j -- --out o --error-format json x.mtx y(i)=A(i,j)*x(j) random:3".split(
      " ",
    ),
  );
  const word = fc.oneof({ weight: 5, arbitrary: words }, fc.string({ maxLength: 12 }));

  test("ends with a status of the contract, and never with a fault of ours", async () => {
    const folder = folderWith();
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 7 }), async (inputs) => {
        const { status, stderr } = await millrace(
          inputs.filter((each) => each !== "tour"),
          { folder },
        );
        expect([0, 2, 3]).toContain(status);
        expect(stderr).not.toContain("internal error");
      }),
      { seed: 5, numRuns: 400 },
    );
  });

  test("in any file is a result or a refusal", async () => {
    const pieces = fc.constantFrom(
      "digraph",
      "{",
      "}",
      "[",
      "]",
      '"',
      "type=",
      "fiberlookup",
      "->",
      "\n",
      "graph",
      ":",
      "1",
      "%%MatrixMarket matrix coordinate real general",
      " ",
      "2 2 1",
      "a",
      "kernel",
      ",",
      "\u0000",
    );
    const contents = fc.oneof(
      fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join("")),
      fc.string({ maxLength: 60 }),
    );
    const names = fc.constantFrom(
      "f",
      "f.gv",
      "f.json",
      "f.bin",
      "f.pbtxt",
      "f.mtx",
      "f.tns",
      "f.npy",
      "f.npz",
      "f.smtx",
      "f.mtx.gz",
    );
    await fc.assert(
      fc.asyncProperty(names, contents, async (name, content) => {
        const folder = folderWith({ [name]: content });
        for (const command of [
          ["sam", "run", name],
          ["sam", "draw", name, "--quiet"],
          ["tensor", "info", name],
        ]) {
          const { status, stderr } = await millrace(command, { folder });
          expect([0, 2]).toContain(status);
          expect(stderr).not.toContain("internal error");
        }
      }),
      { seed: 9, numRuns: 150 },
    );
  });
});
