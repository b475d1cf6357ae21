/**
 * A stochastic program synthesiser that learns from the prompt alone: counts of operators after the operators that made
 * what they read, from every program that the prompt shows. It is no language model, and is never reported as one: it lets
 * the learning loop be tested without any.
 */

import type { RandomStream } from "@millrace/tensor";
import { extractProgram } from "../agents/prompts.ts";
import { insertCopies } from "../program/affine.ts";
import { withoutDeadOperators } from "../program/canonical.ts";
import { partsOf, printElem, type StreamType } from "../program/element-type.ts";
import { parsePython } from "../program/parse-python.ts";
import { printPython } from "../program/print-python.ts";
import type { Op, OpProgram } from "../program/program.ts";
import { typeOperator, type ValueType } from "../program/typecheck.ts";
import { readTasks } from "../tasks/read-tasks.ts";
import type { Task } from "../tasks/task.ts";
import { type KnownValue, type Move, Moves } from "./moves.ts";

/** How the synthesiser draws. */
export interface NgramOptions {
  readonly temperature: number;
  readonly random: RandomStream;
  /** How much a program of a demonstration counts against one of the base prompt; 3 unless given. */
  readonly demonstrationWeight?: number;
  /** How likely all Copies are left out; 0 unless given. */
  readonly forgetCopies?: number;
}

/** Most operators of a drawn program, without Copies. */
const longestProgram = 20;

/** A program for the last task of a prompt, as a model would answer; some text if there is no task. */
export function synthesize(prompt: string, options: NgramOptions): string {
  const tasks = [...prompt.matchAll(/^```task\n([\s\S]*?)^```/gm)].map(([, json]) => readTaskText(json!));
  const task = tasks.at(-1);
  if (task === undefined) return "There is no task in what I was sent.";
  const counts = countPrograms(prompt, options.demonstrationWeight ?? 3);
  const program = withoutDeadOperators(new Draw(task, counts, options).program());
  const forget = (options.forgetCopies ?? 0) > options.random.unit();
  const inputs = task.inputs.map(({ name }) => name);
  return `\`\`\`python\n${printPython(forget ? program : insertCopies(program, "strict", inputs))}\n\`\`\``;
}

function readTaskText(text: string): Task | undefined {
  try {
    return readTasks(JSON.parse(text))[0];
  } catch {
    return undefined;
  }
}

/** Weights of operators on their own, and after what their arguments were made by, one, two or three operators back. */
class Counts {
  readonly #counts = new Map<string, number>();
  readonly #totals = new Map<string, number>();
  readonly #chances = new Map<History, Map<string, number>>();

  count(key: string, read: readonly History[], weight: number): void {
    for (const [position, history] of read.entries()) {
      const event = eventOf(key, position);
      for (const context of contextsOf(history, position)) {
        this.#counts.set(`${context}>${event}`, (this.#counts.get(`${context}>${event}`) ?? 0) + weight);
        this.#totals.set(context, (this.#totals.get(context) ?? 0) + weight);
      }
    }
  }

  /** How likely an operator is for these arguments, each alike: longer histories count where they were seen. */
  chance(key: string, read: readonly History[]): number {
    let product = 1;
    for (let position = 0; position < read.length; position++)
      product *= this.#remembered(key, read[position]!, position);
    return product ** (1 / read.length);
  }

  /** Most operators are asked for again at every step of a draw. */
  #remembered(key: string, history: History, position: number): number {
    const event = eventOf(key, position);
    let known = this.#chances.get(history);
    if (known === undefined) {
      known = new Map();
      this.#chances.set(history, known);
    }
    let chance = known.get(event);
    if (chance === undefined) {
      chance = this.#chanceAt(event, contextsOf(history, position));
      known.set(event, chance);
    }
    return chance;
  }

  #chanceAt(event: string, contexts: readonly string[]): number {
    let chance = FLOOR;
    for (const context of contexts) {
      const total = this.#totals.get(context) ?? 0;
      const share = (this.#counts.get(`${context}>${event}`) ?? 0) / Math.max(total, 1);
      const trust = total / (total + PRIOR);
      chance = (1 - trust) * chance + trust * share;
    }
    return chance + FLOOR;
  }
}

/** Chance of what was never seen. */
const FLOOR = 3e-4;
/** How much must be seen of a history before it counts as much as the shorter one. */
const PRIOR = 2;

