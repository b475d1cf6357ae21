/** Draws one program: type-correct moves, one at a time, until the outputs are there. */

import type { RandomStream } from "@millrace/tensor";
import { printElem, type StreamType } from "../../program/element-type.ts";
import type { Op, OpProgram } from "../../program/program.ts";
import { typeOperator, type ValueType } from "../../program/typecheck.ts";
import { type KnownValue, type Move, Moves } from "../moves.ts";
import { type Turn, turnOf } from "./function-order.ts";
import { type History, historyAfter, historyOfInput, keyOf } from "./history.ts";
import { fnsOf, type ReadPrompt } from "./read-prompt.ts";

/** Most operators of a drawn program, without Copies. */
const longestProgram = 20;

/** Habits that any programmer has, not learned from the prompt: factors of a move's weight. */
const habits = {
  /** A function that the task gives and that was not used yet, and one that was. */
  newFunction: 4,
  oldFunction: 0.1,
  /** Each value that was read before. */
  readAgain: 0.03,
  /** One value read twice at once. */
  readTwice: 0.1,
  repeat: 0.3,
  /** Stopping once the outputs are there; and each value that would be left over then. */
  stop: 20,
  leftOver: 0.1,
};

/** What a draw depends on. */
export interface DrawOptions extends ReadPrompt {
  readonly temperature: number;
  readonly random: RandomStream;
}

interface DrawnValue extends KnownValue {
  readonly history: History;
  /** Its type as text. */
  readonly spelled: string;
  readonly keys: readonly string[];
  readonly partners: readonly string[];
  /** Chances of what may read it first, and second. */
  readonly rows: readonly [Float64Array, Float64Array];
  used: boolean;
}

/** A move that can be made from the values there are. What does not change from step to step is computed once. */
interface Choice {
  readonly move: Move;
  readonly from: readonly DrawnValue[];
  readonly type: StreamType;
  /** The functions it applies, operator by operator, by their numbers in the list of the task. */
  readonly fns: readonly (readonly number[])[];
  /** The sharpened weight, but for what depends on what was used before. */
  readonly weight: number;
}

/** A drawn program, without Copies. */
export function drawProgram(options: DrawOptions): OpProgram {
  return new Draw(options).program();
}

class Draw {
  readonly #options: DrawOptions;
  readonly #moves: Moves;
  readonly #types = new Map<string, ValueType>();
  readonly #values: DrawnValue[] = [];
  readonly #ops: Op[] = [];
  readonly #used = new Set<number>();
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #outputs: readonly string[];
  readonly #sharp: typeof habits;
  readonly #turns: Readonly<Record<Turn, number>>;
  #choices: Choice[] = [];

