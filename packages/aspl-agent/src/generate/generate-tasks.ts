/**
 * Makes tasks: operators like those of KernelBench, with sizes, functions and a reference program, drawn from a seed. Each
 * is checked against plain loops over dense arrays before it is given out.
 *
 * The kinds follow Ouyang et al., "KernelBench", arXiv 2502.10517 (levels 1 to 3); the tasks and the functions, which a
 * program may compose and which make a task easy or hard, are made here.
 */
import { RandomStream } from "@millrace/tensor";
import { AsplError } from "../errors.ts";
import { drawExpectedSets } from "../tasks/expect-outputs.ts";
import { readTasks } from "../tasks/read-tasks.ts";
import type { Task } from "../tasks/task.ts";
import type { ExpectedSet } from "../tasks/tensor-set.ts";
import { findDisagreement } from "../verify/compare.ts";
import { type Draft, type Family, pick, pickSome } from "./family.ts";
import { matrixFamilies } from "./matrix-families.ts";
import { rowFamilies } from "./row-families.ts";

const families: readonly Family[] = [...rowFamilies, ...matrixFamilies];

/** Names of the kinds of tasks. */
export const taskFamilies: readonly string[] = families.map(({ name }) => name);

/** What to make. */
export interface GenerateOptions {
  readonly seed: number;
  readonly count: number;
  /** Kinds to choose from; all unless given. */
  readonly families?: readonly string[];
}

/** A task, and the JSON that a file would have of it. */
export interface GeneratedTask {
  readonly task: Task;
  readonly json: object;
}

/** Sizes that axes may have: small, and different within a task. */
const extents = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

/**
 * The tasks of a seed, the same in every run; task `i` does not depend on how many there are.
 *
 * @throws {AsplError} `options` for a kind that there is not.
 */
export function generateTasks({
  seed,
  count,
  families: wanted = taskFamilies,
}: GenerateOptions): readonly GeneratedTask[] {
  const chosen = wanted.map((name) => {
    const family = families.find((one) => one.name === name);
    if (family !== undefined) return family;
    throw new AsplError("options", `there is no kind of task '${name}'; kinds are ${taskFamilies.join(", ")}`);
  });
  return Array.from({ length: count }, (_, index) => {
    const random = new RandomStream(seed, `task/${index}`);
    const family = pick(random, chosen);
    return drawn(family, random, `${family.name}/${seed}_${index}`);
  });
}

/** Draws that say nothing, such as a relu of what is never positive, are drawn again. */
function drawn(family: Family, random: RandomStream, id: string): GeneratedTask {
  for (;;) {
    try {
      return generate(family, random, id);
    } catch (error) {
      if (!(error instanceof AsplError) || error.code !== "tensor-sets") throw error;
    }
  }
}

function generate(family: Family, random: RandomStream, id: string): GeneratedTask {
  const draft = family.draw(random);
  const sizes = pickSome(random, extents, draft.symbols.length);
  const { about, inputs, params = [], fns, output, reference } = draft;
  const dims = Object.fromEntries(draft.symbols.map((symbol, at) => [symbol, sizes[at]!]));
  const json = {
    id,
    group: family.name,
    about,
    dims,
    experts: null,
    inputs,
    params,
    fns,
    outputs: [output],
    reference,
  };
  const [task] = readTasks(json);
  for (const set of drawExpectedSets(task!, 1)) checkDensely(task!, draft, set);
  return { task: task!, json };
}

/** A reference that plain loops do not agree with is a fault of this file. */
function checkDensely(task: Task, draft: Draft, { name, sizes, inputs, params, outputs }: ExpectedSet): void {
  const numbers = Object.entries(inputs).map(([input, [tensor]]) => [input, tensor!.values] as const);
  const weights = Object.entries(params).map(([param, tensor]) => [param, tensor.values] as const);
  const given = { inputs: Object.fromEntries(numbers), params: Object.fromEntries(weights), sizes };
  const expected = draft.dense(given);
  const found = outputs[0]![0]!.values;
  const wrong = found.length === expected.length ? findDisagreement(found, expected) : { at: 0, error: Number.NaN };
  if (wrong === undefined) return;
  throw new Error(`task '${task.id}', ${name}: its program and its dense evaluation differ by ${wrong.error}`);
}
