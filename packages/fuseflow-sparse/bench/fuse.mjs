// Fusion of whole models: what compiling costs, what each granularity takes, lanes, the errors of the estimates, and a GCN
// layer on Cora from file to checked output. Usage, after a build: node bench/fuse.mjs
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { pack, parseFormat, readTensorFile, uniformTensor, unpack } from "@millrace/tensor";
import {
  attentionMask,
  autoencoder,
  chooseFusion,
  compileProgram,
  countOrders,
  estimateError,
  estimateProgram,
  evaluateProgram,
  expandRegion,
  firstOrder,
  gcn,
  gptDecoder,
  graphSage,
  partialOrder,
  randomOperands,
  simulateProgram,
  storedAs,
  storedTensor,
} from "../dist/index.js";

const graphSizes = { nodes: 400, features: 64, hidden: 16, classes: 7 };
const decoder = { sequence: 64, heads: 2, headSize: 8, decoders: 2 };
const half = { W1: 0.5, W2: 0.5, V1: 0.5, V2: 0.5, W: 0.5, U: 0.5, x: 0.5, A: 0.01, X: 0.1 };
const cases = {
  gcn: [gcn(graphSizes), {}],
  graphsage: [graphSage(graphSizes), {}],
  autoencoder: [autoencoder({ samples: 1, inputs: 1024, hidden: 128 }), {}],
  gpt: [gptDecoder(decoder), { M: attentionMask({ sequence: 64, heads: 2, blockSize: 8, randomBlocks: 1, seed: 3 }) }],
};

/** Milliseconds of processor time of the best of `repeats` runs, and the last result. */
function timed(repeats, run) {
  let best = Number.POSITIVE_INFINITY;
  let result;
  for (let k = 0; k < repeats; k++) {
    const before = process.cpuUsage();
    result = run();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1000);
  }
  return { ms: best, result };
}

console.log(
  "Recorded for the public compiler: 100-300 ms for each program; for its simulator: 0.2-0.5 M cycles a second.\n",
);
console.log(
  "model        granularity  compile ms     cycles  speed-up  operations  estimate off by (operations, bytes, cycles)",
);
for (const [name, [model, given]] of Object.entries(cases)) {
  const operands = randomOperands(model.program, { seed: 5, density: half, given });
  const stored = new Map(Object.entries(operands).map(([input, tensor]) => [input, storedTensor(tensor)]));
  let unfused = 0;
  const row = (granularity, ms, run, error) => {
    if (granularity === "unfused") unfused = run.cycles;
    const flops = run.regions.reduce((sum, region) => sum + region.flops, 0);
    const off = [error.flops, error.bytes, error.cycles].map((each) => `${(100 * each).toFixed(1)} %`).join(", ");
    console.log(
      `${name.padEnd(13)}${granularity.padEnd(13)}${ms.toFixed(0).padStart(10)}${String(run.cycles).padStart(11)}${(unfused / run.cycles).toFixed(2).padStart(9)}x${String(flops).padStart(12)}  ${off}`,
    );
  };
  for (const granularity of ["unfused", "partial", "full"]) {
    const schedule = { regions: model.regions[granularity] };
    const { ms, result } = timed(3, () => compileProgram(model.program, { schedule, stored }));
    const run = simulateProgram(result, operands);
    row(granularity, ms, run, estimateError(estimateProgram(result, operands), run));
  }
  const { ms, result } = timed(1, () => chooseFusion(model.program, operands, { stored, candidates: model.regions }));
  const { chosen } = result;
  row(`chosen`, ms, chosen.run, estimateError(chosen.estimate, chosen.run));
}

const whole = cases.gcn[0].regions.full[0];
const facts = new Map(cases.gcn[0].program.inputs.map(({ name, shape, format }) => [name, storedAs(format, shape)]));
const first = timed(5, () => firstOrder(partialOrder(expandRegion(cases.gcn[0].program, whole), facts)));
const copies = expandRegion(cases.gcn[0].program, whole, { uses: "copies" });
const counted = timed(3, () => countOrders(partialOrder(copies, facts)));
console.log(
  `\nfirst legal order of a two-layer GCN in ${first.ms.toFixed(1)} ms (goal 50); ${counted.result ?? "too many"} orders, counted in ${counted.ms.toFixed(1)} ms`,
);

