/** `find-programs`: an agent writes programs for tasks: the synthesiser learns, the enumerator tries what is left. */
import { type LearningEvent, runLearning, type Task } from "@millrace/aspl-agent";
import { loadTask, ownTasks } from "../../../agent/load-tasks.ts";
import { openModel } from "../../../agent/model-source.ts";
import { MillraceError } from "../../../errors.ts";
import { formatCount } from "../../../terminal/quantity.ts";
import type { FoundProgram } from "../../artifacts.ts";
import { optionalFile } from "../../options/file-options.ts";
import { integer, names } from "../../options/scalar-options.ts";
import { type StageKind, stageKind } from "../../stage-kind.ts";

/** The kind. */
export const findPrograms: StageKind = stageKind({
  name: "find-programs",
  brief: "Lets an agent write programs for tasks: a synthesiser that learns, then an enumerator; no language model",
  packages: ["aspl-agent", "step-ir"],
  inputs: {},
  options: {
    tasks: optionalFile("Task file; the tasks that come with the program unless given", "a file"),
    ids: names("Tasks to solve", "the name of a task", {
      parse: () => {},
      fallback: ["attn/G_0_4_01", "rope/G_0_3_02", "expert/G_0_6_05"],
    }),
    rollouts: integer("Samples of a task in an iteration", { least: 1, most: 1000, fallback: 4 }),
    iterations: integer("Most iterations", { least: 1, most: 100, fallback: 2 }),
    enumerator: integer("Operators that the enumerator tries for each task", { least: 1, most: 1e8, fallback: 20_000 }),
    seed: integer("Seed of the samples", { least: 0, most: 0xffff_ffff, fallback: 0 }),
  },
  output: "programs",
  async run({ options: { tasks: file, ids, rollouts, iterations, enumerator, seed }, place }) {
    const tasks = ids.map((id) => loadTask(place.folder, file ?? ownTasks, id));
    const source = await openModel({ synth: true }, { environment: {} });
    const events: LearningEvent[] = [];
    place.begin("sampling");
    try {
      const { interrupted } = await runLearning({
        spec: {
          ...{
            tasks: tasks.map(({ id }) => id),
            policy: { kind: "adaptive", levels: 3 },
            seed,
            model: source.name,
            rollouts,
          },
          ...{ temperatures: [0.7], maxTokens: 1024, guardian: "auto", rule: "strict", maximumIterations: iterations },
          controls: { enumeratorOperators: enumerator },
        },
        tasks,
        model: source.model,
        append: (event) => events.push(event),
        interrupted: () => place.stopRequested(),
        watch: (samples) => place.report(samples, tasks.length * rollouts * iterations, "samples"),
      });
      if (interrupted) throw new MillraceError("interrupted", "interrupted");
    } finally {
      source.close();
    }
    const found = tasks.map((task) => ({ task, ...programOf(task, events) }));
    const programs = found.flatMap(({ task, text }): FoundProgram[] =>
      text === null ? [] : [{ task: task.id, text }],
    );
    if (programs.length === 0)
      throw new MillraceError("argument", `no program was found for ${ids.join(", ")}`, {
        help: "raise rollouts, iterations or enumerator",
      });
    const samples = events.filter(({ type }) => type === "sample").length;
    return {
      output: { tasks: file, programs },
      gave: `${programs.length} of ${tasks.length} tasks solved in ${formatCount(samples)} samples and by enumeration`,
      check: "nothing here: what was found is judged as text by the next stage",
      tables: [
        {
          title: "Tasks",
          columns: ["task", "what it is", "found by"],
          rows: found.map(({ task, by }) => [task.id, task.about, by]),
        },
      ],
      views: programs.map(({ task, text }) => ({
        id: task,
        kind: "text",
        title: task,
        document: { text, language: "python" },
      })),
    };
  },
});

/** What the learner found for a task, or else the enumerator. */
function programOf(
  { id }: Task,
  events: readonly LearningEvent[],
): { readonly text: string | null; readonly by: string } {
  for (const event of events) {
    if (event.type !== "iteration" || event.phase !== undefined) continue;
    const solved = event.solved.find(({ task }) => task === id);
    if (solved !== undefined) return { text: solved.program, by: "the synthesiser" };
  }
  const enumerated = events.find((event) => event.type === "enumerated" && event.task === id);
  const text = enumerated?.type === "enumerated" ? enumerated.program : null;
  return { text, by: text === null ? "nobody" : "the enumerator" };
}
