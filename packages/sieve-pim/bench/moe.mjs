// Decisions, steps, commands and served hours: processor time, and ratios to a plain baseline of the same run.
import {
  DrawnRouting,
  exactPlacement,
  expertOnPim,
  gemvStream,
  hardwareNamed,
  LayerCosts,
  LogNormalRouter,
  modelNamed,
  Partitioner,
  PimTokenTimes,
  pimSpec,
  policyNamed,
  popularityOf,
  readRequests,
  runBatch,
  runRequests,
  StepSimulator,
  serve,
  streamCycles,
  Xorshift32,
} from "../dist/index.js";

function cpuMicroseconds(work, rounds = 1) {
  const before = process.cpuUsage();
  for (let round = 0; round < rounds; round++) work(round);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / rounds;
}

function medianMicroseconds(work, rounds) {
  const times = new Float64Array(rounds);
  for (let round = 0; round < rounds; round++) {
    const before = process.hrtime.bigint();
    work(round);
    times[round] = Number(process.hrtime.bigint() - before) / 1000;
  }
  return times.sort()[rounds >> 1];
}

const line = (...cells) => console.log(cells.join("  "));

line("decision for one GPU, median of 2,000 (target: 512 experts within 20 us)");
const costs = new LayerCosts(modelNamed("qwen3.5-397b-a17b"), hardwareNamed("b200"));
for (const experts of [64, 128, 512, 1024, 4096]) {
  const counts = Array.from({ length: 16 }, (_, seed) => {
    const drawn = new Uint32Array(experts);
    const popularity = popularityOf(modelNamed("qwen3-30b-a3b"));
    new LogNormalRouter({ experts, topK: 10, popularity, seed }).draw(experts, drawn);
    return drawn;
  });
  const cost = costs.partitionCost(experts);
  const partitioner = new Partitioner(experts);
  const bisect = (round) => partitioner.partition(counts[round % 16], cost);
  medianMicroseconds(bisect, 2000);
  const own = medianMicroseconds(bisect, 2000);
  const swept = medianMicroseconds((round) => partitioner.sweep(counts[round % 16], cost), 500);
  const tiles = { ...cost, weightBytes: 0, pimGroupNs: [0, 3000] };
  const exact = experts > 128 ? Number.NaN : medianMicroseconds(() => exactPlacement(tiles, counts[0]), 3);
  const program = Number.isNaN(exact) ? "" : `, dynamic program ${(exact / own).toFixed(0)}x`;
  line(`  ${experts} experts: ${own.toFixed(1)} us; full sweep ${(swept / own).toFixed(1)}x${program}`);
}

line("a decode step of 64 sequences, all layers, 8 GPUs (targets: 1 ms closed form, 200 ms command by command)");
for (const id of ["qwen3.5-397b-a17b", "gpt-oss-120b", "qwen3-30b-a3b"]) {
  const model = modelNamed(id);
  const hardware = hardwareNamed("b200");
  const routing = new DrawnRouting(model, 1);
  const load = { sequences: 64, contextTokens: 65_536, prefillTokens: 0, prefillContext: 0 };
  const options = { model, hardware, policy: policyNamed("sieve"), routing };
  const closed = new StepSimulator(options);
  cpuMicroseconds(() => closed.step(load), 200);
  const plain = cpuMicroseconds(() => closed.step(load), 300);
  const first = cpuMicroseconds(() => new StepSimulator({ ...options, commandLevel: true }).step(load));
  const again = new StepSimulator({ ...options, commandLevel: true });
  again.step(load);
  const warm = cpuMicroseconds(() => again.step(load), 100);
  const shift = again.step(load).stepNs / closed.step(load).stepNs - 1;
  line(
    `  ${id} (${model.layers} layers): closed form ${(plain / 1000).toFixed(2)} ms; by commands ${(first / 1000).toFixed(0)} ms the first time, ${(warm / 1000).toFixed(2)} ms then; the step differs by ${(shift * 100).toFixed(2)} %`,
  );
}

