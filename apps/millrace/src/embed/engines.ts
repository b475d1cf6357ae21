/** What carries out embedding operations: the interpreters of the compiled levels, and compiled kernels. */
import {
  compile,
  compileDecoupled,
  type Engine,
  interpret,
  interpretDlc,
  interpretTmu,
  levelOf,
  type Memory,
  type OptimizationLevel,
  operationNest,
  type Program,
  type QueueTraffic,
  runKernel,
  runNestKernel,
  valuesOf,
  verify,
  withFreshOutput,
} from "@millrace/ember-dae";
import type { KernelCompiler } from "@millrace/loop-ir";

/** Runs a program of the SCF level on memories. */
export type RunnableProgram = (program: Program, memories: readonly (Memory | number)[]) => void;

/** What the interpreters found out besides results. */
export interface InterpreterNotes {
  /** Sum over all operations; only where programs ran decoupled. */
  traffic: QueueTraffic;
  /** Outputs of decoupled programs that were compared with the loop nest, and those with other bits. */
  compared: number;
  differing: number;
}

/** Notes before anything ran. */
export function noNotes(): InterpreterNotes {
  return { traffic: { tokens: 0, scalars: 0, vectors: 0, bytes: 0 }, compared: 0, differing: 0 };
}

/** Interprets decoupled programs of one level of optimisation; with `check`, all levels, compared bit by bit. */
export function interpreterEngine(level: OptimizationLevel, check: boolean, notes: InterpreterNotes): Engine {
  return (instance) => {
    const scf = operationNest(instance.operation);
    const outputOf = ({ memories }: typeof instance) => memories[memories.length - 1] as Memory;
    if (check) {
      const reference = withFreshOutput(instance);
      interpret(scf, reference.memories);
      for (const each of [0, 1, 2, 3] as const) {
        const run = withFreshOutput(instance);
        interpretDlc(compile(scf, { level: each, verifyEach: true }).dlc, run.memories);
        notes.compared += 1;
        if (!sameBits(outputOf(run), outputOf(reference))) notes.differing += 1;
      }
    }
    addTraffic(notes, interpretDlc(compile(scf, { level }).dlc, instance.memories));
    return valuesOf(outputOf(instance));
  };
}

/** Runs operations on compiled kernels. */
export function kernelEngine(compiler: KernelCompiler): Engine {
  return (instance) => {
    runKernel(instance, compiler);
    return valuesOf(instance.memories[instance.memories.length - 1] as Memory);
  };
}

/**
 * Interprets a program decoupled, lowered from the level that it is at; with `check`, what every level of optimisation leaves
 * in memories is compared, bit by bit, with what the program leaves as it is.
 */
export function interpretProgram(level: OptimizationLevel, check: boolean, notes: InterpreterNotes): RunnableProgram {
  return (program, memories) => {
    const copies = copiesOf(memories);
    const own = levelOf(program);
    const unit = own === "dlc" || own === "tmu";
    verify(program, "input");
    const lowered = (to: OptimizationLevel) =>
      own === "scf"
        ? compile(program, { level: to, verifyEach: check }).dlc
        : unit
          ? program
          : compileDecoupled(program, { level: to, verifyEach: check }).dlc;
    addTraffic(notes, (own === "tmu" ? interpretTmu : interpretDlc)(lowered(level), memories));
    if (!check || unit) return;
    const others = ([0, 1, 2, 3] as const).filter((each) => each !== level);
    for (const each of others)
      compareWith(copiesOf(copies), memories, notes, (given) => interpretDlc(lowered(each), given));
    compareWith(copies, memories, notes, (given) => interpret(program, given));
  };
}

/** Runs a program compiled; one with vectors or queues is handed to `other`, and `note` is told. */
export function compiledProgram(
  compiler: KernelCompiler,
  { check, notes, other }: { check: boolean; notes: InterpreterNotes; other: RunnableProgram },
  note: (line: string) => void,
): RunnableProgram {
  return (program, memories) => {
    const copies = check ? copiesOf(memories) : [];
    verify(program, "input");
    if (!runNestKernel(program, memories, compiler)) {
      note(`note: ${program.name} is at the ${levelOf(program)} level, or computes with halves; it is interpreted`);
      other(program, memories);
    } else if (check) compareWith(copies, memories, notes, (given) => interpret(program, given));
  };
}

function copiesOf(memories: readonly (Memory | number)[]): (Memory | number)[] {
  return memories.map((memory) => (typeof memory === "number" ? memory : { ...memory, array: memory.array.slice() }));
}

function compareWith(
  given: readonly (Memory | number)[],
  found: readonly (Memory | number)[],
  notes: InterpreterNotes,
  run: (memories: readonly (Memory | number)[]) => unknown,
): void {
  run(given);
  for (const [place, memory] of given.entries()) {
    if (typeof memory === "number") continue;
    notes.compared += 1;
    if (!sameBits(memory, found[place] as Memory)) notes.differing += 1;
  }
}

function addTraffic(notes: InterpreterNotes, { tokens, scalars, vectors, bytes }: QueueTraffic): void {
  const sum = notes.traffic;
  notes.traffic = {
    ...{ tokens: sum.tokens + tokens, scalars: sum.scalars + scalars },
    ...{ vectors: sum.vectors + vectors, bytes: sum.bytes + bytes },
  };
}

// NaN is one value: which of its bits a processor sets is its own choice.
function sameBits(a: Memory, b: Memory): boolean {
  const [left, right] = [valuesOf(a), valuesOf(b)];
  return left.length === right.length && left.every((value, place) => Object.is(value, right[place]));
}
