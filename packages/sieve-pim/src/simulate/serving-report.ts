import type { StepEnergy } from "./energy.ts";
import type { Percentiles } from "./percentiles.ts";
import type { StepTimes } from "./step-simulator.ts";

/** What one policy reached. */
export interface ServingReport {
  readonly policy: string;
  /** Output tokens per second and GPU. */
  readonly throughput: number;
  /** Output tokens per second and user: 1 / mean time per output token. */
  readonly interactivity: number;
  /** From the arrival of a request to its first token. */
  readonly ttft: Percentiles;
  /** Between its further tokens. */
  readonly tpot: Percentiles;
  /** Shares of the time that GPUs, their PIM and their links are busy. */
  readonly utilization: { readonly gpu: number; readonly pim: number; readonly link: number };
  /** Joules per output token. */
  readonly energy: number;
  readonly energyParts: StepEnergy;
  /** Requests that were served, steps that it took, and the simulated time. */
  readonly requests: number;
  readonly steps: number;
  readonly simulatedNs: number;
  /** Sums over all steps. */
  readonly times: StepTimes;
  /** Most sequences at once, and the largest share of the room for keys and values that was taken. */
  readonly mostSequences: number;
  readonly keyValueShare: number;
}
