/** One thing that is wrong with a stored tensor. */
export interface StructureProblem {
  /** `warning`: the structure holds, but a reader may stumble (a value that is not finite). */
  readonly severity: "error" | "warning";
  /** Index of the level, or what else is at fault. */
  readonly level: number | "format" | "shape" | "values";
  /** Index in the array that `what` names, where one element is at fault. */
  readonly position: number | undefined;
  readonly what: string;
  readonly expected: string;
}

/** A problem as one line: `level 1, position 7: coordinate 9; expected 0 to 4`. */
export function describeProblem(problem: StructureProblem): string {
  const place = typeof problem.level === "number" ? `level ${problem.level}` : problem.level;
  const position = problem.position === undefined ? "" : `, position ${problem.position}`;
  return `${place}${position}: ${problem.what}; expected ${problem.expected}`;
}

/** Collects problems up to a bound, so that a ruined array does not become a million messages. */
export class ProblemList {
  readonly problems: StructureProblem[] = [];
  readonly #maximum: number;
  #level: StructureProblem["level"] = "format";

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  /** Problems reported from now on are about `level`. */
  at(level: StructureProblem["level"]): void {
    this.#level = level;
  }

  /** Whether the bound is reached; checks stop then. */
  get full(): boolean {
    return this.problems.length >= this.#maximum;
  }

  get failed(): boolean {
    return this.problems.some((problem) => problem.severity === "error");
  }

  error(what: string, expected: string, position?: number): void {
    this.#add("error", { what, expected, position });
  }

  warning(what: string, expected: string, position?: number): void {
    this.#add("warning", { what, expected, position });
  }

  #add(severity: "error" | "warning", problem: Pick<StructureProblem, "what" | "expected" | "position">): void {
    if (!this.full) this.problems.push({ severity, level: this.#level, ...problem });
  }
}
