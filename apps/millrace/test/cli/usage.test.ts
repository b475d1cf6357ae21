import { describe, expect, test } from "vitest";
import { millrace } from "../support/recording-host.ts";

async function refusal(...inputs: string[]): Promise<string> {
  const { status, stdout, stderr } = await millrace(inputs);
  expect(status).toBe(2);
  expect(stdout).toBe("");
  return stderr;
}

describe("a wrong command line ends with status 2 and says what was meant", () => {
  test("a mistyped area", async () => {
    expect(await refusal("tensr", "info")).toBe('error: unknown command "tensr"\n  help: did you mean tensor?\n');
  });

  test("a mistyped verb", async () => {
    expect(await refusal("sam", "rnu")).toBe('error: unknown command "rnu"\n  help: did you mean run?\n');
  });

  test("a command nothing resembles", async () => {
    const expected = 'error: unknown command "frobnicate"\n  help: millrace sam --help lists the commands\n';
    expect(await refusal("sam", "frobnicate")).toBe(expected);
  });

  test("a mistyped flag before any command", async () => {
    expect(await refusal("--hlep")).toBe("error: unknown flag --hlep\n  help: did you mean --help?\n");
  });

  test("a mistyped flag of a command", async () => {
    expect(await refusal("sam", "run", "g.gv", "--profle", "comal")).toBe(
      "error: unknown flag --profle\n  help: did you mean --profile?\n",
    );
  });

  test("an unknown short flag", async () => {
    expect(await refusal("sam", "run", "g.gv", "-z")).toBe(
      "error: unknown flag -z\n  help: millrace sam run --help shows the arguments, with an example\n",
    );
  });

  test("a mistyped choice", async () => {
    expect(await refusal("sam", "run", "g.gv", "--profile", "comel")).toBe(
      'error: --profile must be sam-sync or comal, not "comel"\n  help: did you mean comal?\n',
    );
  });

  test("a missing argument", async () => {
    expect(await refusal("sam", "run")).toBe(
      "error: missing argument GRAPH\n  help: millrace sam run --help shows the arguments, with an example\n",
    );
  });

  test("one argument too many", async () => {
    expect(await refusal("completion", "bash", "zsh")).toBe(
      'error: unexpected argument "zsh": this command takes 1\n  help: millrace completion --help shows the arguments, with an example\n',
    );
  });

  test("a flag without its value", async () => {
    expect(await refusal("sam", "run", "g.gv", "--fifo")).toContain("error: --fifo needs a value");
  });

  test("a number out of range", async () => {
    expect(await refusal("sam", "run", "g.gv", "--fifo", "0")).toContain(
      'error: --fifo must be an integer from 1 to 1000000000, not "0"',
    );
    expect(await refusal("sam", "run", "g.gv", "--seed", "1e3")).toContain(
      "--seed must be an integer from 0 to 4294967295",
    );
  });

  test("a stretch of a timeline that nobody asked for", async () => {
    const expected =
      "error: --window is of a timeline, and none is written\n  help: name its file with --timeline FILE\n";
    expect(await refusal("sam", "run", "graph.gv", "--window", "0:20")).toBe(expected);
  });

  test("a file without a name", async () => {
    expect(await refusal("step", "check", "")).toBe("error: the name of a file is empty\n");
  });

  test("a flag given twice", async () => {
    expect(await refusal("sam", "run", "g.gv", "--fifo", "1", "--fifo", "2")).toContain(
      'error: --fifo was given twice: "1" and "2"',
    );
  });

  test("a binding without a name", async () => {
    const expected = 'error: --input must be NAME=VALUE, not "B.mtx"\n  help: for example B=B.mtx\n';
    expect(await refusal("sam", "run", "g.gv", "-i", "B.mtx")).toBe(expected);
  });
});

describe("--error-format json", () => {
  test("puts one JSON document on stderr, for usage faults too", async () => {
    const stderr = await refusal("sam", "run", "g.gv", "--profile", "x", "--error-format", "json");
    expect(stderr.endsWith("\n")).toBe(true);
    expect(JSON.parse(stderr)).toMatchObject({
      status: 2,
      errors: [
        { severity: "error", code: "argument", file: null, message: '--profile must be sam-sync or comal, not "x"' },
      ],
    });
  });
});

test("colours appear on a terminal only, and never with NO_COLOR", async () => {
  const sequence = "\u001b[";
  expect((await millrace(["tensr"], { terminal: true })).stderr).toContain(sequence);
  expect((await millrace(["--help"], { terminal: true })).stdout).toContain(sequence);
  const quiet = { terminal: true, environment: { NO_COLOR: "1" } };
  expect((await millrace(["tensr"], quiet)).stderr).not.toContain(sequence);
  expect((await millrace(["--help"], quiet)).stdout).not.toContain(sequence);
  expect((await millrace(["tensr"])).stderr).not.toContain(sequence);
});
