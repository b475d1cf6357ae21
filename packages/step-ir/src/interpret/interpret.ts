/** The untimed meaning of a program: what its outputs and stores are for given inputs. */
import { StepError } from "../errors.ts";
import { nameOf, type Program, type ProgramNode, type Stream } from "../program/program.ts";
import { fuseStops, type Slot, splitStops } from "../stream/fused-tokens.ts";
import { rankOf } from "../stream/shape.ts";
import { checkTokens, type Token } from "../stream/tokens.ts";
import type { Value } from "../stream/value.ts";
import { checkValue } from "./check-value.ts";
import { type Measured, measureShapes } from "./measure.ts";
import { Reader, runTasks, type Task, Wire } from "./network.ts";
import type { TensorContents, Wires } from "./process.ts";

/** What a run of a program is given. */
export interface Inputs {
  /** Streams of the sources, by node id. */
  readonly sources?: Readonly<Record<string, readonly Token<Value>[]>>;
  /** Numbers of the off-chip tensors, row-major, by name; zeros where none are given. */
  readonly tensors?: Readonly<Record<string, Float64Array>>;
  /** For merges and reassembles, by node id: the inputs in the order in which they are served, as recorded elsewhere. */
  readonly orders?: Readonly<Record<string, readonly number[]>>;
  /** Most slots written in all; 20 million unless given. */
  readonly maximumSlots?: number;
}

/** What a run gives. */
export interface Results {
  /** What the `output` nodes got, by id. */
  readonly outputs: Readonly<Record<string, readonly Token<Value>[]>>;
  /** The tensors after all stores. */
  readonly tensors: Readonly<Record<string, Float64Array>>;
  /** What the symbols of the program stood for: the bindings with which its metrics become numbers. */
  readonly measured: Measured;
}

/**
 * Runs `program` without time.
 *
 * @throws {StepError} `stream-values`, `stream-malformed` or `value-shape` if inputs are missing or wrong, `constraint-broken`
 *   if the streams disagree with an extent that the program relies on, `program-stuck`, `too-much-work`, or what an
 *   operator throws.
 */
export function interpret(program: Program, inputs: Inputs = {}): Results {
  const tensors = tensorContents(program, inputs);
  const records = new Map<Stream, Slot<Value>[]>();
  const readers = new Map<Stream, Wire[]>();
  const inputWires = new Map<ProgramNode, Wire[]>();
  for (const node of program.nodes) {
    const streams = node.operator.name === "placeholder" ? [feedbackOf(program, node)] : node.inputs;
    const wires = streams.map((stream) => {
      const wire = new Wire();
      readers.set(stream, [...(readers.get(stream) ?? []), wire]);
      return wire;
    });
    inputWires.set(node, wires);
    for (const stream of node.outputs) records.set(stream, []);
  }
  const budget = { left: inputs.maximumSlots ?? 20_000_000 };
  const readersOf = new Map<Task, Reader>();
  const tasks = program.nodes.map((node): Task => {
    const wires = inputWires.get(node)!;
    const reader = new Reader(wires, inputs.orders?.[node.id]);
    const outputs = node.outputs.map((stream) => readers.get(stream) ?? []);
    const context = program.typed(node);
    const ports: Wires = {
      take: (port) => reader.take(port),
      peek: (port) => reader.peek(port),
      select: (some) => reader.select(some),
      arrange: (some) => reader.arrange(some),
      emit: emitter(node, { outputs, records, budget }),
      tensor: (name) => tensors.get(name)!,
      source: () => sourceSlots(node, inputs),
    };
    const process = node.operator.interpret(context, ports);
    const task: Task = { id: node.id, inputs: wires, outputs, process, awaited: undefined, finished: false };
    for (const wire of wires) wire.reader = task;
    readersOf.set(task, reader);
    return task;
  });
  runTasks(tasks, (task) => readersOf.get(task)!.choosing);
  for (const task of tasks) checkDrained(program, task);
  const measured = measureShapes(program, records);
  const outputs = program.nodes.filter(({ operator }) => operator.name === "output");
  return {
    outputs: Object.fromEntries(outputs.map((node) => [node.id, splitStops(records.get(node.inputs[0]!)!)])),
    tensors: numbersOf(tensors),
    measured,
  };
}

