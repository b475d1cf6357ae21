/**
 * Energy of a step.
 *
 * Per byte and operation as the energy tables of AttAcc's published simulator have it; static energy, prompts' writes and
 * the GPU's caches are not modelled and not in the sum.
 */
import type { StepTimes } from "./step-simulator.ts";

/** Picojoules. */
export const energyTable = {
  /** A byte from HBM into the GPU: cells, columns, TSVs, interposer. */
  gpuBytePicojoules: 28.7,
  /** A byte from a bank into the MAC unit beside it. */
  pimBytePicojoules: 4.4,
  /** A byte over a link between GPUs. */
  linkBytePicojoules: 10.4,
  /** A multiply-add. */
  macPicojoules: 0.32,
} as const;

/** Joules by where they go. */
export interface StepEnergy {
  readonly gpuMemoryJoules: number;
  readonly pimMemoryJoules: number;
  readonly linkJoules: number;
  readonly computeJoules: number;
  readonly joules: number;
}

/** Energy of what was read, sent and computed. */
export function energyOf(times: Pick<StepTimes, "gpuBytes" | "pimBytes" | "linkBytes" | "flops">): StepEnergy {
  const gpuMemoryJoules = times.gpuBytes * energyTable.gpuBytePicojoules * 1e-12;
  const pimMemoryJoules = times.pimBytes * energyTable.pimBytePicojoules * 1e-12;
  const linkJoules = times.linkBytes * energyTable.linkBytePicojoules * 1e-12;
  const computeJoules = (times.flops / 2) * energyTable.macPicojoules * 1e-12;
  return {
    gpuMemoryJoules,
    pimMemoryJoules,
    linkJoules,
    computeJoules,
    joules: gpuMemoryJoules + pimMemoryJoules + linkJoules + computeJoules,
  };
}
