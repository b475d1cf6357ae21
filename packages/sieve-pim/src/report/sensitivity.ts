/** How far a headline ratio moves when one assumption at a time does: what a claim rests on. */
import type { Hardware } from "../hardware/hardware.ts";
import type { MoeModel } from "../model/moe-model.ts";
import { policyNamed } from "../policy/policies.ts";
import { popularityOf } from "../routing/log-normal.ts";
import { DrawnRouting, type RoutingSource } from "../simulate/routing-source.ts";
import { runBatch } from "../simulate/run-batch.ts";
import { StepSimulator } from "../simulate/step-simulator.ts";

/** One assumption, moved to either side. */
export interface SensitivityRow {
  readonly assumption: string;
  readonly low: { readonly setting: string; readonly ratio: number };
  readonly high: { readonly setting: string; readonly ratio: number };
}

/** The ratio as it is, and with each assumption moved, those that move it most first. */
export interface Sensitivity {
  readonly ratio: number;
  readonly rows: readonly SensitivityRow[];
}

/** What is looked at: throughput of the scheduler over that of the best of `baselines`. */
export interface SensitivityOptions {
  readonly model: MoeModel;
  readonly hardware: Hardware;
  readonly baselines: readonly string[];
  readonly batch: number;
  readonly seed: number;
  /** Told before each assumption. */
  readonly begin?: (assumption: string) => void;
}

interface Setting {
  readonly name: string;
  readonly hardware: (base: Hardware) => Hardware;
  readonly spread?: number;
}

const pim = (name: string, change: Partial<Hardware["pim"]>): Setting => ({
  name,
  hardware: (base) => ({ ...base, pim: { ...base.pim, ...change } }),
});
const gpu = (name: string, change: (gpu: Hardware["gpu"]) => Partial<Hardware["gpu"]>): Setting => ({
  name,
  hardware: (base) => ({ ...base, gpu: { ...base.gpu, ...change(base.gpu) } }),
});
const plain = (name: string, change: Partial<Hardware>): Setting => ({
  name,
  hardware: (base) => ({ ...base, ...change }),
});

/** The assumptions, each with a low and a high setting; the settings in use lie between or on one side. */
function assumptionsOf(base: Hardware): { readonly name: string; readonly low: Setting; readonly high: Setting }[] {
  const { stacks } = base.pim;
  const half = Math.max(1, Math.floor(stacks / 2));
  const row = (name: string, low: Setting, high: Setting) => ({ name, low, high });
  return [
    row(
      "PIM stacks for each GPU",
      pim(String(half), { stacks: half }),
      pim(String(2 * stacks), { stacks: 2 * stacks }),
    ),
    row("limit on PIM power", pim("limited", { timing: "HBM3_5.2Gbps" }), pim("none", { timing: "HBM3_5.2Gbps_NPC" })),
    row("accumulators of a MAC unit", pim("1", { accumulators: 1 }), pim("4", { accumulators: 4 })),
    row("input vector kept for a token", pim("no", { vectorReuse: false }), pim("yes", { vectorReuse: true })),
    row("writes beside MACs", pim("no", { overlapWrites: false }), pim("yes", { overlapWrites: true })),
    row("start of PIM work", pim("5 us", { fixedNs: 5000 }), pim("0.5 us", { fixedNs: 500 })),
    row(
      "GPU and PIM",
      plain("exclusive", { contention: "exclusive" }),
      plain("stacks of their own", { contention: "disjoint" }),
    ),
    row(
      "link to attached PIM",
      plain("64 GB/s", { link: { bytesPerNs: 64, latencyNs: 1000 } }),
      plain("1200 GB/s", { link: { bytesPerNs: 1200, latencyNs: 250 } }),
    ),
    row("GPU kernel", plain("roofline", { gpuModel: "roofline" }), plain("measured", { gpuModel: "table" })),
    row(
      "bandwidth of GPU memory",
      gpu("x 1.5", ({ memoryBytesPerNs }) => ({ memoryBytesPerNs: 1.5 * memoryBytesPerNs })),
      gpu("x 0.75", ({ memoryBytesPerNs }) => ({ memoryBytesPerNs: 0.75 * memoryBytesPerNs })),
    ),
    row(
      "bandwidth of links",
      gpu("x 0.5", ({ linkBytesPerNs }) => ({ linkBytesPerNs: 0.5 * linkBytesPerNs })),
      gpu("x 2", ({ linkBytesPerNs }) => ({ linkBytesPerNs: 2 * linkBytesPerNs })),
    ),
    row(
      "decision",
      plain("10 us, exposed", { decisionNs: 10_000, decisionHidden: false }),
      plain("free", { decisionNs: 0 }),
    ),
    row("skew of the routing", { ...plain("spread 0.5", {}), spread: 0.5 }, { ...plain("spread 2", {}), spread: 2 }),
  ];
}

/** Moves each assumption to either side, the others as they are. */
export function sensitivity(options: SensitivityOptions): Sensitivity {
  const { model, hardware, seed, begin } = options;
  const routing = new DrawnRouting(model, seed);
  const { deadFraction } = popularityOf(model);
  const under = ({ hardware: change, spread }: Setting): number => {
    const drawn = spread === undefined ? routing : new DrawnRouting(model, seed, { spread, deadFraction });
    return ratioOf(options, change(hardware), drawn);
  };
  const ratio = ratioOf(options, hardware, routing);
  const rows = assumptionsOf(hardware).map(({ name, low, high }) => {
    begin?.(name);
    return {
      assumption: name,
      low: { setting: low.name, ratio: under(low) },
      high: { setting: high.name, ratio: under(high) },
    };
  });
  const width = ({ low, high }: SensitivityRow): number =>
    Math.max(low.ratio, high.ratio, ratio) - Math.min(low.ratio, high.ratio, ratio);
  return { ratio, rows: rows.sort((a, b) => width(b) - width(a)) };
}

function ratioOf({ model, baselines, batch }: SensitivityOptions, hardware: Hardware, routing: RoutingSource): number {
  const throughput = (name: string): number => {
    const simulator = new StepSimulator({ model, hardware, policy: policyNamed(name), routing });
    return runBatch(simulator, { batch, sampledSteps: 1, tokenBudget: 1 }).throughput;
  };
  return throughput("sieve") / Math.max(...baselines.map(throughput));
}
