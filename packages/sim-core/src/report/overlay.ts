/** What a run did, keyed by the ids of a graph, to be laid over a drawing of that graph. */
import type { SimulationReport } from "./report.ts";

/** Where the time of a node went, in cycles. */
export type NodeTimes = Readonly<Record<"busy" | "starved" | "blocked", number>>;

/** What travelled in a channel, in tokens. */
export interface ChannelTraffic {
  readonly tokens: number;
  /** Most that were in it at once. */
  readonly highWater: number;
  /** What it holds; absent where it is unbounded. */
  readonly capacity?: number;
}

/** The times of nodes and the traffic of channels, each by its id; both empty without a report. */
export interface RunOverlay {
  readonly times: ReadonlyMap<string, NodeTimes>;
  readonly traffic: ReadonlyMap<string, ChannelTraffic>;
}

/**
 * The overlay of a report.
 *
 * @example
 * runOverlay(null).times.size // => 0
 */
export function runOverlay(report: SimulationReport | null): RunOverlay {
  const { nodes = [], channels = [] } = report ?? {};
  return {
    times: new Map(nodes.map(({ id, busy, starved, blocked }) => [id, { busy, starved, blocked }])),
    traffic: new Map(
      channels.map(({ id, tokens, highWater, capacity }) => [
        id,
        { tokens, highWater, ...(capacity !== null && { capacity }) },
      ]),
    ),
  };
}
