/** Runs the access units of a program on given ids and records what they do; see `access-trace.ts`. */
import { compileBlock } from "../../interpret/compile.ts";
import { type Frame, Slots, type Step } from "../../interpret/frame.ts";
import { enter } from "../../interpret/interpret.ts";
import type { Memory } from "../../interpret/memory.ts";
import { bytesOf } from "../../interpret/queues.ts";
import { lanesFrom, maskBelow } from "../../interpret/vector-steps.ts";
import type { Block, Program, Value } from "../../ir/op.ts";
import type { AccessTrace, EventKind, ReadStream } from "./access-trace.ts";
import { eventKinds } from "./event-kinds.ts";
import { NumberList } from "./number-list.ts";
import { type AddressSpace, compileStreams, stagesOf } from "./read-streams.ts";
import { rowRecorder } from "./row-recorder.ts";
import { TurnRecorder } from "./turn-recorder.ts";
import { type UnitNode, unitTree } from "./unit-tree.ts";

const pageBytes = 4096;

/**
 * The traces of a program's access units, one after the other. Memories lie behind each other in the order of the
 * arguments, each from a page of 4096 bytes on; those without elements stand for memories of their extents.
 *
 * @throws {EmberError} as {@link interpretDlc}; `unsupported` where a place depends on a memory without elements
 */
export function recordAccess(program: Program, memories: readonly (Memory | number)[]): readonly AccessTrace[] {
  const slots = new Slots();
  const frame = enter(program, memories, slots);
  const addresses = layOut(program, memories);
  const traces: AccessTrace[] = [];
  for (const [at, op] of program.body.ops.entries()) {
    if (op.name === "dlc.access") {
      const cases = program.body.ops[at + 1]?.regions ?? [];
      traces.push(new AccessRecorder(op.regions[0] as Block, cases, { slots, frame, addresses }).run());
    } else if (op.name !== "dlc.execute") compileBlock({ args: [], ops: [op] }, slots)(frame);
  }
  return traces;
}

interface Place {
  readonly argument: number;
  readonly base: number;
  readonly bytes: number;
}

function layOut({ body }: Program, memories: readonly (Memory | number)[]): ReadonlyMap<Value, Place> {
  let next = 0;
  return new Map(
    body.args.flatMap((value, argument): [Value, Place][] => {
      const memory = memories[argument];
      if (memory === undefined || typeof memory === "number") return [];
      const place = { argument, base: next, bytes: bytesOf(memory.element) };
      const bytes = memory.shape.reduce((product, extent) => product * extent, place.bytes);
      next += Math.ceil(bytes / pageBytes) * pageBytes;
      return [[value, place]];
    }),
  );
}

interface Machine {
  readonly slots: Slots;
  readonly frame: Frame;
  readonly addresses: ReadonlyMap<Value, Place>;
}

class AccessRecorder implements AddressSpace {
  readonly #machine: Machine;
  readonly #units: readonly UnitNode[];
  readonly #streams: ReadStream[] = [];
  readonly #script: AccessTrace["script"] = { kinds: new NumberList(), turns: new NumberList() };
  readonly #recorders: readonly TurnRecorder[];
  readonly #kinds: readonly EventKind[];

  constructor(block: Block, cases: readonly Block[], machine: Machine) {
    this.#machine = machine;
    this.#units = unitTree(block);
    this.#recorders = this.#units.map((unit) => {
      const deepest = [...stagesOf(unit.streams).values()].reduce((most, stage) => Math.max(most, stage), 0);
      return new TurnRecorder(unit, deepest + 1, this.#script);
    });
    const numberOf = (value: Value) => {
      const held = machine.frame[machine.slots.of(value)];
      return typeof held === "number" ? held : undefined;
    };
    this.#kinds = eventKinds(this.#units, { cases, numberOf, elementBytes: (memory) => this.elementBytes(memory) });
  }

  run(): AccessTrace {
    const roots = this.#units.filter(({ depth }) => depth === 0).map((unit) => this.#compile(unit));
    for (const run of roots) run(this.#machine.frame);
    const units = this.#recorders.map(({ trace }) => trace);
    return { units, streams: this.#streams, kinds: this.#kinds, script: this.#script };
  }

  baseOf(memory: Value): number {
    return this.#machine.addresses.get(memory)?.base ?? 0;
  }

  elementBytes(memory: Value): number {
    return this.#machine.addresses.get(memory)?.bytes ?? 0;
  }

  addStream(memory: Value, unit: number): number {
    return this.#streams.push({ argument: this.#machine.addresses.get(memory)?.argument ?? -1, unit }) - 1;
  }

  #compile(unit: UnitNode): Step {
    const { slots } = this.#machine;
    const recorder = this.#recorders[unit.index] as TurnRecorder;
    const [from = 0, to = 0, step] = unit.bounds.map((bound) => slots.of(bound));
    const turns = this.#turns(unit, recorder);
    const [begin, end] = [this.#emitter(3 * unit.index), this.#emitter(3 * unit.index + 2)];
    return (frame) => {
      begin();
      const by = unit.lanes ?? (step === undefined ? 1 : (frame[step] as number));
      turns(frame, frame[from] as number, frame[to] as number, by);
      recorder.closeFibre();
      end();
    };
  }

  // Begin and end are only worth a line of the script if something happens then.
  #emitter(number: number): () => void {
    const kind = this.#kinds[number] as EventKind;
    const { kinds, turns } = this.#script;
    if (kind.queueBytes === 0 && kind.work.rows === 0) return () => {};
    return () => {
      kinds.push(number);
      turns.push(1);
    };
  }

  #turns(unit: UnitNode, recorder: TurnRecorder): (frame: Frame, first: number, end: number, step: number) => void {
    const { slots } = this.#machine;
    const rows = rowRecorder(unit, { slots, space: this, recorder });
    if (rows !== undefined) return rows;
    const streams = compileStreams(unit.streams, { slots, space: this, unit: unit.index, recorder });
    const children = unit.children.map((child) => this.#compile(child));
    const head = headOf(unit, slots);
    return (frame, first, end, step) => {
      for (let i = first; i < end; i += step) {
        head(frame, i, end);
        streams(frame);
        if (children.length === 0) recorder.turn();
        else recorder.closeTurn();
        for (let child = 0; child < children.length; child++) (children[child] as Step)(frame);
      }
    };
  }
}

// Sets the induction value and the mask of a turn.
function headOf({ induction, mask, lanes }: UnitNode, slots: Slots): (frame: Frame, at: number, end: number) => void {
  const [to, masked] = [induction, mask].map((value) => (value === undefined ? undefined : slots.of(value)));
  return (frame, at, end) => {
    if (to !== undefined) frame[to] = lanes === undefined ? at : lanesFrom(at, lanes);
    if (masked !== undefined && lanes !== undefined) frame[masked] = maskBelow(at, end, lanes);
  };
}
