import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { millrace } from "../support/recording-host.ts";

async function proposals(...words: string[]): Promise<string[]> {
  const { status, stdout, stderr } = await millrace(["__complete", ...words]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split("\t")[0]!);
}

describe("completion proposes what may come next", () => {
  test("areas", async () => {
    expect(await proposals("t")).toEqual(["tour", "tensor", "tune"]);
  });

  test("verbs", async () => {
    expect(await proposals("sam", "")).toEqual(expect.arrayContaining(["run", "compile", "simulate", "draw"]));
  });

  test("flags", async () => {
    expect(await proposals("sam", "run", "--pro")).toEqual(["--profile"]);
  });

  test("values of choices", async () => {
    expect(await proposals("sam", "run", "--profile", "")).toEqual(["sam-sync", "comal"]);
    expect(await proposals("completion", "f")).toEqual(["fish"]);
  });

  test("nothing after words it does not know, so that the shell completes file names", async () => {
    expect(await proposals("nonsense", "x")).toEqual([]);
  });
});

describe("millrace completion", () => {
  test.each(["bash", "zsh", "fish"])("prints a script for %s that asks back", async (shell) => {
    const { status, stdout } = await millrace(["completion", shell]);
    expect(status).toBe(0);
    expect(stdout).toContain("millrace __complete");
  });

  test("the bash script fills COMPREPLY with the proposals", async () => {
    const { stdout: script } = await millrace(["completion", "bash"]);
    const program = new URL("../../bin/millrace.js", import.meta.url).pathname;
    const session = `millrace() { ${JSON.stringify(process.execPath)} ${JSON.stringify(program)} "$@"; }
${script}
COMP_WORDS=(millrace sam run --profile c) COMP_CWORD=4
_millrace
printf '%s\\n' "\${COMPREPLY[@]}"`;
    const bash = spawnSync("bash", ["-c", session], { encoding: "utf8" });
    expect(bash.stdout).toBe("comal\n");
  });
});