const eventOf = (key: string, position: number): string => (position === 0 ? key : `${key}@${position}`);

/** What is known of an argument: nothing, then ever more of how it was made. */
const contextsOf = (history: History, position: number): readonly string[] =>
  ["", ...history].map((text) => `${position}:${text}`);

/** Programs that follow a task are demonstrations; the others are those of the base prompt. */
function countPrograms(prompt: string, demonstrationWeight: number): Counts {
  const counts = new Counts();
  for (const found of prompt.matchAll(/(```task\n[\s\S]*?^```\n)?^```python\n([\s\S]*?)^```/gm)) {
    const [, shown, text] = found;
    const read = parsePython(extractProgram(text!) ?? "");
    if (!("program" in read)) continue;
    const inputs = shown === undefined ? [] : (readTaskText(shown.slice(shown.indexOf("\n"), -4))?.inputs ?? []);
    const history = new Map(inputs.map((input) => [input.name, sourceOf(input)]));
    countProgram(read.program, history, { counts, weight: shown === undefined ? 1 : demonstrationWeight });
  }
  return counts;
}

function countProgram(
  { ops, returns }: OpProgram,
  history: Map<string, History>,
  { counts, weight }: { readonly counts: Counts; readonly weight: number },
): void {
  for (const op of ops) {
    const read = op.in.map((name) => history.get(name) ?? source);
    // A Copy is no step of its own: the guardian's business. A Merge reads what its Partition read.
    const after = op.op === "Copy" || op.op === "Partition" || op.op === "MapEach" ? read[0]! : next(keyOf(op), read);
    for (const name of op.out) history.set(name, after);
    if (op.op === "Copy" || op.op === "MapEach" || op.op === "Partition") continue;
    counts.count(keyOf(op), read, weight);
  }
  for (const name of returns) counts.count("return", [history.get(name) ?? source], weight);
}

/** How a value was made: its last operator, its last two, its last three, each with what it read. */
type History = readonly [string, string, string];

/** The history of an input whose type the prompt does not show. */
const source: History = ["input", "input", "input"];

/** The history of an input: what kind of element it carries, and in how many axes. */
function sourceOf({ elem, shape }: StreamType): History {
  const kinds = partsOf(elem).map((part) => (typeof part === "string" ? part : Object.keys(part)[0]));
  return ["input", `input:${kinds.join("+")}`, `input:${kinds.join("+")}/${shape.length}`];
}

/** The history of what an operator makes from values with the given ones. */
function next(key: string, read: readonly History[]): History {
  const of = (depth: 0 | 1): string => `${key}(${read.map((history) => history[depth]).join()})`;
  return [key, of(0), of(1)];
}

/** An operator without names: what carries over from task to task. */
function keyOf(op: Op): string {
  switch (op.op) {
    case "Accum":
    case "Scan":
    case "Promote":
      return `${op.op}${op.b}`;
    case "Bufferize":
      return `${op.op}${op.a}`;
    case "Flatten":
      return `${op.op}${op.levels.join(",")}`;
    default:
      return op.op;
  }
}

interface DrawnValue extends KnownValue {
  readonly history: History;
  readonly used: boolean;
}

interface Choice {
  readonly weight: number;
  readonly move: Move | undefined;
}

class Draw {
  readonly #task: Task;
  readonly #counts: Counts;
  readonly #options: NgramOptions;
  readonly #moves: Moves;
  readonly #types = new Map<string, ValueType>();
  readonly #values: DrawnValue[] = [];
  readonly #ops: Op[] = [];
  readonly #done = new Set<string>();
  readonly #usedFns = new Set<string>();

  constructor(task: Task, counts: Counts, options: NgramOptions) {
    this.#task = task;
    this.#counts = counts;
    this.#options = options;
    this.#moves = new Moves(task, { unpruned: true });
    for (const { name, elem, shape } of task.inputs) {
      const type = { elem, shape };
      this.#types.set(name, type);
      this.#values.push({ name, type, made: [], history: sourceOf(type), used: false });
    }
  }

  program(): OpProgram {
    while (this.#ops.length < longestProgram) {
      const move = this.#pick();
      if (move === undefined) break;
      this.#apply(move);
    }
    return { ops: this.#ops, returns: this.#returns() ?? [this.#values.at(-1)!.name] };
  }

  /** The newest value of each output's type; `undefined` if some output has none. */
  #returns(): string[] | undefined {
    const names = this.#task.outputs.map((output) => this.#values.findLast(({ type }) => sameType(type, output))?.name);
    return names.some((name) => name === undefined) ? undefined : (names as string[]);
  }

