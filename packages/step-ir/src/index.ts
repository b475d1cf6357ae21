export { type Accounting, type AnalyzeOptions, analyze, type Metrics, type NodeMetrics } from "./analysis/analyze.ts";
export { type Design, paretoFrontier, paretoImprovementDistance } from "./analysis/pareto.ts";
export { StepError, type StepErrorCode, type StepErrorPlace } from "./errors.ts";
export { type AttentionPoint, attentionExperiment, attentionOptions } from "./experiments/attention-experiment.ts";
export type { ExperimentResult, MachineChoice, Settings } from "./experiments/experiment.ts";
export { type LayerPoint, layerExperiment } from "./experiments/layer-experiment.ts";
export { type MoeBytes, type MoeBytesOptions, moeBytes } from "./experiments/moe-bytes.ts";
export {
  type FlopsRule,
  type MoePoint,
  moeBandwidth,
  moeExperiment,
  moeFlops,
  rowsOf,
} from "./experiments/moe-experiment.ts";
export {
  attentionSearchSpace,
  moeSearchSpace,
} from "./experiments/search-space.ts";
export {
  add,
  ceilDivide,
  constant,
  floorDivide,
  maximum,
  multiply,
  positive,
  subtract,
  sumOverGroups,
  symbol,
} from "./extent/arithmetic.ts";
export { boundsOf, type Interval } from "./extent/bounds.ts";
export type { Atom, Extent, ExtentLike, Term } from "./extent/extent.ts";
export { type Bindings, evaluate, substitute, symbolsOf } from "./extent/substitute.ts";
export type { AccumFunction, FlatMapFunction, MapFunction, TileSize } from "./functions/function.ts";
export { accumFunctions, flatMapFunctions, mapFunctions } from "./functions/registry.ts";
export { fillSources, type GivenSources, type NestedNumbers } from "./interpret/fill-sources.ts";
export { type Inputs, interpret, type Results } from "./interpret/interpret.ts";
export type { Measured } from "./interpret/measure.ts";
export type { Await, Awaited, Process, TensorContents, Wires } from "./interpret/process.ts";
export { output } from "./ops/boundary/output.ts";
export { closeFeedback, placeholder } from "./ops/boundary/placeholder.ts";
export { source } from "./ops/boundary/source.ts";
export { bufferize } from "./ops/buffer/bufferize.ts";
export { type StreamifyOptions, streamify, streamifyPer } from "./ops/buffer/streamify.ts";
export { type AccumOptions, accum, accum2 } from "./ops/compute/accum.ts";
export type { ComputeOptions } from "./ops/compute/arguments.ts";
export { flatMap } from "./ops/compute/flat-map.ts";
export { type MapOptions, map, map2 } from "./ops/compute/map.ts";
export { scan } from "./ops/compute/scan.ts";
export { cacheAddresses } from "./ops/generate/cache-addresses.ts";
export { expertAddresses } from "./ops/generate/expert-addresses.ts";
export { lastTile } from "./ops/generate/last-tile.ts";
export { type LinearLoadOptions, linearLoad, linearLoadPer } from "./ops/memory/linear-load.ts";
export { linearStore } from "./ops/memory/linear-store.ts";
export { randomLoad } from "./ops/memory/random-load.ts";
export { randomStore } from "./ops/memory/random-store.ts";
export type { TileShape } from "./ops/memory/traffic.ts";
export { operators } from "./ops/registry.ts";
export { broadcast } from "./ops/routing/broadcast.ts";
export { choose } from "./ops/routing/choose.ts";
export { eagerMerge } from "./ops/routing/eager-merge.ts";
export { parallelize } from "./ops/routing/parallelize.ts";
export { partition } from "./ops/routing/partition.ts";
export { reassemble } from "./ops/routing/reassemble.ts";
export { expand } from "./ops/shape/expand.ts";
export { flatten } from "./ops/shape/flatten.ts";
export { promote } from "./ops/shape/promote.ts";
export { repeat } from "./ops/shape/repeat.ts";
export { reshape } from "./ops/shape/reshape.ts";
export { zip } from "./ops/shape/zip.ts";
export type { Pass, PassOption, PassRemark, PassResult, PassSettings } from "./passes/pass.ts";
export { applyPass, passes } from "./passes/registry.ts";
export type {
  AttributeKind,
  AttributeReader,
  AttributeSpec,
  Attributes,
  AttributeValue,
  OwnFunction,
} from "./program/attributes.ts";
export type { NodeName } from "./program/build.ts";
export { insertBroadcasts } from "./program/insert-broadcasts.ts";
export type { NodeContext, Operator, StreamType, TensorType, TypedNode } from "./program/operator.ts";
export { type NodeOptions, nameOf, Program, type ProgramNode, Stream } from "./program/program.ts";
export type { MachineOptions } from "./simulate/machine.ts";
export type { Quirks } from "./simulate/quirks.ts";
export { type SimulateProgramOptions, simulateProgram, type TimedResults } from "./simulate/simulate-program.ts";
export { measuredValue } from "./simulate/stream-count.ts";
export { type Dimension, isRagged, printDimension, ragged, regular, staticExtent } from "./stream/dimension.ts";
export {
  acknowledgementType,
  addressType,
  type BufferType,
  bytesOf,
  type ElementType,
  index,
  multihot,
  printElement,
  type ScalarType,
  type SelectorType,
  type TileType,
  type TupleType,
  tile,
} from "./stream/element-type.ts";
export { fuseStops, type Slot, splitStops } from "./stream/fused-tokens.ts";
export { cardinality, dimensionAt, printShape, rankOf, type Shape, shapeOf } from "./stream/shape.ts";
export { parseTokens, printTokens } from "./stream/token-text.ts";
export {
  checkTokens,
  decodeTokens,
  encodeTokens,
  groupSizes,
  type Nesting,
  Stop,
  stop,
  type Token,
} from "./stream/tokens.ts";
export { BufferValue, SelectorValue, scalar, TileValue, TupleValue, tileOf, type Value } from "./stream/value.ts";
export { printGraphviz } from "./text/graphviz.ts";
export { type ProgramJson, programFromJson, programToJson } from "./text/json.ts";
export { printMlir } from "./text/mlir.ts";
export { parseProgram } from "./text/parse.ts";
export { printProgram } from "./text/print.ts";
export { attention } from "./workloads/attention.ts";
export {
  type AttentionOptions,
  type HeadSizes,
  headsOf,
  mixtral8x7bAttention,
  qwen30bAttention,
  type Strategy,
} from "./workloads/attention-options.ts";
export { type AttentionTrace, attentionTrace } from "./workloads/attention-trace.ts";
export { decoderLayer } from "./workloads/decoder/decoder-layer.ts";
export type { DecoderOptions } from "./workloads/decoder/decoder-options.ts";
export { decoderTrace } from "./workloads/decoder/decoder-trace.ts";
export { type GemmOptions, gemm } from "./workloads/gemm.ts";
export { type Model, modelNamed, models } from "./workloads/models.ts";
export { moe } from "./workloads/moe.ts";
export {
  type ExpertSizes,
  expertsOf,
  type MoeOptions,
  mixtral8x7b,
  qwen30b,
  type Tiling,
} from "./workloads/moe-options.ts";
export { type RoutingTrace, routingTrace } from "./workloads/routing-trace.ts";
export { type SwigluOptions, swiglu } from "./workloads/swiglu.ts";
