/**
 * Which programs that are already right to improve next, as a state machine without effects: designs that no other one
 * beats in both cycles and bytes on chip, and a memory of pairs of a slow and a fast program.
 *
 * Source: the optimisation memory of Zhang et al., "AccelOpt", arXiv 2511.15915: gains and losses both teach, up to half of
 * the places are for gains, the newest stay. There a planner and a summariser turn pairs into words; here pairs are shown
 * as they are.
 */
import { frontierOf, type ProgramCost } from "../hardware/cost.ts";
import type { OpProgram } from "../program/program.ts";

/** A right program with what it costs. */
export interface Design {
  readonly program: OpProgram;
  readonly cost: ProgramCost;
}

/** Two right programs for one task, of which one is better in one cost and not worse in the other. */
export interface Lesson {
  readonly task: string;
  readonly slow: Design;
  readonly fast: Design;
  /** Whether the fast one was found from the slow one, or the other way. */
  readonly gain: boolean;
}

/** The designs of one task. */
export interface TaskDesigns {
  readonly task: string;
  /** What learning kept. */
  readonly start: Design;
  /** By rising cycles. */
  readonly frontier: readonly Design[];
}

/** How far to go. */
export interface OptimizeSettings {
  readonly iterations: number;
  /** Attempts at each task in an iteration. */
  readonly rollouts: number;
  /** Lessons that are kept, and shown. */
  readonly lessons: number;
  /** Whether attempts start from a design and see lessons; the control does neither. */
  readonly guided: boolean;
}

/** Where an optimisation stands. */
export interface OptimizerState {
  readonly settings: OptimizeSettings;
  readonly tasks: readonly TaskDesigns[];
  /** Newest last. */
  readonly lessons: readonly Lesson[];
  readonly iteration: number;
  readonly stop: "iterations" | "nothing-to-improve" | null;
}

/** What to try next for a task. */
export interface AttemptPlan {
  readonly task: string;
  /** The design to start from; `null` in the control. */
  readonly parent: Design | null;
  readonly lessons: readonly Lesson[];
}

/** How much better in one cost makes a lesson. */
const threshold = 0.05;

/** The state before anything was tried. */
export function startOptimizing(
  designs: readonly { readonly task: string; readonly design: Design }[],
  settings: OptimizeSettings,
): OptimizerState {
  const tasks = designs.map(({ task, design }) => ({ task, start: design, frontier: [design] }));
  const stop = tasks.length === 0 ? "nothing-to-improve" : settings.iterations < 1 ? "iterations" : null;
  return { settings, tasks, lessons: [], iteration: 0, stop };
}

/** What to try next, task by task; nothing if the end is reached. Each iteration starts from another design of the frontier. */
export function nextAttempts({ settings, tasks, lessons, iteration, stop }: OptimizerState): readonly AttemptPlan[] {
  if (stop !== null) return [];
  return tasks.map(({ task, frontier }) => {
    if (!settings.guided) return { task, parent: null, lessons: [] };
    return { task, parent: frontier[iteration % frontier.length]!, lessons };
  });
}

/** The state after an iteration that found these right programs, in the order of their keys. */
export function advanceOptimizing(
  state: OptimizerState,
  found: readonly { readonly task: string; readonly design: Design }[],
): OptimizerState {
  const plans = new Map(nextAttempts(state).map((plan) => [plan.task, plan]));
  const of = (task: string): readonly Design[] => found.filter((one) => one.task === task).map(({ design }) => design);
  const tasks = state.tasks.map((one) => ({ ...one, frontier: frontierOf([...one.frontier, ...of(one.task)]) }));
  const learned = found.flatMap(({ task, design }) => {
    const parent = plans.get(task)?.parent;
    return parent == null ? [] : lessonOf(task, parent, design);
  });
  const iteration = state.iteration + 1;
  const stop = iteration >= state.settings.iterations ? "iterations" : null;
  return { ...state, tasks, lessons: kept([...state.lessons, ...learned], state.settings.lessons), iteration, stop };
}

function lessonOf(task: string, parent: Design, found: Design): readonly Lesson[] {
  if (beats(found, parent)) return [{ task, slow: parent, fast: found, gain: true }];
  if (beats(parent, found)) return [{ task, slow: found, fast: parent, gain: false }];
  return [];
}

/** Whether a design is clearly better in one cost and no worse in the other. */
function beats({ cost: a }: Design, { cost: b }: Design): boolean {
  const clearly = (x: number, y: number): boolean => x <= (1 - threshold) * y;
  const noWorse = a.cycles <= b.cycles && a.onChipBytes <= b.onChipBytes;
  return noWorse && (clearly(a.cycles, b.cycles) || clearly(a.onChipBytes, b.onChipBytes));
}

/** The newest gains in up to half of the places, the newest losses in the rest; in the order in which they came. */
function kept(lessons: readonly Lesson[], places: number): readonly Lesson[] {
  const gains = lessons.filter(({ gain }) => gain).slice(-Math.ceil(places / 2));
  const room = places - gains.length;
  const losses = room === 0 ? [] : lessons.filter(({ gain }) => !gain).slice(-room);
  return lessons.filter((lesson) => gains.includes(lesson) || losses.includes(lesson));
}
