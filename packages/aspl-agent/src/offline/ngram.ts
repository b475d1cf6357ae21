/**
 * A stochastic program synthesiser that learns from the prompt alone: counts of operators after the operators that made
 * what they read, from every program that the prompt shows. It is no language model, and is never reported as one: it lets
 * the learning loop be tested without any.
 */
import { extractProgram } from "../agents/prompts.ts";
import { insertCopies } from "../program/affine.ts";
import { withoutDeadOperators } from "../program/canonical.ts";
import { printElem, type StreamType } from "../program/element-type.ts";
import { parsePython } from "../program/parse-python.ts";
import { printPython } from "../program/print-python.ts";
import type { Op, OpProgram } from "../program/program.ts";
import { typeOperator, type ValueType } from "../program/typecheck.ts";
import type { RandomStream } from "../random-stream.ts";
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

/** Weights of operators on their own, after one operator, and after two. */
class Counts {
  readonly #counts = new Map<string, number>();
  readonly #totals = new Map<string, number>();

  add(context: string, key: string, weight: number): void {
    this.#counts.set(`${context}>${key}`, (this.#counts.get(`${context}>${key}`) ?? 0) + weight);
    this.#totals.set(context, (this.#totals.get(context) ?? 0) + weight);
  }

  share(context: string, key: string): number {
    return (this.#counts.get(`${context}>${key}`) ?? 0) / (this.#totals.get(context) ?? 1);
  }
}

/** Programs that follow a task are demonstrations; the others are those of the base prompt. */
function countPrograms(prompt: string, demonstrationWeight: number): Counts {
  const counts = new Counts();
  for (const found of prompt.matchAll(/(```task\n[\s\S]*?^```\n)?^```python\n([\s\S]*?)^```/gm)) {
    const [, shown, text] = found;
    const read = parsePython(extractProgram(text!) ?? "");
    if ("program" in read) countProgram(read.program, counts, shown === undefined ? 1 : demonstrationWeight);
  }
  return counts;
}

function countProgram({ ops, returns }: OpProgram, counts: Counts, weight: number): void {
  const history = new Map<string, History>();
  for (const op of ops) {
    const before = history.get(op.in[0]!) ?? source;
    // A Copy is no step of its own: the guardian's business.
    const after = op.op === "Copy" ? before : next(before, keyOf(op));
    for (const name of op.out) history.set(name, after);
    if (op.op === "Copy" || op.op === "MapEach" || op.op === "Partition") continue;
    for (const context of contexts(before)) counts.add(context, keyOf(op), weight);
  }
  for (const name of returns)
    for (const context of contexts(history.get(name) ?? source)) counts.add(context, "return", weight);
}

/** The last two operators that led to a value. */
interface History {
  readonly last: string;
  readonly before: string;
}

const source: History = { last: "input", before: "" };
const next = ({ last }: History, key: string): History => ({ last: key, before: last });
const contexts = ({ last, before }: History): readonly string[] => ["", last, `${before}>${last}`];

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
    this.#moves = new Moves(task);
    for (const { name, elem, shape } of task.inputs) {
      const type = { elem, shape };
      this.#types.set(name, type);
      this.#values.push({ name, type, made: [], history: source, used: false });
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
    const finished = this.#values.find(({ name }) => name === returns[0])!;
    // Functions that a task gives are meant to be used, and so is whatever was made.
    const unused = this.#task.fns.filter(({ name }) => !this.#usedFns.has(name)).length;
    const dangling = this.#values.filter(({ name, used }) => !used && !returns.includes(name)).length;
    const weight = this.#sharpen(
      this.#chance(finished.history, "return") * (unused === 0 ? 20 : 0.001) * 0.1 ** dangling,
    );
    return [...choices, { weight, move: undefined }];
  }

  #offer(move: Move, choices: Choice[]): void {
    const op = move.ops.at(-1)!;
    const values = move.from as readonly DrawnValue[];
    const spelled = JSON.stringify(move.ops);
    if (this.#done.has(spelled) || this.#typeOf(move) === undefined) return;
    let weight = this.#chance(values[0]!.history, keyOf(op));
    const fns = namesIn(move.ops);
    if (fns.length > 0) weight *= fns.some((name) => !this.#usedFns.has(name)) ? 4 : 0.3;
    for (const { used } of values) weight *= used ? 0.1 : 1;
    if (values.length === 2 && values[0] === values[1]) weight *= 0.1;
    if (op.op === "Repeat") weight *= 0.3;
    choices.push({ weight: this.#sharpen(weight), move });
  }

  #sharpen(weight: number): number {
    return weight ** (1 / Math.max(0.05, this.#options.temperature));
  }

  #chance(history: History, key: string): number {
    const [alone, after, afterTwo] = contexts(history) as [string, string, string];
    const { share } = this.#counts;
    const of = share.bind(this.#counts);
    return 0.001 + 0.15 * of(alone, key) + 0.35 * of(after, key) + 0.5 * of(afterTwo, key);
  }

  #typeOf(move: Move): StreamType | undefined {
    const types = new Map(this.#types);
    let made: readonly ValueType[] | string = [];
    for (const op of move.ops) {
      made = typeOperator(op, this.#task, types);
      if (typeof made === "string") return undefined;
      types.set(op.out[0]!, made[0]!);
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
    const read = new Set(move.from.map((value) => value.name));
    for (const [index, value] of this.#values.entries()) {
      if (read.has(value.name)) this.#values[index] = { ...value, used: true };
    }
    const history = next((move.from[0] as DrawnValue).history, keyOf(move.ops.at(-1)!));
    this.#values.push({ name, type, made: [], history, used: false });
  }
}

function namesIn(ops: readonly Op[]): readonly string[] {
  return ops.flatMap((op) => ("fns" in op ? op.fns : "fn" in op ? [op.fn] : []));
}

function sameType(a: StreamType, b: StreamType): boolean {
  return a.shape.join() === b.shape.join() && printElem(a.elem) === printElem(b.elem);
}
