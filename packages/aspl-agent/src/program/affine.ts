/** Streams are queues: each is read once. */
import type { Op, OpProgram } from "./program.ts";

/** What counts as a use: `strict` also counts being returned; `compatible` is the published rule, which does not. */
export type AffineRule = "strict" | "compatible";

/** A value that is used again, and the operator that does so; `at` is absent if it is returned. */
export interface AffineFault {
  readonly value: string;
  readonly at?: number;
  readonly uses: number;
}

/** The first value that is used more than once, in the order of the second uses. */
export function findAffineFault({ ops, returns }: OpProgram, rule: AffineRule): AffineFault | undefined {
  const uses = countUses({ ops, returns }, rule);
  const seen = new Set<string>();
  for (const [at, op] of ops.entries()) {
    for (const value of op.in) {
      if (seen.has(value)) return { value, at, uses: uses.get(value)! };
      seen.add(value);
    }
  }
  if (rule === "compatible") return undefined;
  for (const value of returns) {
    if (seen.has(value)) return { value, uses: uses.get(value)! };
    seen.add(value);
  }
  return undefined;
}

function countUses({ ops, returns }: OpProgram, rule: AffineRule): Map<string, number> {
  const uses = new Map<string, number>();
  const use = (value: string): void => {
    uses.set(value, (uses.get(value) ?? 0) + 1);
  };
  for (const op of ops) op.in.forEach(use);
  if (rule === "strict") returns.forEach(use);
  return uses;
}

/**
 * The program with as many Copies as its values need: the first use takes the last copy made, as in the benchmark's
 * references. Applied twice it changes nothing.
 */
export function insertCopies(program: OpProgram, rule: AffineRule, inputs: readonly string[]): OpProgram {
  const uses = countUses(program, rule);
  const taken = new Set([...inputs, ...program.ops.flatMap(({ out }) => out)]);
  const ops: Op[] = [];
  const copies = new Map<string, string[]>();
  const copy = (value: string): void => {
    const names: string[] = [];
    let rest = value;
    for (let more = (uses.get(value) ?? 0) - 1; more > 0; more--) {
      const [next, one] = [fresh(`${value}_c`, taken), fresh(`${value}_c`, taken)];
      ops.push({ op: "Copy", in: [rest], out: [next, one] });
      names.push(one);
      rest = next;
    }
    names.push(rest);
    copies.set(value, names);
  };
  const take = (value: string): string => copies.get(value)?.shift() ?? value;
  for (const input of inputs) copy(input);
  for (const op of program.ops) {
    ops.push({ ...op, in: op.in.map(take) });
    for (const value of op.out) copy(value);
  }
  return {
    ops,
    returns: rule === "strict" ? program.returns.map(take) : program.returns.map((value) => lastOf(value)),
  };

  // Under the published rule a returned value is no use: whatever copy is at hand will do.
  function lastOf(value: string): string {
    return copies.get(value)?.[0] ?? value;
  }
}

function fresh(stem: string, taken: Set<string>): string {
  let index = 0;
  while (taken.has(`${stem}${index}`)) index++;
  taken.add(`${stem}${index}`);
  return `${stem}${index}`;
}
