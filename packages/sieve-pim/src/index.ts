export { type MemoryPlan, memoryPlan, sequenceBytes } from "./device/capacity.ts";
export { DenseCost, type StepLoad } from "./device/dense-cost.ts";
export { type ExpertOnGpu, GpuKernel } from "./device/expert-on-gpu.ts";
export {
  type ExpertOnPim,
  type ExpertShapes,
  expertOnPim,
  expertShapes,
  pimWeightBytes,
} from "./device/expert-on-pim.ts";
export { balancedNs, fitKernel, type KernelFit, type MeasuredKernel } from "./device/kernel-fit.ts";
export {
  interpolate,
  type KernelSeries,
  KernelTable,
  kernelTable,
  type TokenDistribution,
} from "./device/kernel-table.ts";
export { type Arrivals, LayerCosts } from "./device/layer-costs.ts";
export {
  exchangeNs,
  generalLinkCost,
  type LinkCost,
  type LinkLine,
  linkCost,
  slotImbalance,
} from "./device/link-cost.ts";
export { SieveError, type SieveErrorCode, type SieveErrorPlace } from "./errors.ts";
export {
  type Contention,
  contentions,
  type DeviceLink,
  type GpuModel,
  type GpuSpec,
  type Hardware,
  type KernelEfficiency,
  type PimSpec,
  pimChannels,
  type Topology,
  topologyOf,
} from "./hardware/hardware.ts";
export { checkHardware, readHardware } from "./hardware/hardware-schema.ts";
export {
  assumptions,
  gpuNames,
  type HardwareChanges,
  hardwareNamed,
} from "./hardware/presets.ts";
export {
  attentionParameters,
  expertBytes,
  expertFlops,
  expertParameters,
  keyValueBytes,
  type ModelTotals,
  modelTotals,
  seenTokens,
  stateBytes,
} from "./model/accounting.ts";
export { readModel } from "./model/model-schema.ts";
export { modelNamed, models } from "./model/models.ts";
export {
  type Attention,
  attentionOf,
  type LatentAttention,
  type LinearAttention,
  type MoeModel,
  moeLayers,
  type SoftmaxAttention,
  type WeightFormat,
} from "./model/moe-model.ts";
export {
  type GemvCommands,
  type GemvOptions,
  type GemvShape,
  gemvBusCycles,
  gemvCommands,
  gemvCycles,
  refreshStretch,
  streamCycles,
} from "./pim/closed-form.ts";
export { type GemvStreamOptions, gemvStream } from "./pim/gemv-stream.ts";
export { type MixedLoad, type MixedRun, runMixed } from "./pim/mixed-traffic.ts";
export { PimChannel, type PimCommandObserver } from "./pim/pim-channel.ts";
export { PimRequests, requestKinds, requestNames } from "./pim/pim-requests.ts";
export { pimSpec } from "./pim/pim-spec.ts";
export { type PimRun, type PimRunOptions, runRequests } from "./pim/run-requests.ts";
export { type PimTiming, pimTimings, timingNamed } from "./pim/timing.ts";
export { PimTokenTimes } from "./pim/token-times.ts";
export { readPimTrace, writePimTrace } from "./pim/trace-text.ts";
export { type ExactPlacement, exactPlacement } from "./placement/exact.ts";
export { balancedMap, type ExpertMap, plainMap, spreadCounts } from "./placement/expert-map.ts";
export { lowerBoundNs } from "./placement/lower-bound.ts";
export {
  checkCost,
  expertPimNs,
  expertReadNs,
  gpuPathNs,
  type PartitionCost,
  type PlacementSums,
  pimPathNs,
  placementNs,
  placementSums,
  type TokenSplit,
  tileNs,
  type WaveRule,
} from "./placement/partition-cost.ts";
export { Partitioner, type Placement, placedBy } from "./placement/partitioner.ts";
export { type RefinedPlacement, refine, splitBoundary } from "./placement/refine.ts";
export { Residency } from "./placement/residency.ts";
export { baselineNames, policyNamed, policyNames } from "./policy/policies.ts";
export type { AttentionSide, PlacementProblem, Policy } from "./policy/policy.ts";
export {
  type ExplainedSchedule,
  explainLayer,
  type GpuPlacement,
  type LayerSchedule,
  type ScheduleOptions,
  scheduleLayer,
} from "./report/schedule-layer.ts";
export { type ServedBatch, searchSpace } from "./report/search-space.ts";
export { type Sensitivity, type SensitivityOptions, type SensitivityRow, sensitivity } from "./report/sensitivity.ts";
export { type BimodalOptions, bimodalCounts } from "./routing/bimodal.ts";
export { type LogNormalOptions, LogNormalRouter, type Popularity, popularityOf } from "./routing/log-normal.ts";
export { type PowerLawRoutingOptions, powerLawCounts } from "./routing/power-law.ts";
export { type RequestTrace, readRequests } from "./routing/request-trace.ts";
export { type RoutingTrace, readRoutingTrace, traceCounts } from "./routing/routing-trace.ts";
export { type RoutingStatistics, routingStatistics } from "./routing/statistics.ts";
export { checkCounts, parseCounts } from "./routing/token-counts.ts";
export { Xorshift32 } from "./routing/xorshift32.ts";
export { energyOf, energyTable, type StepEnergy } from "./simulate/energy.ts";
export { type ExpertLoad, ExpertPhase, type ExpertTimes } from "./simulate/expert-phase.ts";
export { type LayerGraphOptions, layerGraph, pipelineBoundsNs } from "./simulate/layer-graph.ts";
export { type IsoRatios, isoRatios, type OperatingPoint, paretoFrontier } from "./simulate/pareto.ts";
export { type Percentiles, percentiles } from "./simulate/percentiles.ts";
export { DrawnRouting, ReplayedRouting, type RoutingSource } from "./simulate/routing-source.ts";
export { type BatchOptions, runBatch } from "./simulate/run-batch.ts";
export { type ServeOptions, serve } from "./simulate/serve.ts";
export type { ServingReport } from "./simulate/serving-report.ts";
export { type SimulatorOptions, StepSimulator, type StepTimes } from "./simulate/step-simulator.ts";
export { runTasks, serialNs, TaskGraph, type TaskTimes } from "./simulate/task-graph.ts";
