/**
 * Runs the processes of a program as a Kahn network: each until it waits, with unbounded streams between them.
 *
 * The result does not depend on the order of running, except at merges. A merge that is not told an order takes the lowest
 * input that has something when nothing else can run, so two runs agree.
 */
import { StepError } from "../errors.ts";
import type { Slot } from "../stream/fused-tokens.ts";
import type { Value } from "../stream/value.ts";
import type { Await, Awaited, Process } from "./process.ts";

/** A stream between two processes. Slots are written at the end, read at `head`. */
export class Wire {
  readonly slots: Slot<Value>[] = [];
  head = 0;
  closed = false;
  /** The process that reads it. */
  reader: Task | undefined;

  get readable(): boolean {
    return this.head < this.slots.length;
  }
}

/** A process under way. */
export interface Task {
  readonly id: string;
  readonly inputs: readonly Wire[];
  /** Per output port, the wires of all its readers. */
  readonly outputs: readonly (readonly Wire[])[];
  readonly process: Process;
  /** The ports it waits for; `undefined` before it first runs. */
  awaited: Awaited | undefined;
  finished: boolean;
}

/** Reading and choosing, for a task whose wires these are. */
export class Reader {
  readonly #inputs: readonly Wire[];
  readonly #order: readonly number[] | undefined;
  #chosen = 0;
  /** Whether the wait under way is a choice that is still open. */
  choosing = false;

  constructor(inputs: readonly Wire[], order: readonly number[] | undefined) {
    this.#inputs = inputs;
    this.#order = order;
  }

  *take(port: number): Await<Slot<Value> | undefined> {
    const slot = yield* this.peek(port);
    const wire = this.#inputs[port]!;
    if (slot !== undefined) wire.head += 1;
    // What was read is forgotten now and then.
    if (wire.head > 4096 && wire.head * 2 > wire.slots.length) {
      wire.slots.splice(0, wire.head);
      wire.head = 0;
    }
    return slot;
  }

  *peek(port: number): Await<Slot<Value> | undefined> {
    const wire = this.#inputs[port];
    if (wire === undefined) return undefined;
    while (!wire.readable) {
      if (wire.closed) return undefined;
      yield [port];
    }
    return wire.slots[wire.head];
  }

  /** Ports that are all to be served, in the order told. */
  arrange(ports: readonly number[]): readonly number[] {
    const told = this.#order?.slice(this.#chosen, this.#chosen + ports.length) ?? [];
    this.#chosen += told.length;
    return told.length === ports.length && told.every((port) => ports.includes(port)) ? told : ports;
  }

  *select(ports: readonly number[]): Await<number | undefined> {
    const told = this.#order?.[this.#chosen];
    if (told !== undefined) {
      this.#chosen += 1;
      return (yield* this.peek(told)) === undefined ? undefined : told;
    }
    this.choosing = true;
    for (;;) {
      const open = ports.filter((port) => this.#inputs[port]!.readable || !this.#inputs[port]!.closed);
      if (open.length === 0) break;
      // Yields at least once, so that everything else runs first.
      yield open;
      const ready = ports.find((port) => this.#inputs[port]!.readable);
      if (ready !== undefined) {
        this.choosing = false;
        return ready;
      }
    }
    this.choosing = false;
    return undefined;
  }
}

/**
 * Runs tasks until all are finished.
 *
 * @throws {StepError} `program-stuck` naming the nodes that wait for ever.
 */
export function runTasks(tasks: readonly Task[], isChoosing: (task: Task) => boolean): void {
  const ready: Task[] = [...tasks];
  const queued = new Set<Task>(tasks);
  const choosing: Task[] = [];
  for (;;) {
    const task = ready.shift() ?? nextChoice(choosing);
    if (task === undefined) break;
    queued.delete(task);
    step(task);
    if (!task.finished && isChoosing(task)) choosing.push(task);
    for (const wire of task.outputs.flat()) {
      const reader = wire.reader;
      if (reader === undefined || reader.finished || queued.has(reader) || isChoosing(reader)) continue;
      if (canGoOn(reader)) {
        queued.add(reader);
        ready.push(reader);
      }
    }
  }
  const stuck = tasks.filter((task) => !task.finished).map((task) => `"${task.id}"`);
  if (stuck.length === 0) return;
  const named = stuck.length > 8 ? [...stuck.slice(0, 8), `${stuck.length - 8} more`] : stuck;
  throw new StepError("program-stuck", `nothing can go on: ${named.join(", ")} wait for streams that never come`);
}

/** The first task in the middle of a choice that can be made now. */
function nextChoice(choosing: Task[]): Task | undefined {
  const place = choosing.findIndex(canGoOn);
  return place === -1 ? undefined : choosing.splice(place, 1)[0];
}

function canGoOn({ inputs, awaited }: Task): boolean {
  if (awaited === undefined) return true;
  const all = awaited.every((port) => inputs[port]!.closed);
  return all || awaited.some((port) => inputs[port]!.readable);
}

function step(task: Task): void {
  const { done, value } = task.process.next();
  if (!done) {
    task.awaited = value;
    return;
  }
  task.finished = true;
  for (const wire of task.outputs.flat()) wire.closed = true;
}