  #pick(): Move | undefined {
    const choices = this.#choices();
    const total = choices.reduce((sum, { weight }) => sum + weight, 0);
    let left = this.#options.random.unit() * total;
    for (const { weight, move } of choices) {
      left -= weight;
      if (left <= 0) return move;
    }
    return undefined;
  }

  #choices(): Choice[] {
    const choices: Choice[] = [];
    for (const value of this.#values) {
      for (const move of this.#moves.unary(value)) this.#offer(move, choices);
      for (const key of this.#moves.partnersOf(value)) {
        for (const other of this.#values) {
          if (!this.#moves.keysOf(other).includes(key)) continue;
          for (const move of this.#moves.binary(value, other, key)) this.#offer(move, choices);
        }
      }
    }
    const returns = this.#returns();
    if (returns === undefined) return choices;
    // Functions that a task gives are meant to be used, and so is whatever was made.
    if (choices.length > 0 && this.#task.fns.some(({ name }) => !this.#usedFns.has(name))) return choices;
    const finished = this.#values.find(({ name }) => name === returns[0])!;
    const dangling = this.#values.filter(({ name, used }) => !used && !returns.includes(name)).length;
    const weight = this.#sharpen(20 * this.#counts.chance("return", [finished.history]) * 0.1 ** dangling);
    return [...choices, { weight, move: undefined }];
  }

  #offer(move: Move, choices: Choice[]): void {
    const op = move.ops.at(-1)!;
    const values = move.from as readonly DrawnValue[];
    const spelled = JSON.stringify(move.ops);
    if (this.#done.has(spelled) || this.#typeOf(move) === undefined) return;
    let weight = this.#counts.chance(
      keyOf(op),
      values.map(({ history }) => history),
    );
    const fns = namesIn(move.ops);
    if (fns.length > 0) weight *= fns.some((name) => !this.#usedFns.has(name)) ? 4 : 0.1;
    for (const { used } of values) weight *= used ? 0.03 : 1;
    if (values.length === 2 && values[0] === values[1]) weight *= 0.1;
    if (op.op === "Repeat") weight *= 0.3;
    choices.push({ weight: this.#sharpen(weight), move });
  }

  #sharpen(weight: number): number {
    return weight ** (1 / Math.max(0.05, this.#options.temperature));
  }

  #typeOf(move: Move): StreamType | undefined {
    // Only a route needs the types of what stands between its operators.
    const types = move.ops.length === 1 ? this.#types : new Map(this.#types);
    let made: readonly ValueType[] | string = [];
    for (const op of move.ops) {
      made = typeOperator(op, this.#task, types);
      if (typeof made === "string") return undefined;
      if (move.ops.length > 1) types.set(op.out[0]!, made[0]!);
    }
    return made[0] as StreamType;
  }

  #apply(move: Move): void {
    const type = this.#typeOf(move)!;
    const name = `S${this.#values.length}`;
    const rename = (value: string): string => {
      if (value === "new") return name;
      return value === "sent" || value === "served" ? `${name}_${value}` : value;
    };
    for (const op of move.ops) {
      const renamed = { ...op, in: op.in.map(rename), out: op.out.map(rename) };
      this.#types.set(renamed.out[0]!, (typeOperator(renamed, this.#task, this.#types) as readonly ValueType[])[0]!);
      this.#ops.push(renamed);
    }
    this.#done.add(JSON.stringify(move.ops));
    for (const fn of namesIn(move.ops)) this.#usedFns.add(fn);
    const names = new Set(move.from.map((value) => value.name));
    for (const [index, value] of this.#values.entries()) {
      if (names.has(value.name)) this.#values[index] = { ...value, used: true };
    }
    const read = (move.from as readonly DrawnValue[]).map((value) => value.history);
    const history = next(keyOf(move.ops.at(-1)!), read);
    this.#values.push({ name, type, made: [], history, used: false });
  }
}

function namesIn(ops: readonly Op[]): readonly string[] {
  return ops.flatMap((op) => ("fns" in op ? op.fns : "fn" in op ? [op.fn] : []));
}

function sameType(a: StreamType, b: StreamType): boolean {
  return a.shape.join() === b.shape.join() && printElem(a.elem) === printElem(b.elem);
}