const [gpt, given] = cases.gpt;
const operands = randomOperands(gpt.program, { seed: 5, given });
const stored = new Map(Object.entries(operands).map(([input, tensor]) => [input, storedTensor(tensor)]));
console.log("\nattention in lanes of its rows (memory none, hbm-burst)");
for (const factor of [1, 2, 4, 8, 16]) {
  const regions = gpt.regions.partial.map((region) =>
    region.name.startsWith("attention") ? { ...region, parallel: [{ variable: "i", factor }] } : region,
  );
  const compiled = compileProgram(gpt.program, { schedule: { regions }, stored });
  const cycles = ["none", "hbm-burst"].map((memory) => {
    const run = simulateProgram(compiled, operands, { memory });
    return run.regions.find(({ name }) => name === "attention1").cycles;
  });
  console.log(`x${factor}`.padEnd(5), cycles.map((each) => String(each).padStart(9)).join(""));
}

console.log(
  "\nattention and decoder in tiles (masks of blocks of 16): cycles, speed-up over numbers, operations, bytes",
);
const blocked = gptDecoder({ sequence: 128, heads: 2, headSize: 16, decoders: 1 });
const mask = attentionMask({ sequence: 128, heads: 2, blockSize: 16, randomBlocks: 1, seed: 3 });
const inputs = randomOperands(blocked.program, { seed: 5, given: { M: mask } });
let plain = 0;
for (const block of [1, 4, 8, 16]) {
  const compiled = compileProgram(blocked.program, { schedule: { regions: blocked.regions.partial, block } });
  const { ms, result } = timed(1, () => simulateProgram(compiled, inputs));
  if (block === 1) plain = result.cycles;
  const total = (of) => result.regions.reduce((sum, region) => sum + of(region), 0);
  console.log(
    `${block} x ${block}`.padEnd(8),
    String(result.cycles).padStart(9),
    `${(plain / result.cycles).toFixed(1)}x`.padStart(8),
    String(total(({ flops }) => flops)).padStart(11),
    String(total(({ bytes }) => bytes)).padStart(10),
    `${ms.toFixed(0)} ms of processor time`,
  );
}

/** A tensor of the examples. */
async function example(name) {
  const bytes = gunzipSync(readFileSync(new URL(`../../../examples/data/${name}.mtx.gz`, import.meta.url)));
  return (await readTensorFile(bytes, { name: `${name}.mtx` })).list;
}

const before = process.cpuUsage();
const [links, words] = [await example("cora"), await example("cora-features")];
const [nodes, features] = words.shape;
const sizes = { nodes, features, hidden: 16, classes: 7, formats: { adjacency: "ds", features: "ds", weights: "dd" } };
const model = gcn(sizes);
const layer = { ...model.program, statements: model.program.statements.slice(0, 4), outputs: ["relu1"] };
layer.inputs = layer.inputs.slice(0, 4);
const drawn = (shape, seed) =>
  pack(
    uniformTensor({ shape, entries: shape.reduce((a, b) => a * b, 1), seed, values: "quarters" }),
    parseFormat("d".repeat(shape.length), shape.length),
  );
const cora = {
  A: pack(links, parseFormat("ds", 2), { valueType: "float64" }),
  X: pack(words, parseFormat("ds", 2), { valueType: "float64" }),
  W1: drawn([features, 16], 1),
  b1: drawn([16], 2),
};
const known = new Map(Object.entries(cora).map(([input, tensor]) => [input, storedTensor(tensor)]));
const { chosen } = chooseFusion(layer, cora, { stored: known });
const reference = evaluateProgram(layer, cora).get("relu1");
const found = unpack(chosen.run.tensors.get("relu1"));
let worst = 0;
for (let e = 0; e < found.values.length; e++) {
  const place = found.coordinates[0][e] * 16 + found.coordinates[1][e];
  worst = Math.max(worst, Math.abs(found.values[e] - reference.values[place]));
}
const { user, system } = process.cpuUsage(before);
console.log(
  `\nGCN layer on Cora, file to checked output: ${((user + system) / 1e6).toFixed(1)} s of processor time (goal 60), ${chosen.run.cycles} cycles, regions ${chosen.regions.map(({ name }) => name).join(" ")}, largest error ${worst.toExponential(1)}`,
);
