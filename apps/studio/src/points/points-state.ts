/** What the panel of designs remembers in its address. */
import type { PointsAxis } from "../view/points.ts";
import type { AxisGoal } from "./designs.ts";

const letters: Readonly<Record<AxisGoal, string>> = { minimize: "-", maximize: "+", none: "0" };
const goalOf: ReadonlyMap<string, AxisGoal> = new Map([
  ["-", "minimize"],
  ["+", "maximize"],
  ["0", "none"],
]);

/** The two axes that are shown first: those with goals, else the first. */
export function startAxes(axes: readonly PointsAxis[]): readonly [number, number] {
  const order = [...axes.keys()].sort(
    (a, b) => Number(axes[b]!.goal !== undefined) - Number(axes[a]!.goal !== undefined) || a - b,
  );
  return [order[0]!, order[1]!];
}

/** The index that a text names, if it is one of `count`. */
export function parseAxis(text: string, count: number): number | undefined {
  return /^\d{1,9}$/.test(text) && Number(text) < count ? Number(text) : undefined;
}

/** Goals from a letter for each axis; those of the document where the text is of another length. */
export function parseGoals(text: string, axes: readonly PointsAxis[]): readonly AxisGoal[] {
  const goals = [...text].flatMap((letter) => goalOf.get(letter) ?? []);
  if (goals.length === axes.length && text.length === axes.length) return goals;
  return axes.map(({ goal }): AxisGoal => goal ?? "none");
}

/** The text of goals; empty where they are those of the document. */
export function printGoals(goals: readonly AxisGoal[], axes: readonly PointsAxis[]): string {
  if (goals.every((goal, at) => goal === (axes[at]!.goal ?? "none"))) return "";
  return goals.map((goal) => letters[goal]).join("");
}

/** Names of groups that are not shown; a text that is no list of names hides none. */
export function parseHidden(text: string): ReadonlySet<string> {
  try {
    const names: unknown = text === "" ? [] : JSON.parse(text);
    return new Set(Array.isArray(names) ? names.filter((name) => typeof name === "string") : []);
  } catch {
    return new Set();
  }
}

/** The text of names that are not shown. */
export function printHidden(names: ReadonlySet<string>): string {
  return names.size === 0 ? "" : JSON.stringify([...names]);
}
