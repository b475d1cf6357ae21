/** Tasks as text for models, and back. */
import type { Task } from "../tasks/task.ts";

/** Fences around the parts of a prompt that are data. */
const taskFence = "```task";

/**
 * The task as a model sees it: JSON, an entry a line, in a fence. What is expected is said in words, by types, and by the
 * functions; the reference program is left out.
 */
export function describeTask(task: Task): string {
  const { id, about, dims, experts, inputs, params, fns, outputs } = task;
  const list = (name: string, entries: readonly unknown[]): string =>
    `"${name}": [${entries.map((entry) => `\n  ${JSON.stringify(entry)}`).join(",")}${entries.length > 0 ? "\n" : ""}]`;
  const shown = fns.map((fn) => {
    const init = fn.init.map((start) => (Number.isFinite(start) ? start : start < 0 ? "-inf" : "inf"));
    return fn.kind === "fold"
      ? { ...fn, init }
      : { name: fn.name, kind: fn.kind, in: fn.in, out: fn.out, expr: fn.expr };
  });
  const parts = [
    `"id": ${JSON.stringify(id)}`,
    `"about": ${JSON.stringify(about)}`,
    `"dims": ${JSON.stringify(dims)}`,
    ...(experts === null ? [] : [`"experts": ${experts}`]),
    list("inputs", inputs),
    ...(params.length === 0 ? [] : [list("params", params)]),
    list("fns", shown),
    list("outputs", outputs),
  ];
  return `${taskFence}\n{${parts.join(",\n")}}\n\`\`\``;
}
