import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { examples, folderWith, matrixText } from "../support/folder.ts";

const program = new URL("../../bin/millrace.js", import.meta.url).pathname;

function run(inputs: readonly string[], folder?: string): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...inputs], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
    ...(folder === undefined ? {} : { cwd: folder }),
  });
  return { status, stdout, stderr };
}

describe("the process", () => {
  test("ends with 0 and JSON alone on stdout, however long", () => {
    const inputs = ["sam", "simulate", "X(i,j)=a(i)*b(j)", "-i", "a=random:400", "-i", "b=random:400", "--json"];
    const { status, stdout, stderr } = run(inputs);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(JSON.parse(stdout).outputs.X.entries).toHaveLength(160_000);
  });

  test("ends with 2 for wrong input, with nothing on stdout", () => {
    const { status, stdout, stderr } = run(["tensor", "info", "nowhere.mtx"]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toBe("error: no such file: nowhere.mtx\n");
  });

  test("ends with 3 for a deadlock", () => {
    const folder = folderWith({
      "B.mtx": matrixText(3, 3, [
        [1, 1, 1],
        [1, 2, 1],
        [1, 3, 1],
        [2, 1, 1],
      ]),
    });
    const inputs = [
      "X(i,j)=B(i,k)*C(k,j)",
      "--order",
      "i,k,j",
      "-i",
      "B=B.mtx",
      "-i",
      "C=random:3x9",
      "--fifo",
      "1",
      "--json",
    ];
    const { status, stdout } = run(["sam", "simulate", ...inputs], folder);
    expect(status).toBe(3);
    expect(JSON.parse(stdout).deadlock.cycle.length).toBeGreaterThan(0);
  });

  test("says nothing when the reader of its output has gone", () => {
    const command = `"${process.execPath}" "${program}" sam simulate "X(i,j)=a(i)*b(j)" -i a=random:400 -i b=random:400 --json | head -c 10; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync("bash", ["-c", command], { encoding: "utf8" });
    expect(stdout).toBe('{"name":"X0\n');
    expect(stderr).toBe("");
  });

  test.skipIf(!existsSync("/dev/full"))(
    "a full disk behind an output is said in one line; behind the other, nowhere",
    () => {
      const full = openSync("/dev/full", "w");
      onTestFinished(() => closeSync(full));
      const ended = (file: string, stdio: readonly (number | "pipe")[]) => {
        const inputs = [program, "tensor", "info", file];
        const { status, stderr } = spawnSync(process.execPath, inputs, { encoding: "utf8", stdio: [...stdio] });
        return [status, stderr ?? ""];
      };
      const refused = [2, "error: cannot write standard output: the disk is full\n"];
      expect(ended(`${examples}/data/karate.mtx`, ["pipe", full, "pipe"])).toEqual(refused);
      expect(ended("nowhere.mtx", ["pipe", "pipe", full])).toEqual([2, ""]);
    },
  );

  test("a folder that was removed meanwhile is said in one line", () => {
    const command = `cd "${mkdtempSync(join(tmpdir(), "gone-"))}" && rmdir "$PWD" && "${process.execPath}" "${program}" stages`;
    const { status, stderr } = spawnSync("bash", ["-c", command], { encoding: "utf8" });
    expect([status, stderr]).toEqual([2, expect.stringContaining("error: the current folder is not there any more")]);
  });

  test("^C ends it with 130 while it computes, and what was finished stays", async () => {
    const folder = folderWith();
    const child = spawn(
      process.execPath,
      [program, "tour", "--graph", `${examples}/data/cora.mtx.gz`, "--out", "kept"],
      { cwd: folder },
    );
    const ended = new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
      child.on("exit", (code, signal) => resolve([code, signal]));
    });
    const finishedStop = join(folder, "kept", "tour.json");
    while (!existsSync(finishedStop) && child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill("SIGINT");
    expect(await ended).toEqual([130, null]);
    expect(existsSync(finishedStop)).toBe(true);
    expect(existsSync(join(folder, "kept", "report.html"))).toBe(false);
  });
});
