export { type BuiltModule, type CCompiler, findCompiler } from "./c/build.ts";
export { type COptions, type CSource, emitC } from "./c/emit.ts";
export { type CBoundKernel, type CKernel, compileC } from "./c/kernel.ts";
export { NativeMemory } from "./c/native-memory.ts";
export { emitCuda, type GpuOptions, type GpuSource } from "./cuda/emit.ts";
export { LoopError, type LoopErrorCode } from "./errors.ts";
export type { NativeHost, ProgramResult, ThreadHost, WorkerThread } from "./host/host.ts";
export { type NodeHostOptions, nodeHost } from "./host/node-host.ts";
export type { NodeProcess } from "./host/node-modules.ts";
export { compileInterpreter } from "./interpret/interpret.ts";
export {
  type ArrayConstructors,
  arrayConstructor,
  type BufferArray,
  type KernelArguments,
} from "./kernel/arguments.ts";
export type { BindOptions, BoundKernel, Kernel, RunOptions, RunStatistics, Target } from "./kernel/kernel.ts";
export { type CompileOptions, KernelCompiler, type KernelCompilerOptions } from "./kernel/kernel-compiler.ts";
export type { SharedRun } from "./kernel/shared-run.ts";
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
export { type BlockOptions, blockRows } from "./simplify/block-rows.ts";
export { fold } from "./simplify/fold.ts";
export { forward } from "./simplify/forward.ts";
export { type GuardOptions, guardAccesses } from "./simplify/guard.ts";
export { hoist } from "./simplify/hoist.ts";
export { type JamOptions, jamSums } from "./simplify/jam-sums.ts";
export { narrowNest } from "./simplify/narrow.ts";
export { simplify } from "./simplify/simplify.ts";
export { unrollFixedTrip } from "./simplify/unroll-fixed-trip.ts";
export { type VectorizeOptions, vectorize } from "./simplify/vectorize.ts";
export type { BindingMessage } from "./threads/control.ts";
export { type PoolRunOptions, type PoolTaskOptions, WorkerPool, type WorkerPoolOptions } from "./threads/pool.ts";
export { PrefixSum, type PrefixSumTypes, prefixSumNests } from "./threads/scan.ts";
export { emitWasm, type WasmModule, type WasmOptions } from "./wasm/emit.ts";
export { compileWasm, type Parameter, type WasmBoundKernel, type WasmKernel } from "./wasm/kernel.ts";
export { Heap, type HeapArray, type HeapOptions } from "./wasm/memory.ts";
export { printWat } from "./wasm/text/print-wat.ts";
export { emitWgsl } from "./wgsl/emit.ts";
