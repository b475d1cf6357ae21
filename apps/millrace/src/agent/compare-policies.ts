/** The learner beside its controls: the enumerator, and plain sampling with as many samples. */
import {
  type Enumeration,
  enumerate,
  type LearningEvent,
  type LearningSpec,
  Ledger,
  meanWithInterval,
  passAtK,
  runLearning,
  type Spending,
  type Task,
  Verifier,
} from "@millrace/aspl-agent";
import type { Workplace } from "../cli/outcome.ts";
import type { ModelSource } from "./model-source.ts";

/** What the enumerator made of one task. */
export interface EnumeratedTask extends Omit<Enumeration, "program"> {
  readonly task: string;
  readonly operators: number | null;
  readonly seconds: number;
}

/** Enumerates programs for every task, for so many seconds each. */
export function enumerateAll(tasks: readonly Task[], seconds: number, { host, progress }: Workplace): EnumeratedTask[] {
  progress.begin("enumerating programs");
  return tasks.map((task, index) => {
    const start = host.now();
    const expired = (): boolean => host.stopRequested() || host.now() - start > 1000 * seconds;
    const { program, ...found } = enumerate(new Verifier(task), { expired, maximumApplications: 1e9 });
    progress.report(index + 1, tasks.length, "tasks");
    return { task: task.id, ...found, operators: program?.ops.length ?? null, seconds: (host.now() - start) / 1000 };
  });
}

/** One policy under several seeds. */
export interface PolicyRow {
  readonly policy: string;
  /** Tasks solved, by seed. */
  readonly solved: readonly number[];
  readonly samples: readonly number[];
  readonly mean: number;
  readonly halfWidth: number;
  readonly levels: readonly string[];
  readonly tasks: readonly TaskShare[];
  readonly spending: Spending;
}

/** Right samples of a task, over all seeds. */
export interface TaskShare {
  readonly task: string;
  readonly samples: number;
  readonly right: number;
}

/** The learner, then plain sampling with as many samples under each seed. */
export async function comparePolicies(
  spec: LearningSpec,
  tasks: readonly Task[],
  { source, seeds, place }: { readonly source: ModelSource; readonly seeds: number; readonly place: Workplace },
): Promise<readonly PolicyRow[]> {
  place.progress.begin("sampling");
  const learner = await underSeeds(spec, tasks, {
    source,
    place,
    caps: Array.from({ length: seeds }, () => undefined),
  });
  const control: LearningSpec = { ...spec, policy: { kind: "resample" }, maximumIterations: 10_000 };
  const resample = await underSeeds(control, tasks, { source, place, caps: learner.samples });
  return [learner, resample];
}

async function underSeeds(
  spec: LearningSpec,
  tasks: readonly Task[],
  {
    source,
    place,
    caps,
  }: { readonly source: ModelSource; readonly place: Workplace; readonly caps: readonly (number | undefined)[] },
): Promise<PolicyRow> {
  const ledger = new Ledger({ prices: source.prices });
  const model = ledger.guard(source.model);
  const solved: number[] = [];
  const samples: number[] = [];
  const shares = new Map(tasks.map(({ id }) => [id, { samples: 0, right: 0 }]));
  let levels: readonly string[] = [];
  for (const [index, cap] of caps.entries()) {
    const events: LearningEvent[] = [];
    const seeded = { ...spec, seed: spec.seed + index, ...(cap !== undefined && { maximumSamples: cap }) };
    const interrupted = (): boolean => place.host.stopRequested();
    const append = (event: LearningEvent): unknown => events.push(event);
    const result = await runLearning({ spec: seeded, tasks, model, jobs: 4, interrupted, append });
    for (const event of events) {
      if (event.type !== "sample") continue;
      const share = shares.get(event.task)!;
      share.samples++;
      if (event.verdict === "ok") share.right++;
    }
    solved.push(result.state.experiences.length);
    samples.push(result.samples);
    if (index === 0)
      levels = events.flatMap((event) =>
        event.type === "iteration" ? [`${event.label} +${event.solved.length}`] : [],
      );
    place.progress.report(index + 1, caps.length, "seeds");
    if (result.interrupted) break;
  }
  const { kind } = spec.policy;
  const policy = kind === "adaptive" ? `adaptive:${spec.policy.levels}` : kind;
  const rows = [...shares].map(([task, share]) => ({ task, ...share }));
  return { policy, solved, samples, ...meanWithInterval(solved), levels, tasks: rows, spending: ledger.spending };
}

/** The mean over tasks of the chance that `k` samples hold a right one. */
export function meanPass(rows: readonly TaskShare[], k: number): number {
  const chances = rows.map(({ samples, right }) =>
    samples === 0 ? 0 : passAtK({ n: samples, c: right, k: Math.min(k, samples) }),
  );
  return chances.reduce((sum, chance) => sum + chance, 0) / Math.max(1, rows.length);
}
