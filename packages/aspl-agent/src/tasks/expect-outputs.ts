/** Sets with what the reference program of a task makes of them, and whether they can tell right programs from wrong ones. */
import { AsplError } from "../errors.ts";

import { typecheck, type ValueType } from "../program/typecheck.ts";
import { agrees } from "../verify/compare.ts";
import { Interpreter, type StreamNumbers } from "../verify/interpret.ts";
import { drawSet, otherSizes } from "./draw-set.ts";
import type { Task } from "./task.ts";
import type { ExpectedSet, TensorSet } from "./tensor-set.ts";

/** How many draws are tried before a task is said to leave an expert idle. */
const attempts = 20;

/**
 * Sets for judging programs: two at the default sizes and two at others, from different seeds, drawn anew until they
 * send something to every expert.
 *
 * @throws {AsplError} `tensor-sets` if the task has no reference program, or no draw tells right from wrong.
 */
export function drawExpectedSets(task: Task, seed: number): readonly ExpectedSet[] {
  const plans = [task.dims, otherSizes(task), task.dims, otherSizes(task)];
  let fault = "";
  for (let attempt = 0; attempt < attempts; attempt++) {
    const sets = plans.map((sizes, index) => expectOutputs(task, drawSet(task, sizes, seed + 101 * attempt + index)));
    const found = findBlindSpot(task, sets);
    if (found === undefined) return sets;
    fault = found;
  }
  throw new AsplError("tensor-sets", `task '${task.id}': in ${attempts} draws, ${fault}`);
}

/** A set with the outputs of the reference program. @throws {AsplError} `tensor-sets` if there is none, or it fails. */
export function expectOutputs(task: Task, set: TensorSet): ExpectedSet {
  const { values } = runReference(task, set);
  const outputs = task.reference!.returns.map((name) => {
    return (values.get(name) as StreamNumbers).map((numbers) => ({ shape: [numbers.length], values: numbers }));
  });
  return { ...set, outputs };
}

/** The types of the values of a task's reference. @throws {AsplError} `tensor-sets` if it has none, or it is not well typed. */
function typeReference(task: Task): ReadonlyMap<string, ValueType> {
  if (task.reference === undefined) {
    throw new AsplError(
      "tensor-sets",
      `task '${task.id}' has no reference program: give recorded outputs to judge against`,
    );
  }
  const typed = typecheck(task.reference, task);
  if ("fault" in typed) {
    throw new AsplError(
      "task",
      `task '${task.id}': the reference program, operator ${typed.fault.at}: ${typed.fault.message}`,
    );
  }
  return typed.types;
}

function runReference(task: Task, set: TensorSet) {
  const run = new Interpreter(task, set).run(task.reference!, typeReference(task));
  if (!("fault" in run)) return run;
  throw new AsplError(
    "task",
    `task '${task.id}': the reference program, operator ${run.fault.at}: ${run.fault.message}`,
  );
}

/**
 * What sets cannot see, in words; `undefined` if they see enough: some expected output is not zero, depends on the
 * inputs, and, over all sets together, every expert of every Partition is sent something.
 */
export function findBlindSpot(task: Task, sets: readonly ExpectedSet[]): string | undefined {
  for (const [index, { elem, shape }] of task.outputs.entries()) {
    const outputs = sets.flatMap((set) => set.outputs[index]!.map(({ values }) => values));
    if (outputs.every((values) => values.every((value) => agrees(0, value)))) {
      return `output ${index} (${shape.join("×")}, ${typeof elem === "string" ? elem : Object.keys(elem)[0]}) is zero everywhere: a program that returns zeros would pass`;
    }
  }
  if (task.reference === undefined) return undefined;
  return findIdleExpert(task, sets) ?? findIndependence(task, sets);
}

function findIdleExpert(task: Task, sets: readonly ExpectedSet[]): string | undefined {
  const sent = new Map<string, number>();
  for (const set of sets) {
    const { sizes } = runReference(task, set);
    for (const [symbol, size] of Object.entries(sizes)) {
      if (symbol.includes("#")) sent.set(symbol, (sent.get(symbol) ?? 0) + size);
    }
  }
  for (const [symbol, count] of sent) {
    if (count === 0)
      return `expert ${symbol.slice(symbol.indexOf("#") + 1)} is never chosen: a program that is wrong there would pass`;
  }
  return findIdleChoice(task, sets);
}

/** A choice may also be an output: then no Partition counts it. */
function findIdleChoice(task: Task, sets: readonly ExpectedSet[]): string | undefined {
  for (const [index, { elem }] of task.outputs.entries()) {
    if (typeof elem !== "object" || !("multihot" in elem)) continue;
    const symbol = elem.multihot;
    const chosen = new Set<number>();
    for (const { outputs, sizes } of sets) {
      const experts = sizes[symbol] ?? 1;
      outputs[index]![0]!.values.forEach((value, at) => {
        if (value !== 0) chosen.add(at % experts);
      });
    }
    const least = Math.min(...sets.map(({ sizes }) => sizes[symbol] ?? 1));
    for (let expert = 0; expert < least; expert++) {
      if (!chosen.has(expert))
        return `output ${index} never chooses expert ${expert}: a program that is wrong there would pass`;
    }
  }
  return undefined;
}

function findIndependence(task: Task, sets: readonly ExpectedSet[]): string | undefined {
  const depends = sets.some((set) => {
    const others = expectOutputs(task, { ...drawSet(task, set.sizes, 0x5eed), params: set.params });
    return others.outputs.some((parts, output) =>
      parts.some(({ values }, part) =>
        values.some((value, at) => !agrees(value, set.outputs[output]![part]!.values[at]!)),
      ),
    );
  });
  return depends ? undefined : "the outputs are the same for other inputs: a program that ignores them would pass";
}
