import { type Application, type CommandContext, generateHelpTextForAllCommands } from "@stricli/core";
import { describe, expect, test } from "vitest";
import { millrace as application, commandsFor } from "../../src/cli/application.ts";
import { millrace } from "../support/recording-host.ts";

// Help needs no context, so that of our commands may be narrower than what is asked for.
const help = application(await commandsFor([]), {
  inputs: [],
  collect: () => {},
  color: false,
}) as unknown as Application<CommandContext>;
const commands = generateHelpTextForAllCommands(help);

describe.each(commands)("%s --help", (command, text) => {
  test("shows an example, fits a screen, and lists the flags that every command has", () => {
    expect(text).toMatch(/^EXAMPLES?$/m);
    expect(text).toContain("millrace");
    for (const flag of ["--json", "--seed", "--out", "--quiet", "--error-format"]) expect(text).toContain(flag);
    expect(text.split("\n").length).toBeLessThanOrEqual(50);
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(140);
  });

  test("is what the command prints, with status 0", async () => {
    const run = await millrace([...command.split(" ").slice(1), "--help"]);
    expect(run).toMatchObject({ status: 0, stderr: "" });
    expect(run.stdout.length).toBeGreaterThan(200);
  });
});

test("without a command the areas are listed, with the exit statuses", async () => {
  const { status, stdout } = await millrace([]);
  expect(status).toBe(0);
  for (const area of ["tour", "sam", "dram", "moe", "tensor", "completion"])
    expect(stdout).toMatch(new RegExp(`^  ${area} `, "m"));
  expect(stdout).toContain("Exit status: 0 done; 1 a fault of ours; 2 wrong input; 3 a check failed; 130 interrupted.");
});

test("--version prints the version alone", async () => {
  expect(await millrace(["--version"])).toEqual({ status: 0, stdout: "0.0.0\n", stderr: "" });
});
