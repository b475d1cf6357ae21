import type { DramChannelSummary } from "../dram/report/channel-summary.ts";

/** Traffic of one port of a memory. */
export interface PortReport {
  readonly id: string;
  readonly access: "read" | "write";
  readonly requests: number;
  readonly bytes: number;
  /** Cycles from the arrival of a request to its answer, summed over the requests. */
  readonly latencyCycles: number;
  /** The part of `latencyCycles` above what the same requests would take on a memory without other traffic. */
  readonly queuedCycles: number;
}

/** Traffic of one memory. */
export interface MemoryReport {
  readonly id: string;
  /** Name of the timing model. */
  readonly model: string;
  readonly requests: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
  /** Bursts that found their row open; `null` for models without rows. */
  readonly rowHits: number | null;
  /** In the order in which the model visits them. */
  readonly ports: readonly PortReport[];
  /** Figures of each channel; absent for models without channels of commands. */
  readonly channels?: readonly DramChannelSummary[];
}
