// Graphs: blocks joined by streams, and their parts.

export { type Connection, connectBlocks, edgeId, fanOutId, withoutBroadcasts } from "./sam/connect-blocks.ts";
export type {
  BinaryOperation,
  SamBlock,
  SamEdge,
  SamGraph,
  SamLevelKind,
  SamPort,
  SamTensor,
  StreamKind,
  TileWork,
  UnaryOperation,
} from "./sam/graph.ts";
export type { GraphPlaces, LocatedGraph } from "./sam/located-graph.ts";
export { maximumArity, portsOf, type SamPorts, type SamPortType } from "./sam/ports.ts";

// From index notation.

export { type LoweredExpression, lowerExpression } from "./lower/lower-expression.ts";
export type { LowerOptions } from "./lower/plan-lowering.ts";
export { applyToResult } from "./sam/apply-to-result.ts";

// From and to files: Graphviz, JSON, Comal's protobuf, recorded cases, folders of level arrays.

export { readGraphviz } from "./sam/graphviz/read-graphviz.ts";
export { printGraphviz } from "./sam/graphviz/write-graphviz.ts";
export { printGraphJson, readGraphJson } from "./sam/json/graph-json.ts";
export {
  type CaseInput,
  type CaseResult,
  type CaseStream,
  type ReferenceCase,
  readReferenceCase,
} from "./sam/json/reference-case.ts";
export { type LevelFileOptions, type LevelNumbering, printLevelFiles, readLevelFiles } from "./sam/level-files.ts";
export { graphToTortilla } from "./sam/tortilla/convert/from-graph.ts";
export { tortillaToGraph } from "./sam/tortilla/convert/to-graph.ts";
export { type DecodedTortilla, decodeTortilla } from "./sam/tortilla/decode.ts";
export { encodeTortilla } from "./sam/tortilla/encode.ts";
export type { TortillaMessage, TortillaValue } from "./sam/tortilla/message.ts";
export { parseTortillaText } from "./sam/tortilla/parse-text.ts";
export { printTortillaText } from "./sam/tortilla/print-text.ts";
export type { TortillaVersion } from "./sam/tortilla/schema.ts";

// Checked and drawn.

export { describeBlock } from "./sam/draw/describe-block.ts";
export { drawGraph } from "./sam/draw/draw.ts";
export { printMermaid } from "./sam/draw/mermaid.ts";
export { type BlockFamily, familyOf, palette, paletteOf } from "./sam/draw/palette.ts";
export { activityColours, type BlockActivity, type PictureOptions } from "./sam/draw/picture.ts";
export { type GraphPart, type PlainEdge, type PlainGraph, type PlainNode, plainGraph } from "./sam/draw/plain-graph.ts";
export type { GraphRule } from "./sam/validate/graph-faults.ts";
export { checkGraph, validateGraph } from "./sam/validate/validate.ts";

// Run: with timing, and without.

export { evaluateSam } from "./evaluate/evaluate-sam.ts";
export type { SamCounts } from "./simulate/count-work.ts";
export type { Operands } from "./simulate/operand-arrays.ts";
export {
  BURST_MEMORY_BYTES_PER_CYCLE,
  type SamSimulation,
  type SimulateSamOptions,
  simulateSam,
} from "./simulate/simulate-sam.ts";
export type { RecordedStream, StreamRecord } from "./simulate/stream-record.ts";
export type { TimingProfileName } from "./timing/profile.ts";

// Whole models: programs of many statements, and how they are fused.