/** @throws {StepError} `stops-mismatch` if a node ended before one of its inputs did. */
function checkDrained(program: Program, { id, inputs }: Task): void {
  const port = inputs.findIndex((wire) => wire.readable);
  if (port === -1) return;
  const { operator, inputs: streams } = program.node(id)!;
  throw undrained(operator.name, id, nameOf(streams[port] ?? program.feedback.get(id)!));
}

/** The error of a node that ended before the stream that it reads did. */
export function undrained(operator: string, node: string, stream: string): StepError {
  const message = `${operator} "${node}" ended with elements of "${stream}" unread: its inputs are out of step`;
  return new StepError("stops-mismatch", message, {
    node,
    rule: "inputs that are read together end together",
    hint: "give them the same number of elements and stops",
  });
}

function feedbackOf(program: Program, node: ProgramNode): Stream {
  const stream = program.feedback.get(node.id);
  if (stream !== undefined) return stream;
  throw new StepError("program-invalid", `placeholder "${node.id}" is not fed: close it with a stream`, {
    node: node.id,
  });
}

/**
 * What the off-chip tensors of a run hold at its start, by name.
 *
 * @throws {StepError} `tensor-unknown` or `value-shape`.
 */
export function tensorContents(program: Program, inputs: Pick<Inputs, "tensors">): Map<string, TensorContents> {
  for (const name of Object.keys(inputs.tensors ?? {})) {
    if (!program.tensors.has(name)) throw new StepError("tensor-unknown", `the program has no tensor '${name}'`);
  }
  return new Map(
    [...program.tensors].map(([name, { rows, columns }]) => {
      const given = inputs.tensors?.[name];
      if (given !== undefined && given.length !== rows * columns) {
        throw new StepError("value-shape", `tensor '${name}' has ${rows} × ${columns} numbers, not ${given.length}`);
      }
      // A copy: stores must not change what the caller holds.
      return [name, { rows, columns, numbers: given?.slice() ?? new Float64Array(rows * columns) }];
    }),
  );
}

/** The numbers of tensors, by name. */
export function numbersOf(tensors: ReadonlyMap<string, TensorContents>): Record<string, Float64Array> {
  return Object.fromEntries([...tensors].map(([name, { numbers }]) => [name, numbers]));
}

/**
 * The checked streams of all sources, by node id.
 *
 * @throws {StepError} `stream-values`, `stream-malformed`, `value-shape` or `selector-value`; `constraint-broken` if their
 *   sizes are not what the program says.
 */
export function sourceStreams(
  program: Program,
  inputs: Pick<Inputs, "sources">,
): ReadonlyMap<string, readonly Slot<Value>[]> {
  const sources = program.nodes.filter(({ operator }) => operator.name === "source");
  const slots = sources.map((node): [ProgramNode, readonly Slot<Value>[]] => [node, sourceSlots(node, inputs)]);
  measureShapes(program, new Map(slots.map(([node, given]) => [node.outputs[0]!, given])));
  return new Map(slots.map(([node, given]) => [node.id, given]));
}

function sourceSlots(node: ProgramNode, inputs: Pick<Inputs, "sources">): readonly Slot<Value>[] {
  const tokens = inputs.sources?.[node.id];
  if (tokens === undefined) {
    throw new StepError("stream-values", `source "${node.id}" got no stream`, { node: node.id });
  }
  const { shape, element } = node.outputs[0]!.type;
  try {
    checkTokens(tokens, rankOf(shape));
  } catch (error) {
    const message = `source "${node.id}": ${(error as Error).message}`;
    throw new StepError("stream-malformed", message, { node: node.id }, { cause: error });
  }
  const slots = fuseStops(tokens);
  for (const { value } of slots) if (value !== undefined) checkValue(`source "${node.id}"`, value, element);
  return slots;
}

/** Writes slots to all readers and to the record. A stop alone behind a value without one belongs to that value. */
function emitter(
  node: ProgramNode,
  to: {
    readonly outputs: readonly (readonly Wire[])[];
    readonly records: ReadonlyMap<Stream, Slot<Value>[]>;
    readonly budget: { left: number };
  },
): Wires["emit"] {
  return (port, value, stop = 0) => {
    if (value === undefined && stop === 0) return;
    to.budget.left -= 1;
    if (to.budget.left < 0) {
      throw new StepError("too-much-work", `"${node.id}" and the nodes before it wrote too much: raise maximumSlots`);
    }
    const slot: Slot<Value> = { value, stop };
    to.records.get(node.outputs[port]!)!.push(slot);
    for (const wire of to.outputs[port]!) wire.slots.push(slot);
  };
}
