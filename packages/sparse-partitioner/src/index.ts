export { PartitionError, type PartitionErrorCode } from "./errors.ts";
export { type Cut, type SearchCost, workBefore } from "./partition/cut.ts";
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
  type BufferElement,
  cEngine,
  type Engine,
  type EngineMemory,
  type EngineOptions,
  interpreterEngine,
  type UnitPool,
  wasmEngine,
} from "./run/engine.ts";
export { type CompileOptions, compileKernel, type KernelOutcome, type RunOptions, SparseKernel } from "./run/kernel.ts";
