import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { examples, folderWith } from "../../support/folder.ts";
import { millrace } from "../../support/recording-host.ts";
import { smallScenario } from "../../support/tune-scenarios.ts";

const coulomb = `${examples}/spaces/coulomb3d.json.gz`;

async function refusal(inputs: readonly string[], files: Readonly<Record<string, string>> = {}): Promise<string> {
  const { status, stdout, stderr } = await millrace(["tune", ...inputs], {
    folder: folderWith({ "s.json": smallScenario, ...files }),
  });
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  return stderr;
}

describe("a wrong command line of tune", () => {
  test.each([
    [["s.json"], "nothing to evaluate: name one of --command, --table, --module and --serve"],
    [["s.json", "--command", "x", "--module", "y"], "--command and --module together"],
    [["s.json", "--command", 'x "y'], '--command has an open " quote'],
    [["s.json", "--command", " "], "--command names no program"],
    [
      ["s.json", "--command", "./x"],
      "--command names ./x, but there is no such program\n  help: paths are relative to",
    ],
    [["s.json", "--command", "./s.json"], "--command names ./s.json, which cannot be executed"],
    [["s.json", "--command", "x {tyle}"], "did you mean {tile}?"],
    [["s.json", "--module", "nowhere.mjs"], "no such file: nowhere.mjs"],
    [["s.json", "--table", coulomb], "coulomb3d.json.gz is of another space: the table has no tile, loops, unroll"],
    [["--command", "x"], "missing argument SCENARIO"],
    [["s.json", "--command", "x", "--pattern", "("], "--pattern must be a regular expression"],
    [["s.json", "--command", "x", "--timeout", "0"], '--timeout must be above 0, not "0"'],
    [["s.json", "--command", "x", "--resume"], "--resume needs the log to go on with"],
    [["kernels:y(i)=x(i)"], "there is no space kernels:\n  help: did you mean kernel:?"],
    [["kernel:y(i)=x(i)", "--command", "x"], "kernel: brings its own evaluation; leave out --command"],
    [["kernel:y(i)=x(i)"], "no input is given for operand x"],
    [["kernel:y(i)=x(i"], "expected ')' to close the indices"],
    [["kernel:y(i)=x(i)", "-i", "x=1", "-i", "x=2"], "-i binds x twice"],
    [
      ["moe:mixtral-8x7b", "-i", "batches=4"],
      "moe: has no input batches\n  help: its inputs are batch, hardware, gpus",
    ],
    [["moe:mixtral-8x7b", "-i", "batch=0"], 'batch must be an integer of at least 1, not "0"'],
    [["moe:mistral"], 'no model is called "mistral"'],
    [["step-moe:mixtral"], "step-moe: needs a trace\n  help: bind one: -i trace=FILE.json, .npy or .npz"],
    [["step-moe:mixtral", "-i", "routing=x.json"], "step-moe: has no input routing"],
    [["step-attention:mistral", "-i", `trace=${examples}/traces/azure-lengths.json#0`], "there is no model 'mistral'"],
    [["embed:sls"], "embed: needs a trace"],
    [["embed:sls", "-i", "trace=ids"], "embed: needs a width of rows"],
    [["embed:sls", "-i", "index=ids"], "embed: has no input index"],
    [["agent:tasks.json", "-i", "ids=ids"], "agent: has no input ids"],
    [["s.json", "--command", "x", "-i", "A=A.mtx"], "-i is for spaces of the workbench"],
    [["--table", "s.json"], 's.json: expected "format": "recorded-space/1"'],
  ])("%j", async (inputs, message) => expect(await refusal(inputs)).toContain(message));

  test("results of another space are named", async () => {
    const inputs = ["s.json", "--command", "true", "--after", "o.csv"];
    expect(await refusal(inputs, { "o.csv": "a,b\n1,2\n" })).toContain('o.csv: line 1: there is no column "tile"');
  });

  test("a scenario with several faults has them all told, each at its place", async () => {
    const text = smallScenario.replace('"tile % unroll == 0"', '"tile % unrol == 0"').replace("[1,2,4]", '[1,"two",4]');
    const stderr = await refusal(["broken.json", "--command", "x"], { "broken.json": text });
    expect(stderr).toMatch(/^broken\.json:1:\d+: error: input_parameters\.unroll\.values/m);
    const constraint = smallScenario.replace("tile % unroll", "tile % unrol");
    expect(await refusal(["b.json", "--command", "x"], { "b.json": constraint })).toMatch(
      /^b\.json:1:\d+: error: input_parameters\.unroll\.constraints\[0\]: .*unrol/m,
    );
  });

  test("a log of another seed, another space or other surroundings is refused, until forced", async () => {
    const folder = folderWith();
    const run = (...flags: string[]) =>
      millrace(["tune", "--table", coulomb, "--log", "s.log", "--budget", "3", ...flags], { folder });
    await run();
    expect((await run("--resume", "--seed", "1")).stderr).toContain("the log is of another seed: 0, not 1");
    expect((await run("--resume", "--record", "driver=2")).stderr).toContain("the log is of another environment");
    const text = readFileSync(join(folder, "s.log"), "utf8");
    expect((await run("--resume", "--method", "random")).stderr).toContain("the log is of another scenario");
    expect(readFileSync(join(folder, "s.log"), "utf8")).toBe(text);
    const other = ["tune", "s.json", "--command", "echo 1", "--log", "c.log", "--resume"];
    writeFileSync(join(folder, "s.json"), smallScenario);
    await millrace([...other, "--budget", "2"], { folder });
    const changed = [...other, "--record", "compiler=2", "--budget", "4"];
    const refused = await millrace(changed, { folder });
    expect(refused.stderr).toContain("the log is of another environment");
    expect((await millrace([...changed, "--force"], { folder })).status).toBe(0);
    expect(readFileSync(join(folder, "c.log"), "utf8")).toContain('{"record":"resume","environment":{');
  });

  test("a damaged log is cut where it is damaged, and what was cut is kept", async () => {
    const folder = folderWith();
    const run = (...flags: string[]) =>
      millrace(["tune", "--table", coulomb, "--log", "s.log", "--budget", "8", "--json", ...flags], { folder });
    const whole = await run();
    const text = readFileSync(join(folder, "s.log"), "utf8");
    const at = text.length - 300;
    writeFileSync(join(folder, "s.log"), `${text.slice(0, at)}#${text.slice(at + 1)}`);
    const again = await run("--resume");
    expect(again.stderr).toMatch(/^note: s\.log:\d+: the checksum does not fit.*; the log is cut there\n/);
    expect(readFileSync(join(folder, "s.log.cut"), "utf8")).toContain("#");
    const configs = ({ stdout }: { stdout: string }) =>
      JSON.parse(stdout).history.map(({ config }: { config: unknown }) => config);
    expect(configs(again)).toEqual(configs(whole));
  });
});
