/**
 * Which tasks to sample next, with which experiences as demonstrations: the loop of the paper as a state machine without
 * effects, and its controls over the same states.
 *
 * Source: arXiv 2502.02534, Algorithm 1. Where it leaves corners open: with fewer experiences than levels there are as
 * many levels as experiences; without any after the first iteration the loop stops; equal boundaries repeat a level.
 */
import { RandomStream } from "@millrace/tensor";
import type { Experience } from "./experience.ts";
import { stratify } from "./stratify.ts";

/** How demonstrations are chosen. */
export type Policy =
  /** Hardest first, one level more whenever nothing new was solved. */
  | { readonly kind: "adaptive"; readonly levels: number }
  /** No demonstrations: plain sampling, again and again. */
  | { readonly kind: "resample" }
  /** The hardest of three levels, always. */
  | { readonly kind: "hard-only" }
  /** As many as the hardest of three levels has, drawn at random. */
  | { readonly kind: "random"; readonly seed: number };

/** Why a run ended. */
export type StopReason = "all-solved" | "levels-exhausted" | "nothing-solved" | "budget";

/** Where a run stands: everything the next step depends on. */
export interface ControllerState {
  readonly policy: Policy;
  readonly unsolved: readonly string[];
  readonly experiences: readonly Experience[];
  /** Iterations done. */
  readonly iteration: number;
  /** The level to try next; `null` before the first iteration, which has no demonstrations. */
  readonly level: number | null;
  readonly stop: StopReason | null;
}

/** What to sample in the next iteration. */
export interface SamplePlan {
  readonly iteration: number;
  /** `None`, or the levels in use: `H`, `HM`, `HME` of three, `1/4` to `4/4` of four. */
  readonly label: string;
  readonly tasks: readonly string[];
  readonly demonstrations: readonly Experience[];
}

/** The state before anything is sampled. */
export function startLearning(tasks: readonly string[], policy: Policy): ControllerState {
  const stop = tasks.length === 0 ? "all-solved" : null;
  return { policy, unsolved: tasks, experiences: [], iteration: 0, level: null, stop };
}

/** What to sample next; `undefined` if the run has ended. */
export function nextPlan(state: ControllerState): SamplePlan | undefined {
  if (state.stop !== null) return undefined;
  const { iteration, unsolved, policy } = state;
  const plan = { iteration, tasks: unsolved };
  if (state.level === null || policy.kind === "resample") return { ...plan, label: "None", demonstrations: [] };
  const levels = levelsOf(state);
  const demonstrations = levels[state.level]!;
  return { ...plan, label: labelOf(state.level, policy), demonstrations };
}

/** The state after an iteration that solved these tasks, which must have been unsolved. */
export function advance(state: ControllerState, solved: readonly Experience[]): ControllerState {
  const found = new Set(solved.map(({ task }) => task));
  const unsolved = state.unsolved.filter((task) => !found.has(task));
  const experiences = [...state.experiences, ...solved];
  const next = { ...state, unsolved, experiences, iteration: state.iteration + 1 };
  if (unsolved.length === 0) return { ...next, stop: "all-solved" };
  if (state.policy.kind === "resample") return { ...next, level: 0 };
  if (experiences.length === 0) return { ...next, stop: "nothing-solved" };
  if (state.level === null || solved.length > 0) return { ...next, level: 0 };
  const level = state.level + 1;
  if (level < levelsOf(state).length) return { ...next, level };
  return { ...next, stop: "levels-exhausted" };
}

/** The state of a run that may not go on, for want of budget. */
export function stopForBudget(state: ControllerState): ControllerState {
  return state.stop === null ? { ...state, stop: "budget" } : state;
}

function levelsOf({ policy, experiences, iteration }: ControllerState): readonly (readonly Experience[])[] {
  const hardest = stratify(experiences, 3).slice(0, 1);
  switch (policy.kind) {
    case "adaptive":
      return stratify(experiences, policy.levels);
    case "hard-only":
      return hardest;
    case "random": {
      const random = new RandomStream(policy.seed, `demonstrations/${iteration}`);
      return [random.shuffle([...experiences]).slice(0, hardest[0]?.length ?? 0)];
    }
    case "resample":
      return [[]];
  }
}

function labelOf(level: number, policy: Policy): string {
  if (policy.kind !== "adaptive") return policy.kind;
  return policy.levels === 3 ? "HME".slice(0, level + 1) : `${level + 1}/${policy.levels}`;
}
