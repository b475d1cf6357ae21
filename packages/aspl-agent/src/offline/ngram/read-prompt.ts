/** What a prompt teaches the synthesiser: counts of the operators of every program in it, and the task at its end. */
import { extractProgram } from "../../agents/prompts.ts";
import { parsePython } from "../../program/parse-python.ts";
import type { Op, OpProgram } from "../../program/program.ts";
import { readTasks } from "../../tasks/read-tasks.ts";
import type { Task } from "../../tasks/task.ts";
import { Chances } from "./chances.ts";
import { TurnCounts, turnOf } from "./function-order.ts";
import { type History, historyAfter, historyOfInput, keyOf, unknownInput } from "./history.ts";

/** What was read. */
export interface ReadPrompt {
  readonly task: Task;
  /** Of operators behind values. */
  readonly chances: Chances;
  /** Whether values are returned or read. */
  readonly ends: Chances;
  readonly turns: TurnCounts;
}

/** Reads a prompt; `undefined` if there is no task in it. A program of a demonstration counts so many times one of the base prompt. */
export function readPrompt(prompt: string, demonstrationWeight: number): ReadPrompt | undefined {
  const last = [...prompt.matchAll(/^```task\n([\s\S]*?)^```/gm)].at(-1);
  const task = last === undefined ? undefined : readTaskText(last[1]!);
  return task === undefined ? undefined : { task, ...countPrograms(prompt, demonstrationWeight) };
}

function readTaskText(text: string): Task | undefined {
  try {
    return readTasks(JSON.parse(text))[0];
  } catch {
    return undefined;
  }
}

/** Programs that follow a task are demonstrations; the others are those of the base prompt. */
function countPrograms(prompt: string, demonstrationWeight: number): Omit<ReadPrompt, "task"> {
  const counts = { chances: new Chances(), ends: new Chances(), turns: new TurnCounts() };
  for (const found of prompt.matchAll(/(```task\n[\s\S]*?^```\n)?^```python\n([\s\S]*?)^```/gm)) {
    const [, shown, text] = found;
    const read = parsePython(extractProgram(text!) ?? "");
    if (!("program" in read)) continue;
    const task = shown === undefined ? undefined : readTaskText(shown.slice(shown.indexOf("\n"), -4));
    const weight = shown === undefined ? 1 : demonstrationWeight;
    countOperators(read.program, task, { ...counts, weight });
    if (task !== undefined) countTurns(read.program, task, { turns: counts.turns, weight });
  }
  return counts;
}

function countOperators(
  { ops, returns }: OpProgram,
  task: Task | undefined,
  { chances, ends, weight }: Pick<ReadPrompt, "chances" | "ends"> & { readonly weight: number },
): void {
  const histories = new Map<string, History>((task?.inputs ?? []).map((input) => [input.name, historyOfInput(input)]));
  for (const op of ops) {
    const read = op.in.map((name) => histories.get(name) ?? unknownInput);
    // A Copy is no step of its own: the guardian's business. A Merge reads what its Partition read.
    const passed = op.op === "Copy" || op.op === "Partition" || op.op === "MapEach";
    const after = passed ? read[0]! : historyAfter(keyOf(op), read);
    for (const name of op.out) histories.set(name, after);
    if (passed) continue;
    chances.count(keyOf(op), read, weight);
    for (const history of read) ends.count("read", [history], weight);
  }
  for (const name of returns) ends.count("return", [histories.get(name) ?? unknownInput], weight);
}

function countTurns(
  { ops }: OpProgram,
  { fns }: Task,
  { turns, weight }: { readonly turns: TurnCounts; readonly weight: number },
): void {
  const numbers = new Map(fns.map(({ name }, number) => [name, number]));
  const used = new Set<number>();
  for (const op of ops) {
    const applied = fnsOf(op).map((name) => numbers.get(name) ?? -1);
    if (applied.length === 0 || applied.includes(-1)) continue;
    turns.count(turnOf(applied, used), weight);
    for (const fn of applied) used.add(fn);
  }
}

/** The functions that an operator applies. */
export function fnsOf(op: Op): readonly string[] {
  return "fns" in op ? op.fns : "fn" in op ? [op.fn] : [];
}
