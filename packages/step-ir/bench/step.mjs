/** How fast whole experiments are simulated. Times are of the processor; published ones are wall times on other machines. */
import {
  attentionExperiment,
  interpret,
  layerExperiment,
  modelNamed,
  moe,
  moeExperiment,
  routingTrace,
  simulateProgram,
} from "../dist/index.js";
import { mixtral64, mixtral1024, routedBy, windows } from "./traces.mjs";

const seconds = () => process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6;
let most = 0;

function timed(name, run, published) {
  const start = seconds();
  const results = [run()].flat();
  const took = seconds() - start;
  most = Math.max(most, process.memoryUsage().rss);
  const cycles = results.reduce((sum, result) => sum + result.cycles, 0);
  const bursts = results.reduce((sum, result) => sum + result.trafficBytes / 64, 0);
  const rate = (count) => `${(count / took / 1e6).toFixed(2)} M/s`.padStart(12);
  const ratio =
    published === undefined ? "" : `  ${(published / took).toFixed(0)} x faster than the published ${published} s`;
  console.log(
    `${name.padEnd(34)}${took.toFixed(2).padStart(7)} s  cycles ${rate(cycles)}  bursts ${rate(bursts)}${ratio}`,
  );
}

const mixtral = modelNamed("mixtral-8x7b");
const qwen = modelNamed("qwen3-30b-a3b");
const experts = (counts, tiling) => () => moeExperiment({ model: mixtral, routing: routedBy(counts), tiling });
const fixed = (rows) => ({ kind: "static", rows });
const dynamic = { kind: "dynamic" };

timed("Mixtral, batch 64, 16 rows", experts(mixtral64, fixed(16)), 2719);
timed("Mixtral, batch 64, 64 rows", experts(mixtral64, fixed(64)), 1934);
timed("Mixtral, batch 64, dynamic", experts(mixtral64, dynamic), 2043);
timed("Mixtral, batch 1024, 256 rows", experts(mixtral1024, fixed(256)), 5449);
timed("Mixtral, batch 1024, 1024 rows", experts(mixtral1024, fixed(1024)), 9608);
timed("Mixtral, batch 1024, dynamic", experts(mixtral1024, dynamic), 2960);

timed(`attention, ${windows.length} windows, 3 strategies`, () =>
  windows.flatMap(({ lengths }) =>
    ["coarse", "interleaved", "dynamic"].map((strategy) => attentionExperiment({ model: qwen, lengths, strategy })),
  ),
);

const { lengths } = windows.find((window) => window.lengths.length === 64);
const spread = Array.from({ length: 64 }, (_, token) =>
  Array.from({ length: 8 }, (_, at) => (token * 7 + at * 11) % 60),
);
timed("layer of Mixtral, batch 64", () =>
  layerExperiment({ model: mixtral, lengths, routing: routedBy(mixtral64), tiling: dynamic, strategy: "dynamic" }),
);
timed("layer of Qwen3-30B, batch 64", () =>
  layerExperiment({ model: qwen, lengths, routing: spread, tiling: dynamic, strategy: "dynamic" }),
);

// The same small program without values, with values, and without time.
const small = {
  batch: 48,
  experts: 8,
  chosen: 2,
  hidden: 64,
  inner: 96,
  tileInner: 16,
  tiling: fixed(4),
  bandwidth: 1024,
};
const { sources } = routingTrace(routedBy([12, 12, 12, 12, 12, 12, 12, 12]), 8);
const program = moe(small);
const repeated = (run) => {
  run();
  const start = seconds();
  for (let time = 0; time < 10; time++) run();
  return (seconds() - start) / 10;
};
const timing = repeated(() => simulateProgram(program, { sources }, { depth: 2 }));
const functional = repeated(() => simulateProgram(program, { sources }, { depth: 2, mode: "functional" }));
const untimed = repeated(() => interpret(program, { sources }));
console.log(
  `\nvalues in time cost ${(functional / timing).toFixed(2)} x a timing run; the interpreter takes ${(untimed / functional).toFixed(2)} x a functional run`,
);
console.log(`memory: at most ${(most / 1e6).toFixed(0)} MB`);
