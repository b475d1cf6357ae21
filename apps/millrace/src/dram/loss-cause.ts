/** Why a data bus did not move data: names for people, and shares of the peak. */
import type { BandwidthLosses, DramChannelSummary } from "@millrace/sim-core";

/** One of the causes. */
export type LossCause = Exclude<keyof BandwidthLosses, "data">;

/** The causes, in the order they are drawn in. */
export const lossCauses: readonly LossCause[] = [
  "rowConflict",
  "rowOpening",
  "refresh",
  "turnaround",
  "activationWindow",
  "bus",
  "headOfLine",
  "idle",
];

/** What a cause is called in tables, and what it means. */
export const lossWords: Readonly<Record<LossCause, { readonly name: string; readonly meaning: string }>> = {
  rowConflict: { name: "row conflicts", meaning: "another row of the bank was open: close it, open the right one" },
  rowOpening: { name: "row openings", meaning: "the bank was closed: open the row" },
  refresh: { name: "refresh", meaning: "a refresh was due or under way" },
  turnaround: { name: "turnaround", meaning: "the bus changes between reads and writes" },
  activationWindow: { name: "activation window", meaning: "only so many rows may be opened in a stretch of time" },
  bus: { name: "bus", meaning: "accesses keep a distance: bank groups, ranks, command slots" },
  headOfLine: { name: "head of line", meaning: "a command that may not be issued stands first" },
  idle: { name: "no requests", meaning: "nothing waits in the channel" },
};

/** Shares of the peak: `data` was moved, the others were lost. They add up to 1, or to 0 where no time passed. */
export type LossShares = Readonly<Record<keyof BandwidthLosses, number>>;

/** The shares of channels together. */
export function lossShares(
  channels: readonly Pick<DramChannelSummary, "losses" | "dataBuses" | "ticks">[],
): LossShares {
  const whole = channels.reduce((sum, { dataBuses, ticks }) => sum + dataBuses * ticks, 0);
  const share = (cause: keyof BandwidthLosses): number =>
    whole === 0 ? 0 : channels.reduce((sum, { losses }) => sum + losses[cause], 0) / whole;
  const shares = lossCauses.map((cause): [LossCause, number] => [cause, share(cause)]);
  return { data: share("data"), ...(Object.fromEntries(shares) as Record<LossCause, number>) };
}
