// Small node programs that the engine and the reference engine both run.
import {
  type Channel,
  Node,
  OrderedNode,
  type Progress,
  type ReferenceAnswer,
  type ReferenceChannel,
  type ReferenceStep,
} from "../../src/index.ts";

/** One operation; `port` counts the inputs (peek, release) or the outputs (write). */
export type Operation =
  | { readonly do: "work"; readonly cycles: number }
  | { readonly do: "peek" | "release" | "write"; readonly port: number };

/** An eager merge that works `cycles` on each token and ends after `tokens`. */
export interface Merge {
  readonly cycles: number;
  readonly tokens: number;
}

/** What a node does over and over, `rounds` times or until an input ends. */
export interface Program {
  readonly operations: readonly Operation[];
  readonly rounds: number;
}

/** Mixes a payload into the state of a node: any change of order or value shows. */
function mix(state: number, payload: number): number {
  return (state * 31 + payload + 7) % 1_000_003;
}

/** Runs a program on the engine, one operation after the other. */
export class ProgramNode extends Node {
  readonly #program: Program;
  #round = 0;
  #next = 0;
  state = 1;

  constructor(id: string, ends: { inputs: readonly Channel[]; outputs: readonly Channel[] }, program: Program) {
    super(id, ends.inputs, ends.outputs);
    this.#program = program;
  }

  fire(budget: number): Progress {
    const { operations, rounds } = this.#program;
    for (; budget > 0; budget--) {
      if (this.#round === rounds) return this.finish();
      const operation = operations[this.#next]!;
      if (operation.do === "work") this.clock += operation.cycles;
      else if (operation.do === "write") {
        const output = this.outputs[operation.port]!;
        if (!output.writable) return this.waitFor(output);
        this.clock = output.reserve(this.clock);
        output.put(this.clock, this.state, this.#round);
      } else {
        const input = this.inputs[operation.port]!;
        if (!input.readable) return input.ended ? this.finish() : this.waitFor(input);
        if (operation.do === "release") input.release(this.clock);
        else {
          this.clock = input.peek(this.clock);
          this.state = mix(this.state, input.headPayload);
        }
      }
      this.#next += 1;
      if (this.#next < operations.length) continue;
      this.#next = 0;
      this.#round += 1;
    }
    return "more";
  }
}

/** The same program for the reference engine; `done` is told the final state. */
export function* referenceProgram(
  ends: { inputs: readonly ReferenceChannel[]; outputs: readonly ReferenceChannel[] },
  program: Program,
  changed: (state: number) => void,
): Generator<ReferenceStep, void, ReferenceAnswer> {
  let state = 1;
  for (let round = 0; round < program.rounds; round++) {
    for (const operation of program.operations) {
      if (operation.do === "work") yield operation;
      else if (operation.do === "write") {
        yield { do: "write", channel: ends.outputs[operation.port]!, payload: state, tag: round };
      } else {
        const answer: ReferenceAnswer = yield { do: operation.do, channel: ends.inputs[operation.port]! };
        if (operation.do === "release") continue;
        if (answer === null) return;
        state = mix(state, answer.token.payload);
        changed(state);
      }
    }
  }
}

/** An eager merge: takes the token that came first, ties to the lowest port; then writes it and works for `cycles`; ends after `tokens`. */
export class EagerMerge extends OrderedNode {
  readonly #merge: Merge;
  #held: { payload: number; tag: number } | null = null;
  readonly ports: number[] = [];

  constructor(id: string, ends: { inputs: readonly Channel[]; outputs: readonly Channel[] }, merge: Merge) {
    super(id, ends.inputs, ends.outputs);
    this.#merge = merge;
  }

  nextTime(): number {
    if (this.#held !== null) return this.outputs[0]!.writable ? this.clock : Number.POSITIVE_INFINITY;
    if (this.#over) return this.clock;
    const first = this.#first();
    return first < 0 ? Number.POSITIVE_INFINITY : Math.max(this.clock, this.inputs[first]!.headTime);
  }

  fire(until: number): Progress {
    const output = this.outputs[0]!;
    for (let time = this.nextTime(); time <= until && time !== Number.POSITIVE_INFINITY; time = this.nextTime()) {
      if (this.#held !== null) {
        this.clock = output.reserve(this.clock);
        output.put(this.clock, this.#held.payload, this.#held.tag);
        this.clock += this.#merge.cycles;
        this.#held = null;
        continue;
      }
      if (this.#over) return this.finish();
      const port = this.#first();
      const input = this.inputs[port]!;
      this.clock = input.peek(this.clock);
      this.#held = { payload: input.headPayload, tag: port };
      this.ports.push(port);
      input.release(this.clock);
    }
    return this.waitFor();
  }

  get #over(): boolean {
    return this.ports.length === this.#merge.tokens || this.inputs.every((input) => input.ended);
  }

  /** The port of the earliest token that is known; -1 if there is none. */
  #first(): number {
    let first = -1;
    for (const [port, input] of this.inputs.entries()) {
      if (input.readable && (first < 0 || input.headTime < this.inputs[first]!.headTime)) first = port;
    }
    return first;
  }
}

/** The same merge for the reference engine. */
export function* referenceMerge(
  ends: { inputs: readonly ReferenceChannel[]; outputs: readonly ReferenceChannel[] },
  merge: Merge,
): Generator<ReferenceStep, void, ReferenceAnswer> {
  for (let token = 0; token < merge.tokens; token++) {
    const answer: ReferenceAnswer = yield { do: "select", channels: ends.inputs };
    if (answer === null) return;
    yield { do: "release", channel: ends.inputs[answer.place]! };
    yield { do: "write", channel: ends.outputs[0]!, payload: answer.token.payload, tag: answer.place };
    yield { do: "work", cycles: merge.cycles };
  }
}
