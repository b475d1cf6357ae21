export { LoopError, type LoopErrorCode } from "./errors.ts";
export { compileInterpreter } from "./interpret/interpret.ts";
export { arrayConstructor, type BufferArray, type KernelArguments } from "./kernel/arguments.ts";
export type { BindOptions, BoundKernel, Kernel, RunOptions, RunStatistics, Target } from "./kernel/kernel.ts";
export { ExpressionBuilder, type Operand } from "./nest/expression-builder.ts";
export type {
  Access,
  BinaryOperator,
  BufferDeclaration,
  ComparisonOperator,
  Expression,
  FaultReason,
  LocalDeclaration,
  Nest,
  ReductionOperator,
  ScalarDeclaration,
  Statement,
  UnaryOperator,
} from "./nest/nest.ts";
export {
  type BufferOptions,
  type BufferValue,
  type LocalValue,
  NestBuilder,
  type Value,
} from "./nest/nest-builder.ts";
export { printExpression, printNest } from "./nest/print.ts";
export type { ElementType, LaneType, MaskType, ScalarType, Type, VectorType } from "./nest/types.ts";
export { type NestFault, verifyNest } from "./nest/verify.ts";
export { type GuardOptions, guardAccesses } from "./simplify/guard.ts";
export { emitWasm, type WasmModule, type WasmOptions } from "./wasm/emit.ts";
export { compileWasm, type Parameter, type WasmBoundKernel, type WasmKernel } from "./wasm/kernel.ts";
export { Heap, type HeapArray, type HeapOptions } from "./wasm/memory.ts";
