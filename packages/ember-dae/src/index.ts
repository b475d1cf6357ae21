export { readTrace, type TraceFormat } from "./analysis/read-trace.ts";
export { analyzeReuse, type Reuse } from "./analysis/reuse.ts";
export { type StackDistances, stackDistances } from "./analysis/stack-distance.ts";
export { EmberError, type EmberErrorCode } from "./errors.ts";
export { describeDifference, firstDifference, type StoreDifference } from "./interpret/equivalence.ts";
export { interpret } from "./interpret/interpret.ts";
export { type DlcOptions, interpretDlc } from "./interpret/interpret-dlc.ts";
export { interpretTmu } from "./interpret/interpret-tmu.ts";
export { type Memory, type MemoryArray, makeMemory, memoryFrom, valuesOf } from "./interpret/memory.ts";
export type { QueueTraffic } from "./interpret/queues.ts";
export { type Attribute, type Block, type Op, type Program, storedArguments, type Value } from "./ir/op.ts";
export { parseProgram } from "./ir/parse.ts";
export { printProgram } from "./ir/print.ts";
export { isPublishedSyntax, readPublished } from "./ir/published/read-published.ts";
export type { Element, IrType } from "./ir/types.ts";
export { verify } from "./ir/verify.ts";
export { type BufferUse, type NestKernel, nestKernel } from "./kernel/nest/nest-kernel.ts";
export { runNestKernel } from "./kernel/nest/run-nest-kernel.ts";
export { operationKernel } from "./kernel/operation-kernel.ts";
export type { KernelOptions } from "./kernel/row-parts.ts";
export { defaultRunAheadLines, runKernel } from "./kernel/run-kernel.ts";
export type { CoreMachine, DaeMachine, EventCosts, GpuMachine, Machine, Power } from "./machine/machine.ts";
export { machineNamed, machineNames } from "./machine/presets.ts";
export { type Refusal, readMachine, type ValuePath } from "./machine/read-machine.ts";
export { hitFractions } from "./machine/row-hits.ts";
export {
  evaluate,
  type MachineConfiguration,
  type MachineCost,
  type MachineScenario,
  type OrdinalParameter,
  searchSpace,
} from "./machine/search-space.ts";
export { simulateOperation } from "./machine/simulate.ts";
export { type DaeOptions, defaultMemory } from "./machine/simulate-dae.ts";
export type { StreamReport, TimingReport } from "./machine/timing-report.ts";
export { bagsOf, type Workload } from "./machine/workload.ts";
export { operationNest } from "./nest/operation-nest.ts";
export { type Fibres, fibresFromOffsets, fibresFromSegments, type OffsetsInput } from "./operation/fibres.ts";
export { type Instance, instantiate, type Operands, withFreshOutput } from "./operation/instance.ts";
export {
  argumentNames,
  type IndexElement,
  nameOfOperation,
  type Operation,
  type TableElement,
} from "./operation/operation.ts";
export { publishedTmu, type TmuSize } from "./passes/lower-to-tmu.ts";
export {
  type Compiled,
  type CompileOptions,
  compile,
  compileDecoupled,
  type Level,
  levelOf,
  type OptimizationLevel,
  type PassName,
} from "./passes/pipeline.ts";
export type { Lookup, LookupSource } from "./raise/lookup.ts";
export { operationOf, widthOf } from "./raise/operation-of.ts";
export { type NestOperation, operationOfNest } from "./raise/operation-of-nest.ts";
export { type RaisedModel, raise } from "./raise/raise.ts";
export { isNest, type RaisedNest, raiseNest } from "./raise/raise-scf.ts";
export { type Engine, runModel } from "./raise/run-model.ts";
export { LookupEngine, type LookupEngineOptions, type MappedTable } from "./table/lookup-engine.ts";
export type { IdArray, LookupRequest } from "./table/lookup-request.ts";
export { Table, type TableShape } from "./table/table.ts";
