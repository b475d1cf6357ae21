/** Which evaluations of a study are good: their order, and the best so far. */
import type { Goal, StudyView } from "../view/study.ts";

/** Evaluations by how good they are at an objective. */
export interface Quality {
  /** From 0, the worst, to 1, the best, by rank; NaN for evaluations without a value. */
  readonly share: Float64Array;
  /** All evaluations, those without a value first, then from the worst to the best: the order to draw them in. */
  readonly order: Uint32Array;
  /** The best evaluation; undefined if none has a value. */
  readonly best: number | undefined;
}

/** Values of an objective; NaN where there is none. */
export function valuesOf({ evaluations }: StudyView, objective: number): Float64Array {
  return Float64Array.from(evaluations.values[objective]!, (value) => value ?? Number.NaN);
}

/** Ranks the evaluations of a study; of equally good ones the earlier is the better. */
export function qualityOf(study: StudyView, objective: number): Quality {
  const values = valuesOf(study, objective);
  const sign = study.objectives[objective]!.goal === "minimize" ? 1 : -1;
  const order = Uint32Array.from(values.keys()).sort((a, b) => {
    const [one, other] = [values[a]!, values[b]!];
    if (Number.isNaN(one) || Number.isNaN(other))
      return Number(Number.isNaN(other)) - Number(Number.isNaN(one)) || a - b;
    return sign * (other - one) || b - a;
  });
  const without = values.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0);
  const last = values.length - without - 1;
  const share = new Float64Array(values.length).fill(Number.NaN);
  for (let rank = 0; rank <= last; rank++) share[order[without + rank]!] = last === 0 ? 1 : rank / last;
  return { share, order, best: last < 0 ? undefined : order.at(-1) };
}

/** The best value up to each evaluation; NaN before the first value. */
export function bestSoFar(values: Float64Array, goal: Goal): Float64Array {
  const best = new Float64Array(values.length);
  let known = Number.NaN;
  for (const [at, value] of values.entries()) {
    if (!Number.isNaN(value) && !(goal === "minimize" ? known <= value : known >= value)) known = value;
    best[at] = known;
  }
  return best;
}
