/**
 * Sums of named timings, such as `nCL + nBL + 2 - nCWL`, and the rows of a constraint table that they stand for.
 */
import { SimError } from "../../errors.ts";
import { constraintFormulas } from "./constraint-formulas.ts";
import { constraintFormulasR21 } from "./constraint-formulas-r21.ts";
import type { DramSpec, TimingConstraint } from "./dram-spec.ts";

/** The value of `sum` with these timings. */
export function evaluateSum(sum: string, timing: Readonly<Record<string, number>>): number {
  let total = 0;
  let sign = 1;
  for (const word of sum.trim().split(/\s+/)) {
    if (word === "+") sign = 1;
    else if (word === "-") sign = -1;
    else total += sign * (/^\d/.test(word) ? Number(word) : timing[word]!);
  }
  return total;
}

/**
 * Per constraint row of `spec`, the sum of timings behind its latency.
 *
 * @throws {SimError} `dram-spec` if the standard has no table, or the table does not give the figures of `spec`.
 */
export function sumsOf(spec: DramSpec): readonly string[] {
  const name = `${spec.profile} ${spec.standard}`;
  const text = constraintFormulas[name] ?? constraintFormulasR21[name];
  if (text === undefined) {
    throw new SimError(
      "dram-spec",
      `${spec.name}: what follows from the timings of ${spec.standard} is not known in profile ${spec.profile}: give a resolved spec`,
    );
  }
  const sums = new Map<string, string[]>();
  const all = spec.commands.map(({ name }) => name).join(",");
  for (const line of text.split("\n").filter((each) => each !== "")) {
    const [, level, preceding, following, kind = "", sum] =
      /^(\S+) (\S+) > (\S+?)((?: window \d+| beside)?): (.*)$/.exec(line)!;
    for (const first of preceding!.split(",")) {
      for (const second of (following === "*" ? all : following!).split(",")) {
        const key = `${level} ${first} > ${second}${kind}`;
        sums.set(key, [...(sums.get(key) ?? []), sum!]);
      }
    }
  }
  const taken = new Map<string, number>();
  return spec.constraints.map((row) => {
    const key = keyOf(spec, row);
    const sum = sums.get(key)?.[taken.get(key) ?? 0];
    taken.set(key, (taken.get(key) ?? 0) + 1);
    if (sum === undefined || evaluateSum(sum, spec.timing) !== row.latency) {
      throw new SimError(
        "dram-spec",
        `${spec.name}: the wait of ${row.latency} in ${key} does not follow from its timings, so they cannot be changed one by one`,
      );
    }
    return sum;
  });
}

function keyOf({ levels, commands }: DramSpec, row: TimingConstraint): string {
  const kind = row.sibling ? " beside" : row.window > 1 ? ` window ${row.window}` : "";
  return `${levels[row.level]!.toLowerCase()} ${commands[row.preceding]!.name} > ${commands[row.following]!.name}${kind}`;
}
