/** What keeps a data bus from moving data. */

/** The causes, in the order they are told in. */
export const lossCauses = [
  "rowConflicts",
  "rowOpenings",
  "refresh",
  "turnaround",
  "activationWindow",
  "bus",
  "headOfLine",
  "noRequests",
] as const;

/** One of the causes. */
export type LossCause = (typeof lossCauses)[number];

/** What a cause is called in tables, and what it means. */
export const lossWords: Readonly<Record<LossCause, { readonly name: string; readonly meaning: string }>> = {
  rowConflicts: { name: "row conflicts", meaning: "another row of the bank was open: close it, open the right one" },
  rowOpenings: { name: "row openings", meaning: "the bank was closed: open the row" },
  refresh: { name: "refresh", meaning: "banks close, refresh, and open their rows again" },
  turnaround: { name: "turnaround", meaning: "the bus changes between reads and writes, or between ranks" },
  activationWindow: { name: "activation window", meaning: "only so many rows may be opened in a stretch of time" },
  bus: { name: "bus", meaning: "accesses in one bank group, or commands on one bus, keep a distance" },
  headOfLine: { name: "head of line", meaning: "requests wait in the channel, but none that this bus could serve" },
  noRequests: { name: "no requests", meaning: "nothing waits in the channel" },
};
