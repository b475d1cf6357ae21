import { describe, expect, it } from "vitest";
import {
  balancedMap,
  DrawnRouting,
  hardwareNamed,
  isoRatios,
  type MoeModel,
  modelNamed,
  paretoFrontier,
  policyNamed,
  ReplayedRouting,
  type RequestTrace,
  readRequests,
  readRoutingTrace,
  runBatch,
  StepSimulator,
  serve,
} from "../../src/index.ts";
import { caught } from "../support/caught.ts";
import { recordedText } from "../support/recorded.ts";

// Routing is shared, so that it is drawn once.
const qwen = modelNamed("qwen3-30b-a3b");
const drawn = new DrawnRouting(qwen, 1);

function simulator(policy = "sieve", model: MoeModel = qwen, gpus = 2): StepSimulator {
  const hardware = hardwareNamed("h200", { gpus });
  return new StepSimulator({ model, hardware, policy: policyNamed(policy), routing: drawn });
}

function requests(rows: readonly (readonly [ms: number, prompt: number, output: number])[]): RequestTrace {
  const header = "ms_since_first_request,context_tokens,generated_tokens";
  return readRequests([header, ...rows.map((row) => row.join(","))].join("\n"));
}

describe("a served trace", () => {
  it("of one request takes its prompt in chunks and then one step for each further token", () => {
    const report = serve(simulator(), requests([[0, 5000, 10]]));
    expect(report.steps).toBe(3 + 9);
    expect(report.requests).toBe(1);
    expect(report.ttft.meanMs + 9 * report.tpot.meanMs).toBeCloseTo(report.simulatedNs / 1e6, 6);
    expect(report.throughput).toBeCloseTo(10 / (report.simulatedNs / 1e9) / 2, 6);
  });

  it("gives every output token exactly once, and waits while there is nothing to do", () => {
    const rows = Array.from({ length: 60 }, (_, at) => [at * 20_000, 100 + at, 1 + (at % 7)] as const);
    const report = serve(simulator(), requests(rows));
    const tokens = rows.reduce((sum, [, , output]) => sum + output, 0);
    expect(report.requests).toBe(60);
    expect(report.simulatedNs).toBeGreaterThan(59 * 20_000 * 1e6);
    expect(Math.round(report.throughput * 2 * (report.simulatedNs / 1e9))).toBe(tokens);
    expect(report.steps).toBe(tokens);
    expect(report.utilization.gpu).toBeLessThan(0.01);
  });

  it("admits no more than fit, and is no faster for it", () => {
    const rows = Array.from({ length: 200 }, (_, at) => [0, 800, 40 + (at % 11)] as const);
    const free = serve(simulator(), requests(rows));
    const tight = serve(simulator(), requests(rows), { maximumSequences: 8 });
    expect(tight.mostSequences).toBe(8);
    expect(free.mostSequences).toBe(200);
    expect(tight.throughput).toBeLessThan(free.throughput);
    expect(tight.interactivity).toBeGreaterThan(free.interactivity);
  });

  it("of real requests is the same twice, and ordered by policy", () => {
    const trace = readRequests(recordedText("azure-conv-2000.csv"));
    const text = (policy: string): string => JSON.stringify(serve(simulator(policy, undefined, 1), trace));
    expect(text("sieve")).toBe(text("sieve"));
    const mean = (policy: string): number => serve(simulator(policy, undefined, 1), trace).tpot.meanMs;
    expect(mean("sieve")).toBeLessThan(mean("gpu-only"));
  });

  it("that cannot be served is refused with what would fit", () => {
    const long = caught(() => serve(simulator(), requests([[0, 50_000, 1]])));
    expect(long.message).toBe("request 1 has 50001 tokens, 9041 more than the 40960 positions of qwen3-30b-a3b");
    const huge: MoeModel = { ...modelNamed("qwen3-30b-a3b"), maximumPosition: 1e7 };
    const large = caught(() => serve(simulator("sieve", huge), requests([[0, 5_000_000, 1]])));
    expect(large.code).toBe("capacity");
    expect(large.place.hint).toMatch(/^requests of up to \d+ tokens fit$/);
    const fits = Number(/\d+/.exec(large.place.hint!)![0]);
    expect(() => serve(simulator("gpu-only", huge), requests([[0, fits - 1, 1]]))).not.toThrow();
    expect(caught(() => serve(simulator("sieve", huge), requests([[0, fits, 1]]))).code).toBe("capacity");
    expect(caught(() => serve(simulator(), requests([[0, 1, 1]]), { tokenBudget: 0 })).code).toBe("options");
  });
});

