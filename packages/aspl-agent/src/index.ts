export { describeTask } from "./agents/describe-task.ts";
export { type Demonstration, extractProgram, guardianPrompt, proposerPrompt, systemMessage } from "./agents/prompts.ts";
export { AsplError, type AsplErrorCode } from "./errors.ts";
export {
  type GeneratedTask,
  type GenerateOptions,
  generateTasks,
  taskFamilies,
} from "./generate/generate-tasks.ts";
export { frontierOf, type ProgramCost, type TimedProgram, timeProgram } from "./hardware/cost.ts";
export type { Hardware } from "./hardware/hardware.ts";
export { type LoweredProgram, lowerToStep, type ToLower } from "./hardware/lower-to-step.ts";
export { operatorSpace } from "./hardware/operator-space.ts";
export {
  advance,
  type ControllerState,
  nextPlan,
  type Policy,
  type SamplePlan,
  type StopReason,
  startLearning,
  stopForBudget,
} from "./learn/controller.ts";
export type {
  EnumeratedEvent,
  IterationEvent,
  LearningEvent,
  OptimizedEvent,
  OptimizedTask,
  Phase,
  SampleEvent,
  SampleKey,
  SolvedTask,
} from "./learn/events.ts";
export { type Experience, selectAnswer } from "./learn/experience.ts";
export { meanWithInterval, passAtK } from "./learn/measures.ts";
export {
  type AttemptPlan,
  advanceOptimizing,
  type Design,
  type Lesson,
  nextAttempts,
  type OptimizerState,
  type OptimizeSettings,
  startOptimizing,
  type TaskDesigns,
} from "./learn/optimize.ts";
export { type LearningOptions, type LearningResult, runLearning } from "./learn/run-learning.ts";
export type { LearningSpec } from "./learn/spec.ts";
export { stratify } from "./learn/stratify.ts";
export { type CassetteEntry, callKey, readCassette, recording, replaying } from "./llm/cassette.ts";
export {
  ChatError,
  type ChatErrorCode,
  type ChatMessage,
  type ChatModel,
  type ChatRequest,
  type ChatResponse,
  canonicalRequest,
  type Usage,
} from "./llm/chat-model.ts";
export { type Budget, Ledger, type Price, type Spending } from "./llm/ledger.ts";
export { type EndpointOptions, openAiCompatible, type Timer } from "./llm/openai-compatible.ts";
export { type ChatAnswer, chatAnswerer, synthesizerName } from "./offline/chat-protocol.ts";
export { type EnumerateOptions, type Enumeration, enumerate } from "./offline/enumerate.ts";
export { type NgramOptions, Synthesizer } from "./offline/ngram/synthesize.ts";
export { type AffineFault, type AffineRule, findAffineFault, insertCopies } from "./program/affine.ts";
export { type CanonicalOptions, canonicalText, withoutDeadOperators } from "./program/canonical.ts";
export type { Dim, Sizes } from "./program/dim.ts";
export type { Elem, StreamType } from "./program/element-type.ts";
export { printElem, printStreamType } from "./program/element-type.ts";
export { parsePython } from "./program/parse-python.ts";
export { printPython } from "./program/print-python.ts";
export { maximumOperators, type Op, type OpName, type OpProgram, type Place } from "./program/program.ts";
export { type ProgramFault, type ReadProgram, readOpList, writeOpList } from "./program/read-op-list.ts";
export { type Typed, typecheck, type ValueType } from "./program/typecheck.ts";
export { drawSet, otherSizes } from "./tasks/draw-set.ts";
export { drawExpectedSets, expectOutputs, findBlindSpot } from "./tasks/expect-outputs.ts";
export { type PaperTask, readPaperTask } from "./tasks/paper/read-paper-task.ts";
export { readGolden } from "./tasks/read-golden.ts";
export { readTasks } from "./tasks/read-tasks.ts";
export type { Generator, Task, TaskFn, TaskInput, TaskParam } from "./tasks/task.ts";
export type { ExpectedSet, Tensor, TensorSet } from "./tasks/tensor-set.ts";
export { agrees, tolerance } from "./verify/compare.ts";
export {
  defaultLimits,
  Interpreter,
  type Run,
  type RunFault,
  type RunLimits,
  type StreamNumbers,
} from "./verify/interpret.ts";
export type { ProgramMetrics, Verdict, VerdictKind } from "./verify/verdict.ts";
export { readProgramText, Verifier, type VerifierOptions } from "./verify/verifier.ts";