  constructor(options: DrawOptions) {
    this.#options = options;
    const { task } = options;
    this.#moves = new Moves(task, { unpruned: true });
    this.#outputs = task.outputs.map(spellType);
    const sharpened = Object.entries(habits).map(([name, factor]) => [name, this.#sharpen(factor)]);
    this.#sharp = Object.fromEntries(sharpened) as typeof habits;
    const turn = (one: Turn): number => this.#sharpen(options.turns.factorOf(one));
    this.#turns = { next: turn("next"), later: turn("later"), again: turn("again") };
    this.#numbers = new Map(task.fns.map(({ name }, number) => [name, number]));
    for (const { name, elem, shape } of task.inputs) this.#keep(name, { elem, shape }, historyOfInput({ elem, shape }));
  }

  program(): OpProgram {
    while (this.#ops.length < longestProgram) {
      const choice = this.#pick();
      if (choice === undefined) break;
      this.#apply(choice);
    }
    return { ops: this.#ops, returns: this.#returns() ?? [this.#values.at(-1)!.name] };
  }

  #sharpen(weight: number): number {
    return weight ** (1 / Math.max(0.05, this.#options.temperature));
  }

  /** The newest value of each output's type; `undefined` if some output has none. */
  #returns(): string[] | undefined {
    const names = this.#outputs.map((output) => this.#values.findLast(({ spelled }) => spelled === output)?.name);
    return names.some((name) => name === undefined) ? undefined : (names as string[]);
  }

  /** A move, or `undefined` to stop. */
  #pick(): Choice | undefined {
    const weights = this.#choices.map((choice) => this.#weightOf(choice));
    const total = weights.reduce((sum, weight) => sum + weight, 0) + this.#weightOfStopping();
    let left = this.#options.random.unit() * total;
    for (const [at, choice] of this.#choices.entries()) {
      left -= weights[at]!;
      if (left <= 0) return choice;
    }
    return undefined;
  }

  #weightOf({ weight, fns, from }: Choice): number {
    let product = weight;
    if (fns.length > 0) product *= this.#weightOfFunctions(fns);
    for (const { used } of from) if (used) product *= this.#sharp.readAgain;
    return product;
  }

  #weightOfFunctions(fns: Choice["fns"]): number {
    const fresh = fns.some((applied) => applied.some((fn) => !this.#used.has(fn)));
    let product = fresh ? this.#sharp.newFunction : this.#sharp.oldFunction;
    const used = fns.length === 1 ? this.#used : new Set(this.#used);
    for (const applied of fns) {
      product *= this.#turns[turnOf(applied, used)];
      if (fns.length > 1) for (const fn of applied) used.add(fn);
    }
    return product;
  }

  #numbersOf(ops: readonly Op[]): Choice["fns"] {
    return ops.map((op) => fnsOf(op).map((name) => this.#numbers.get(name)!)).filter(({ length }) => length > 0);
  }

  #weightOfStopping(): number {
    const returns = this.#returns();
    if (returns === undefined) return 0;
    const { task, ends } = this.#options;
    // Functions that a task gives are meant to be used, and so is whatever was made.
    if (this.#choices.length > 0 && this.#used.size < task.fns.length) return 0;
    const finished = this.#values.find(({ name }) => name === returns[0])!;
    const leftOver = this.#values.filter(({ name, used }) => !used && !returns.includes(name)).length;
    const chance = ends.rowOf(finished.history, 0)[ends.eventAt("return", 0)]!;
    return this.#sharp.stop * this.#sharpen(chance) * this.#sharp.leftOver ** leftOver;
  }

  /** Adds a value, and the moves that it makes possible. */
  #keep(name: string, type: StreamType, history: History): void {
    const { chances } = this.#options;
    this.#types.set(name, type);
    const known = { name, type, made: [] };
    const value: DrawnValue = {
      ...known,
      history,
      spelled: spellType(type),
      keys: this.#moves.keysOf(known),
      partners: this.#moves.partnersOf(known),
      rows: [chances.rowOf(history, 0), chances.rowOf(history, 1)],
      used: false,
    };
    this.#values.push(value);
    for (const move of this.#moves.unary(value)) this.#offer(move);
    for (const other of this.#values) {
      this.#offerPairs(value, other);
      if (other !== value) this.#offerPairs(other, value);
    }
  }

  #offerPairs(left: DrawnValue, right: DrawnValue): void {
    for (const key of left.partners) {
      if (!right.keys.includes(key)) continue;
      for (const move of this.#moves.binary(left, right, key)) this.#offer(move);
    }
  }

  #offer(move: Move): void {
    const type = this.#typeOf(move);
    if (type === undefined) return;
    const { chances } = this.#options;
    const from = move.from as readonly DrawnValue[];
    const op = move.ops.at(-1)!;
    const key = keyOf(op);
    // Each argument counts alike.
    let chance = 1;
    for (let position = 0; position < from.length; position++) {
      chance *= from[position]!.rows[position as 0 | 1][chances.eventAt(key, position)]!;
    }
    let weight = this.#sharpen(from.length === 1 ? chance : Math.sqrt(chance));
    if (from.length === 2 && from[0] === from[1]) weight *= this.#sharp.readTwice;
    if (op.op === "Repeat") weight *= this.#sharp.repeat;
    this.#choices.push({ move, from, type, fns: this.#numbersOf(move.ops), weight });
  }

  #typeOf(move: Move): StreamType | undefined {
    // Only a route needs the types of what stands between its operators.
    const types = move.ops.length === 1 ? this.#types : new Map(this.#types);
    let made: readonly ValueType[] | string = [];
    for (const op of move.ops) {
      made = typeOperator(op, this.#options.task, types);
      if (typeof made === "string") return undefined;
      if (move.ops.length > 1) types.set(op.out[0]!, made[0]!);
    }
    return made[0] as StreamType;
  }

  #apply(choice: Choice): void {
    const { move, from, fns, type } = choice;
    this.#choices = this.#choices.filter((one) => one !== choice);
    const name = `S${this.#values.length}`;
    const rename = (value: string): string => {
      if (value === "new") return name;
      return value === "sent" || value === "served" ? `${name}_${value}` : value;
    };
    for (const op of move.ops) this.#ops.push({ ...op, in: op.in.map(rename), out: op.out.map(rename) });
    for (const applied of fns) for (const fn of applied) this.#used.add(fn);
    for (const value of from) value.used = true;
    const read = from.map(({ history }) => history);
    this.#keep(name, type, historyAfter(keyOf(move.ops.at(-1)!), read));
  }
}

const spellType = ({ elem, shape }: StreamType): string => `${shape.join()}|${printElem(elem)}`;
