/** `millrace agent tasks`: makes tasks for agents. */
import { generateTasks, taskFamilies } from "@millrace/aspl-agent";
import { buildCommand, type Command } from "@stricli/core";
import { type CommonFlags, commonFlags, describe, integerFrom } from "../../cli/flags.ts";
import { type Invocation, presenting } from "../../cli/outcome.ts";
import type { JsonValue } from "../../terminal/json.ts";

interface TasksFlags extends CommonFlags {
  readonly count: number;
  readonly kinds?: readonly string[] | undefined;
}

/** The `agent tasks` command. */
export const agentTasks: Command<Invocation> = buildCommand<TasksFlags, [], Invocation>({
  docs: {
    brief: "Make tasks like those of KernelBench: functions, sizes, a reference program",
    customUsage: ["[--count N] [--kinds NAME,...] [--seed N] > tasks.json"],
    fullDescription: describe(
      `Writes a task file. Kinds: ${taskFamilies.join(", ")}.\nThe same seed makes the same tasks; each is checked against plain loops over dense arrays before it is written.\n\`agent run\`, \`verify\` and \`bench\` take the file.`,
      ["millrace agent tasks --count 20 --seed 3", "millrace agent tasks --kinds normalization,linear --out out/tasks"],
    ),
  },
  parameters: {
    flags: {
      count: { kind: "parsed", parse: integerFrom(1), brief: "How many", placeholder: "N", default: "10" },
      kinds: {
        kind: "parsed",
        parse: (text) => text.split(","),
        brief: "Kinds with commas between them; all unless given",
        placeholder: "NAME,...",
        optional: true,
      },
      ...commonFlags,
    },
  },
  func: presenting<TasksFlags, []>("tasks", ({ count, kinds, seed }) => {
    const made = generateTasks({ seed, count, ...(kinds !== undefined && { families: kinds }) });
    const file = { format: "aspl-tasks/1", tasks: made.map(({ json }) => json) } as unknown as JsonValue;
    return { json: () => file, text: () => `${JSON.stringify(file, null, 1)}\n` };
  }),
});
