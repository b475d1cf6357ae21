import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { examples, folderWith, matrixText, testData } from "./support/folder.ts";
import { millrace } from "./support/recording-host.ts";
import { smallScenario } from "./support/tune-scenarios.ts";

/** The words of a command line, quotes taken off. */
function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
}

/** The commands in the first shell block of a text. */
function commandsIn(path: string): string[] {
  const [, block = ""] = /```sh\n([^`]*)```/.exec(readFileSync(path, "utf8")) ?? [];
  return block.split("\n").filter((line) => line.startsWith("millrace "));
}

const program = new URL("../bin/millrace.js", import.meta.url).pathname;
const exampleCommands = commandsIn(`${examples}/README.md`);

describe("the commands of the examples' README", () => {
  test.each(exampleCommands)("%s", async (line) => {
    const { status, stdout, stderr } = await millrace(words(line).slice(1), { folder: dirname(examples) });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout.length).toBeGreaterThan(50);
  });

  test("are several", () => expect(exampleCommands.length).toBeGreaterThan(3));
});

const readMeCommands = commandsIn(new URL("../README.md", import.meta.url).pathname).filter(
  (line) => line !== "millrace tour",
);

test.each(readMeCommands)("the README's %s", async (line) => {
  const folder = folderWith({
    "pipeline.yaml": readFileSync(`${testData}/pipelines/right.yaml`),
    "graph.gv": readFileSync(`${examples}/graphs/spmv.gv`),
    "B.mtx": readFileSync(`${examples}/data/karate.mtx`),
    "matrix.mtx": readFileSync(`${examples}/data/karate.mtx`),
    "matrix.mtx.gz": readFileSync(`${examples}/data/cora.mtx.gz`),
    "c.tns": "1 2.5\n34 1\n",
    "requests.trace.gz": gzipSync(readFileSync(`${examples}/traces/gather.trace`)),
    "memory.yaml": readFileSync(`${examples}/memories/ddr4-2400.yaml`),
    "tensor.tns": "1 1 1 2\n",
    "space.json.gz": readFileSync(`${examples}/spaces/coulomb3d.json.gz`),
    "scenario.json": smallScenario,
    "measure.cjs": "console.log(Number(process.argv[2]) + 1);",
    "program.step":
      "program sums\nsymbol B, L\n%x = source {shape = [B, ~L], element = u64[1, 1]}\n%s = accum %x {fn = add, rank = 1}\n%o = output %s\n",
    "task.json": readFileSync(`${examples}/agent/row-scale.json`),
    "program.txt": readFileSync(`${examples}/agent/row-scale.step`),
    "bag.pt2": readFileSync(`${examples}/models/embedding-bag.pt2`),
    "bag.json": readFileSync(`${examples}/models/embedding-bag.json`),
    "ids.log": readFileSync(`${examples}/traces/lookups.log`),
    "counts.json": readFileSync(`${examples}/traces/qwen3-30b-step.json`),
    "routing.json": readFileSync(`${examples}/traces/routing-mixtral.json`),
  });
  const inputs = words(line).slice(1);
  // Threads of a sweep run the program that is built.
  const built = () => spawnSync(process.execPath, [program, ...inputs], { encoding: "utf8", cwd: folder });
  const { status, stderr } = inputs[0] === "sweep" ? built() : await millrace(inputs, { folder });
  expect(status).toBe(0);
  expect(stderr.replace(/^(timeline|report) {2}.*\n/, "")).toBe("");
});

test("the graph written by hand computes what it says", async () => {
  const folder = folderWith({
    "B.mtx": matrixText(2, 2, [
      [1, 1, 2],
      [1, 2, 3],
      [2, 2, 4],
    ]),
    "c.mtx": matrixText(2, 1, [
      [1, 1, 10],
      [2, 1, 100],
    ]),
  });
  const { stdout } = await millrace(
    ["sam", "run", `${examples}/graphs/spmv.gv`, "-i", "B=B.mtx", "-i", "c=c.mtx", "--json"],
    { folder },
  );
  expect(JSON.parse(stdout).outputs.x.entries).toEqual([
    [0, 320],
    [1, 400],
  ]);
});
