export * from "./channel/channel.ts";
export type * from "./channel/channel-observer.ts";
export { type Deadlock, LARGEST_CAPACITY, type Wait } from "./engine/deadlock.ts";
export * from "./engine/graph.ts";
export * from "./engine/node.ts";
export * from "./engine/ordered-node.ts";
export * from "./engine/simulate.ts";
export * from "./errors.ts";
export type { ChannelReport, NodeReport, SimulationReport } from "./report/report.ts";