describe("a batch", () => {
  it("is refused if it does not fit, with the largest that does", () => {
    const error = caught(() => runBatch(simulator(), { batch: 100_000 }));
    const most = Number(/^a batch of (\d+) fits$/.exec(error.place.hint!)![1]);
    expect(() => runBatch(simulator(), { batch: most, sampledSteps: 1 })).not.toThrow();
    expect(caught(() => runBatch(simulator(), { batch: most + 1 })).code).toBe("capacity");
  });

  it("has throughput and interactivity that go together", () => {
    const report = runBatch(simulator(), { batch: 32 });
    expect(report.throughput).toBeCloseTo((report.interactivity * 32) / 2, 6);
    expect(report.energy).toBeGreaterThan(0);
    const { gpuMemoryJoules, pimMemoryJoules, linkJoules, computeJoules, joules } = report.energyParts;
    expect(gpuMemoryJoules + pimMemoryJoules + linkJoules + computeJoules).toBeCloseTo(joules, 9);
  });

  it("is faster with copies of busy experts where one GPU has most of the work", () => {
    const model = modelNamed("qwen3.5-397b-a17b");
    const run = (replicas: number): number => {
      const hardware = hardwareNamed("b200");
      const routing = new DrawnRouting(model, 2);
      const step = new StepSimulator({ model, hardware, policy: policyNamed("gpu-only"), routing, replicas });
      return runBatch(step, { batch: 512, sampledSteps: 1 }).tpot.meanMs;
    };
    expect(run(4)).toBeLessThan(run(0));
    expect(caught(() => run(500)).code).toBe("capacity");
    const tooMany = caught(() => balancedMap(new Float64Array(8).fill(1 / 8), 4, 7));
    expect(tooMany.message).toBe(
      "7 copies more on each of 4 GPUs make 9 experts for each, but there are 8: 1 too many",
    );
  });

  it("runs on replayed routing of the right shape only", () => {
    const model = modelNamed("mixtral-8x7b");
    const trace = readRoutingTrace({
      numExperts: 8,
      topK: 2,
      topkIds: [
        [0, 1],
        [2, 3],
        [4, 7],
      ],
    });
    const routing = new ReplayedRouting(model, trace);
    expect(routing.counts(0, 0, 3).reduce((sum, each) => sum + each, 0)).toBe(6);
    expect([...routing.shares()].reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 12);
    expect(caught(() => new ReplayedRouting(modelNamed("gpt-oss-120b"), trace)).code).toBe("trace");
  });
});

describe("frontiers", () => {
  it("keep what nothing beats", () => {
    const points = [
      { interactivity: 10, throughput: 100 },
      { interactivity: 20, throughput: 80 },
      { interactivity: 15, throughput: 70 },
      { interactivity: 30, throughput: 10 },
    ];
    expect(paretoFrontier(points).map(({ interactivity }) => interactivity)).toEqual([10, 20, 30]);
  });

  it("that differ by a factor are that factor apart, in either direction", () => {
    const line = (x: number, y: number) =>
      [1, 2, 4, 8].map((at) => ({ interactivity: (x * 100) / at, throughput: y * 100 * at ** 0.5 }));
    const { throughputAtEqualInteractivity, interactivityAtEqualThroughput } = isoRatios(line(1, 1.3), line(1, 1));
    expect(throughputAtEqualInteractivity).toBeCloseTo(1.3, 9);
    expect(interactivityAtEqualThroughput).toBeCloseTo(1.3 ** 2, 9);
    expect(isoRatios(line(1, 1), line(100, 1)).throughputAtEqualInteractivity).toBe(null);
  });
});
