/** The stop of the tour that tunes: a recorded space, whose optimum is known, against random draws. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { type RecordedSpace, readRecordedSpace, Study } from "@millrace/baco-tuner";
import { MillraceError } from "../errors.ts";

/** Evaluations of each study, and studies of each method. */
export const EVALUATIONS = 40;
export const SEEDS = 5;

const methods = [
  { name: "BaCO", method: "model" },
  { name: "random draws", method: "random" },
] as const;

/** The studies of one method. */
export interface TuningRun {
  readonly variant: string;
  /** The space: its name, how many configurations are valid, and the least recorded time. */
  readonly space: string;
  readonly size: number;
  readonly optimum: number;
  /** The best value of each study after each evaluation. */
  readonly histories: readonly (readonly number[])[];
  /** Suggestions that were checked to be valid, new and answered by the table, and how many were not. */
  readonly compared: number;
  readonly differing: number;
}

/** What the stop shows, in a sentence or two. */
export const tuningAbout: string = `Finding fast parameters of a matrix multiplication on a GPU (ten parameters, six constraints between them), from times that were recorded of every valid configuration, so that the best one is known. ${SEEDS} studies of ${EVALUATIONS} evaluations each; the ratio is the best time found over the best there is.`;

/** Runs the studies of each method; `begin` is told before each. */
export function runTunings(begin: (variant: string) => void): readonly TuningRun[] {
  const table = readRecordedSpace(gunzipSync(readFileSync(spaceFile())).toString("utf8"));
  return methods.map(({ name, method }) => {
    begin(name);
    const studies = Array.from({ length: SEEDS }, (_, seed) => tune(table, method, seed + 1));
    return {
      variant: name,
      space: table.name,
      size: Number(table.scenario.space.size),
      optimum: table.best.value,
      histories: studies.map(({ history }) => history),
      compared: SEEDS * EVALUATIONS,
      differing: studies.reduce((sum, { wrong }) => sum + wrong, 0),
    };
  });
}

/** The best value of a run's studies after `count` evaluations over the optimum, on average. */
export function meanRatio({ histories, optimum }: TuningRun, count: number): number {
  return histories.reduce((sum, history) => sum + history[count - 1]! / optimum, 0) / histories.length;
}

function tune(
  table: RecordedSpace,
  method: "model" | "random",
  seed: number,
): { readonly history: readonly number[]; readonly wrong: number } {
  const study = new Study(table.scenario.space, { seed, method });
  const seen = new Set<number>();
  const history: number[] = [];
  let wrong = 0;
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < EVALUATIONS; i++) {
    const [trial] = study.ask();
    const row = trial === undefined ? -1 : table.rowFor(trial.config);
    if (trial === undefined || row < 0 || seen.has(row)) wrong += 1;
    seen.add(row);
    const value = table.values[row] ?? Number.NaN;
    if (trial !== undefined) study.tell(trial.id, { ok: true, value });
    if (value < best) best = value;
    history.push(best);
  }
  return { history, wrong };
}

// In a checkout the examples lie at the root of the workspace; a published package brings them along.
function spaceFile(): string {
  const places = ["../../examples/spaces/gemm.json.gz", "../../../../examples/spaces/gemm.json.gz"];
  const found = places.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new MillraceError("file-missing", "the example spaces are not installed");
}