export { type ChooseOptions, chooseFusion, type FusionCandidate, type FusionChoice } from "./choose/choose-fusion.ts";
export { explainRun, type RecomputedResult, type RegionExplanation } from "./choose/explain-run.ts";
export { type FusionProposal, type ProposeOptions, proposeFusion } from "./choose/propose-fusion.ts";
export {
  type CompiledProgram,
  type CompiledRegion,
  type CompileOptions,
  compileProgram,
  defaultRegions,
} from "./compile/compile-program.ts";
export type { CompiledKernel, PassObserver } from "./compile/compile-region.ts";
export {
  type KernelRun,
  nameOfKernel,
  type ProgramRun,
  type RegionRun,
  type SimulateProgramOptions,
  simulateProgram,
} from "./compile/simulate-program.ts";
export { formatOfStored, storedAs, storedName, storedTensor } from "./compile/stored-tensor.ts";
export {
  type Configuration,
  type ConfigurationChoices,
  configurationKey,
  configurations,
} from "./explore/configuration.ts";
export { type ExplorationSubject, type Explored, type ExploredWork, Explorer } from "./explore/explorer.ts";
export { type FigureData, type FigureName, type FigureValue, figuresOf } from "./explore/figures.ts";
export { type OrderCounts, orderCounts } from "./explore/order-counts.ts";
export { type EntryPattern, type RedrawOptions, redrawnInput } from "./explore/redrawn-input.ts";
export {
  evaluate,
  type FusionMeasurement,
  type FusionPoint,
  type FusionScenario,
  type FusionSpaceOptions,
  searchSpace,
} from "./explore/search-space.ts";
export { type ExpandOptions, expandRegion, type FusedOutput, type FusedRegion } from "./fuse/expand.ts";
export type { CombineNode, FusedNode, LeafNode, MapNode, Meeting, ReduceNode } from "./fuse/fused-node.ts";
export { independenceOf } from "./fuse/independence.ts";
export { countOrders, firstOrder, type Independence, legalOrders } from "./fuse/orders.ts";
export { findCycle, type OrderArc, type PartialOrder, partialOrder } from "./fuse/partial-order.ts";
export type { Transpose } from "./fuse/transposes.ts";
export {
  type EstimateError,
  estimateError,
  estimateProgram,
  type ProgramEstimate,
  type RegionEstimate,
} from "./heuristic/estimate-program.ts";
export { type AttentionMaskOptions, attentionMask } from "./models/attention-mask.ts";
export { type AutoencoderSizes, autoencoder } from "./models/autoencoder.ts";
export { type GraphModelSizes, gcn } from "./models/gcn.ts";
export { type DecoderSizes, gptDecoder } from "./models/gpt-decoder.ts";
export { graphSage } from "./models/graph-sage.ts";
export type { Granularity, LibraryModel } from "./models/model.ts";
export { type RandomOperandOptions, randomOperands } from "./models/operands.ts";
export { compareOutputs, type OutputDifference } from "./program/evaluate/compare-outputs.ts";
export { type DenseResult, evaluateProgram } from "./program/evaluate/evaluate-program.ts";
export { bindSizes } from "./program/extents.ts";
export { parseProgram } from "./program/parse-program.ts";
export { printProgram, printStatement } from "./program/print-program.ts";
export type {
  EinsumProgram,
  ProgramBinary,
  ProgramExpression,
  ProgramExtent,
  ProgramInput,
  ProgramRegion,
  ProgramStatement,
} from "./program/program.ts";
export { constantsToRead, type RaiseOptions, raiseModel } from "./raise/raise-model.ts";
export {
  type OperandSource,
  type RaisedModel,
  type RaisedOperand,
  raisedOperand,
  reshaped,
} from "./raise/raised-model.ts";
export type { StoredTensor } from "./region/netlist.ts";
export { readSchedule } from "./schedule/read-schedule.ts";
export { type FusionSchedule, type LaneRequest, type RegionSchedule, withBlock } from "./schedule/schedule.ts";
export { fusionTable } from "./table/build-table.ts";
export type { CellPlace, FusionCell, FusionColumn, FusionJoin, FusionTable, ValueCell } from "./table/fusion-table.ts";
export { type PrintTableOptions, printFusionTable } from "./table/print-table.ts";

// What goes wrong.

export { FuseflowError, type FuseflowErrorCode } from "./errors.ts";
