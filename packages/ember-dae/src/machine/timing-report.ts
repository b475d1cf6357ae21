/** What timing an operation on a machine gives; plain values. */
import type { Power } from "./machine.ts";

/** Lines that one stream of the access unit asked for. */
export interface StreamReport {
  /** Name of the memory, such as `table`. */
  readonly memory: string;
  readonly lines: number;
  /** Found in the second cache, which only streams that are hinted to it are looked up in. */
  readonly secondHits: number;
  readonly lastHits: number;
}

/** Time, traffic and energy of one run. */
export interface TimingReport {
  readonly machine: string;
  readonly kind: "dae" | "core" | "gpu";
  /** Of the machine's own clock. */
  readonly cycles: number;
  readonly nanoseconds: number;
  readonly lookups: number;
  readonly lookupsPerSecond: number;
  /** Through the queue; 0 on machines without one. */
  readonly tokens: number;
  readonly scalars: number;
  readonly vectors: number;
  /** Of data and tokens in the queue. */
  readonly bytes: number;
  /** To or from memory, beyond all caches. */
  readonly memoryBytes: number;
  /** Which part of the memory's peak was used; `null` where the peak is not known. */
  readonly memoryUtilization: number | null;
  /** Cycles lost, by cause. Causes overlap on a decoupled machine, as its units wait at the same time. */
  readonly stalls: Readonly<Record<string, number>>;
  /** Mean number of full parts of the queue in equal stretches of the run; empty on machines without one. */
  readonly queueOccupancy: readonly number[];
  /** What the time is due to: `core`, `access`, or the part of a model that is largest. */
  readonly bound: string;
  /** `null` where the machine's power is not known. */
  readonly energyPicojoules: number | null;
  /** Streams of the access unit; empty on other machines. */
  readonly streams: readonly StreamReport[];
}

/** Power times time, and what memory traffic takes on top; a machine of 0 watts is one whose power is not known. */
export function energyOf(
  { watts, memoryPicojoulesPerByte }: Power,
  nanoseconds: number,
  memoryBytes: number,
): number | null {
  return watts === 0 ? null : 1000 * watts * nanoseconds + memoryPicojoulesPerByte * memoryBytes;
}

/** Lookups in a second. */
export function perSecond(lookups: number, nanoseconds: number): number {
  return nanoseconds === 0 ? 0 : (lookups / nanoseconds) * 1e9;
}
