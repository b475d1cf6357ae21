export { Channel, type ChannelOptions } from "./channel/channel.ts";
export type { ChannelObserver } from "./channel/channel-observer.ts";
export { AddressMap, type MappingName, mappingNames } from "./dram/address/address-map.ts";
export type { BankPlaces } from "./dram/device/bank-places.ts";
export { type DeviceState, DramDevice } from "./dram/device/dram-device.ts";
export type { DramChannel } from "./dram/engine/channel.ts";
export type { CommandObserver, IssuedCommand } from "./dram/engine/channel-door.ts";
export { type DramMemoryOptions, dramMemory, type TickRatio } from "./dram/memory/dram-memory.ts";
export { type DramQuirks, quirksOf } from "./dram/quirks.ts";
export { type BandwidthLosses, burstTicks, dataBuses } from "./dram/report/bandwidth-losses.ts";
export { BankTimeline, type BankTimelineOptions } from "./dram/report/bank-timeline.ts";
export { type DramChannelSummary, summarizeChannel } from "./dram/report/channel-summary.ts";
export {
  type ChipCurrents,
  type CommandEnergies,
  commandEnergies,
  type EnergyReport,
  type EnergyTicks,
  energyOf,
  energyTicks,
} from "./dram/report/energy.ts";
export { CommandLog, commandLogHeader } from "./dram/run/command-log.ts";
export { originalCounters } from "./dram/run/counters.ts";
export { type DramConfiguration, DramSystem } from "./dram/run/dram-system.ts";
export { type ClockRatio, LoadStoreFrontend } from "./dram/run/load-store.ts";
export { TimedFrontend, type TimedObserver } from "./dram/run/timed.ts";
export { changePart, type PartChanges } from "./dram/spec/change-part.ts";
export { densityMegabits, derivedTimings } from "./dram/spec/derived-timings.ts";
export {
  accessesPerRow,
  type DramCommand,
  type DramSpec,
  type Profile,
  type TimingConstraint,
  tickPicoseconds,
  transactionBytes,
  withChannels,
} from "./dram/spec/dram-spec.ts";
export { type AddedCommand, type AddedConstraint, extendSpec } from "./dram/spec/extend-spec.ts";
export { type Organisation, organisationsOf } from "./dram/spec/organisations.ts";
export { readSpec } from "./dram/spec/read-spec.ts";
export { type Deadlock, LARGEST_CAPACITY, type Wait } from "./engine/deadlock.ts";
export { Graph, type GraphOptions } from "./engine/graph.ts";
export { Node, type Progress } from "./engine/node.ts";
export { OrderedNode } from "./engine/ordered-node.ts";
export { type SimulateOptions, type SimulationMode, simulate } from "./engine/simulate.ts";
export { SimError, type SimErrorCode } from "./errors.ts";
export { type HbmBurstOptions, hbmBurst } from "./memory/hbm-burst.ts";
export { type IdealMemoryOptions, idealMemory } from "./memory/ideal.ts";
export type { Memory, MemoryModel, MemoryPort, PortOptions } from "./memory/memory.ts";
export { MemoryNode } from "./memory/memory-node.ts";
export type { MemoryObserver, ServedRequest } from "./memory/memory-observer.ts";
export type { MemoryReport, PortReport } from "./memory/memory-report.ts";
export {
  type ReferenceAnswer,
  type ReferenceChannel,
  type ReferenceNode,
  type ReferenceReport,
  type ReferenceStep,
  type ReferenceToken,
  referenceChannel,
  simulateReference,
} from "./reference/reference-engine.ts";
export { type ChannelTraffic, type NodeTimes, type RunOverlay, runOverlay } from "./report/overlay.ts";
export type { ChannelReport, NodeReport, SimulationReport } from "./report/report.ts";
export { SpanTimeline } from "./timeline/span-timeline.ts";
export { type TimelineOptions, TimelineRecorder } from "./timeline/timeline.ts";