line("commands of PIM, one channel of 96, Qwen3.5 tokens");
const pim = expertOnPim(modelNamed("qwen3.5-397b-a17b"), hardwareNamed("h200"));
const requests = gemvStream({ shape: pim.shapes.gateUp, channels: 1, tokens: 300 });
const spec = pimSpec(pim.timing, 1);
let run = runRequests(requests, { spec, refresh: true });
const engine = cpuMicroseconds(() => {
  run = runRequests(requests, { spec, refresh: true });
}, 3);
const formula = cpuMicroseconds(() => streamCycles(Array(300).fill(pim.shapes.gateUp), pim.timing), 2000);
line(
  `  ${((run.cycles / engine) * 1).toFixed(1)} M cycles and ${(requests.size / engine).toFixed(2)} M requests a second; ${((run.cycles + 1) / run.events).toFixed(1)} cycles for each tick that is run; closed form ${(engine / formula).toFixed(0)}x as fast`,
);
const tokens = new PimTokenTimes(pim.shapes, pim.timing, true);
line(`  1,000 tokens of an expert: ${(cpuMicroseconds(() => tokens.cycles(1000)) / 1000).toFixed(0)} ms`);

line(
  "an hour of requests like the Azure conversation trace (19,366; prompts of 1,155, outputs of 211 tokens on average), 2 x h200",
);
const random = new Xorshift32(7);
const rows = ["ms_since_first_request,context_tokens,generated_tokens"];
for (let request = 0, at = 0; request < 19_366; request++) {
  at += -Math.log(random.uniform()) * (3_600_000 / 19_366);
  const prompt = Math.min(7000, Math.max(1, Math.round(500 * Math.exp(1.29 * random.normal()))));
  const output = Math.min(2000, Math.max(1, Math.round(129 * Math.exp(random.normal()))));
  rows.push(`${at.toFixed(1)},${prompt},${output}`);
}
const trace = readRequests(
  process.argv[2] === undefined ? rows.join("\n") : (await import("node:fs")).readFileSync(process.argv[2], "utf8"),
);
const model = modelNamed("qwen3-30b-a3b");
const routing = new DrawnRouting(model, 1);
for (const policy of ["gpu-only", "sieve"]) {
  const simulator = new StepSimulator({
    model,
    hardware: hardwareNamed("h200", { gpus: 2 }),
    policy: policyNamed(policy),
    routing,
  });
  let report;
  const time = cpuMicroseconds(() => {
    report = serve(simulator, trace);
  });
  line(
    `  ${policy}: ${(time / 1e6).toFixed(1)} s for ${report.steps} steps; ${(report.simulatedNs / 1000 / time).toFixed(0)} simulated seconds a second (target: 60)`,
  );
}

line("modelled (not measured): throughput of the scheduler over other policies, 8 x b200, 1,024 prompt tokens");
for (const id of ["qwen3.5-397b-a17b", "gpt-oss-120b", "qwen3-30b-a3b"]) {
  const model = modelNamed(id);
  const routing = new DrawnRouting(model, 1);
  for (const contention of ["disjoint", "exclusive"]) {
    const cells = [16, 64, 256, 1024].map((batch) => {
      const of = (policy) => {
        const hardware = hardwareNamed("b200", { contention });
        const simulator = new StepSimulator({ model, hardware, policy: policyNamed(policy), routing });
        return runBatch(simulator, { batch, sampledSteps: 1, tokenBudget: 1 }).throughput;
      };
      const own = of("sieve");
      const fixed = Math.max(...["gpu-only", "gemv-static", "static-2", "static-4", "static-8"].map(of));
      return `batch ${batch}: ${(own / of("gpu-only")).toFixed(2)}x gpu-only, ${(own / fixed).toFixed(2)}x best threshold, oracle ${((of("oracle") / own - 1) * 100).toFixed(2)} % above`;
    });
    line(`  ${id}, ${contention}`);
    for (const cell of cells) line(`    ${cell}`);
  }
}
