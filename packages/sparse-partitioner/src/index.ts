export { PartitionError, type PartitionErrorCode } from "./errors.ts";
export { type Cut, type SearchCost, workBefore } from "./partition/cut.ts";
export { explain } from "./partition/explain.ts";
export { defaultGrain, grainCount, grainsOfUnits } from "./partition/grains.ts";
export {
  cutTarget,
  maximumUnits,
  type PartitionOptions,
  type PartitionPlan,
  partition,
  type Strategy,
  unitWork,
} from "./partition/plan.ts";
export { type ComparisonStrategy, listSchedule, rowBlocks } from "./partition/strategies.ts";
export { type Verification, verify } from "./partition/verify.ts";
export {
  type Driver,
  pointWeight,
  type Subtrees,
  totalWork,
  type WorkSpace,
  type WorkVariable,
} from "./partition/work.ts";
export {
  type BoundCall,
  type BufferElement,
  cEngine,
  type Engine,
  type EngineMemory,
  type EngineOptions,
  interpreterEngine,
  type UnitPool,
  wasmEngine,
} from "./run/engine.ts";
export { explainStage, nestsOf } from "./run/explain-stage.ts";
export { type CompileOptions, compileKernel, type KernelOutcome, type RunOptions, SparseKernel } from "./run/kernel.ts";
export type { PhasePlan } from "./run/plan-stage.ts";
export type { StagePlan, StageRunner } from "./run/run-stage.ts";
export type { UnitStatistics } from "./run/unit-statistics.ts";
export { type EvaluateOptions, evaluate, type KernelConfiguration, type KernelMeasurement } from "./tune/evaluate.ts";
export {
  type KernelScenario,
  type ScenarioParameter,
  type SearchSpaceOptions,
  searchSpace,
} from "./tune/search-space.ts";
