/** An expert on PIM: the gate and up products of a token, and the down product, spread over all channels of a GPU's PIM. */
import { type Hardware, pimChannels } from "../hardware/hardware.ts";
import type { MoeModel } from "../model/moe-model.ts";
import { type GemvShape, gemvBusCycles, gemvCommands, gemvCycles, streamCycles } from "../pim/closed-form.ts";
import { type PimTiming, timingNamed } from "../pim/timing.ts";
import { PimTokenTimes } from "../pim/token-times.ts";

/** The two products of an expert, as seen by one channel. */
export interface ExpertShapes {
  readonly gateUp: GemvShape;
  readonly down: GemvShape;
}

/** Bytes of a weight of `model` as the MAC units of `hardware` read it: packed formats are unpacked to whole bytes. */
export function pimWeightBytes(model: MoeModel, hardware: Hardware): number {
  return model.expertWeights === "bf16" ? hardware.pim.bytesPerWeight : Math.min(1, hardware.pim.bytesPerWeight);
}

/**
 * The products of an expert of `model`, whose rows are spread over `channels` channels.
 *
 * @example
 * ```ts
 * expertShapes(modelNamed("qwen3-30b-a3b"), 96, 2).gateUp.rowsPerChannel; // => 16
 * ```
 */
export function expertShapes(model: MoeModel, channels: number, bytes: number): ExpertShapes {
  const { hidden, expertIntermediate } = model;
  return {
    gateUp: { rowsPerChannel: Math.ceil((2 * expertIntermediate) / channels), columns: hidden, bytes },
    down: { rowsPerChannel: Math.ceil(hidden / channels), columns: expertIntermediate, bytes },
  };
}

/** What an expert costs on PIM. */
export interface ExpertOnPim {
  readonly shapes: ExpertShapes;
  readonly timing: PimTiming;
  /** [g]: cycles for g tokens that share one reading of the weights, refreshing aside. */
  readonly groupCycles: readonly number[];
  /** [g]: the same in ns, refreshing included if the hardware counts it. */
  readonly groupNs: readonly number[];
  /** Share of the time in which vectors and results move over the bus of a channel. */
  readonly busShare: number;
  /** Share of one token's time that the input vector takes, the part that keeping it would save. */
  readonly writeShare: number;
  /** MACs of one token in one channel. */
  readonly macs: number;
  /** Rows opened for one token in one channel. */
  readonly rows: number;
}

/** Costs of the experts of `model` on the PIM of one GPU. */
export function expertOnPim(model: MoeModel, hardware: Hardware): ExpertOnPim {
  const { pim } = hardware;
  const timing = timingNamed(pim.timing);
  const shapes = expertShapes(model, pimChannels(hardware), pimWeightBytes(model, hardware));
  const { gateUp, down } = shapes;
  const { overlapWrites } = pim;
  // A token's vector is written for the first of its experts on this GPU; the others find it there.
  const firstOf = Math.max(1, model.topK / hardware.gpus);
  const gateUpCycles = (vectors: number): number => {
    const writing = gemvCycles(gateUp, timing, { vectors, overlapWrites });
    if (!pim.vectorReuse) return writing;
    const kept = gemvCycles(gateUp, timing, { vectors, written: true, overlapWrites });
    return (writing + (firstOf - 1) * Math.min(kept, writing)) / firstOf;
  };
  const groupCycles = [0];
  for (let vectors = 1; vectors <= pim.accumulators; vectors++) {
    const together = gateUpCycles(vectors) + gemvCycles(down, timing, { vectors, overlapWrites });
    // Where rows are few, one token after the other may be as fast.
    groupCycles.push(Math.min(together, vectors * (groupCycles[1] ?? together)));
  }
  const stretch = (timing.tCKps / 1000) * (pim.refresh ? refreshShare(shapes, timing) : 1);
  const single = groupCycles[1]!;
  const bus = gemvBusCycles(gateUp, timing) + gemvBusCycles(down, timing);
  const up = gemvCommands(gateUp);
  const back = gemvCommands(down);
  return {
    shapes,
    timing,
    groupCycles,
    groupNs: groupCycles.map((cycles) => cycles * stretch),
    busShare: Math.min(1, bus / single),
    writeShare: (timing.nBL * up.writes) / single,
    macs: up.macs + back.macs,
    rows: up.rows + back.rows,
  };
}

/** Refresh intervals over which the share of refreshing is found. */
const INTERVALS = 24;
const shares = new Map<string, number>();

/**
 * By how much refreshing stretches tokens of an expert, found by running their commands: where vectors take longer to
 * write than rows to multiply, most of a refresh passes behind the writes.
 */
function refreshShare(shapes: ExpertShapes, timing: PimTiming): number {
  const key = JSON.stringify([shapes, timing]);
  const known = shares.get(key);
  if (known !== undefined) return known;
  const tokens = Math.ceil((INTERVALS * timing.nREFI) / streamCycles([shapes.gateUp, shapes.down], timing));
  const refreshed = new PimTokenTimes(shapes, timing, true).cycles(tokens);
  const share = refreshed / new PimTokenTimes(shapes, timing, false).cycles(tokens);
  shares.set(key, share);
  return share;
}
