/** What carries out embedding operations: the interpreters of the compiled levels, and compiled kernels. */
import {
  compile,
  type Engine,
  interpret,
  interpretDlc,
  type Memory,
  type OptimizationLevel,
  operationNest,
  type Program,
  type QueueTraffic,
  runKernel,
  runNestKernel,
  valuesOf,
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

/** Interprets a loop nest decoupled; with `check`, compares the bits of every memory with the nest as it is. */
export function interpretNest(level: OptimizationLevel, check: boolean, notes: InterpreterNotes): RunnableProgram {
  return (program, memories) => {
    const copies = copiesOf(memories);
    addTraffic(notes, interpretDlc(compile(program, { level, verifyEach: check }).dlc, memories));
    if (!check) return;
    interpret(program, copies);
    compareAll(copies, memories, notes);
  };
}

/** Runs a loop nest on a compiled kernel; one that has none is handed to `other`, and `note` is told. */
export function compiledNest(
  compiler: KernelCompiler,
  { check, notes, other }: { check: boolean; notes: InterpreterNotes; other: RunnableProgram },
  note: (line: string) => void,
): RunnableProgram {
  return (program, memories) => {
    const copies = check ? copiesOf(memories) : [];
    if (!runNestKernel(program, memories, compiler)) {
      note(`note: no kernel has the form of ${program.name}; it is interpreted`);
      other(program, memories);
    } else if (check) {
      interpret(program, copies);
      compareAll(copies, memories, notes);
    }
  };
}

function copiesOf(memories: readonly (Memory | number)[]): (Memory | number)[] {
  return memories.map((memory) => (typeof memory === "number" ? memory : { ...memory, array: memory.array.slice() }));
}

function compareAll(a: readonly (Memory | number)[], b: readonly (Memory | number)[], notes: InterpreterNotes): void {
  for (const [place, memory] of a.entries()) {
    if (typeof memory === "number") continue;
    notes.compared += 1;
    if (!sameBits(memory, b[place] as Memory)) notes.differing += 1;
  }
}

function addTraffic(notes: InterpreterNotes, { tokens, scalars, vectors, bytes }: QueueTraffic): void {
  const sum = notes.traffic;
  notes.traffic = {
    ...{ tokens: sum.tokens + tokens, scalars: sum.scalars + scalars },
    ...{ vectors: sum.vectors + vectors, bytes: sum.bytes + bytes },
  };
}

function sameBits(a: Memory, b: Memory): boolean {
  const bytes = ({ array }: Memory) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  const [left, right] = [bytes(a), bytes(b)];
  return left.length === right.length && left.every((byte, place) => byte === right[place]);
}
