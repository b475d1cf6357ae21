/** What is kept of a solved task. */

import type { RandomStream } from "@millrace/tensor";
import { canonicalText, withoutDeadOperators } from "../program/canonical.ts";
import type { OpProgram } from "../program/program.ts";

/** The answer that is kept of a solved task, and how rare such answers were. */
export interface Experience {
  readonly task: string;
  readonly program: OpProgram;
  /** Right answers among `samples`, at the temperature that had most. */
  readonly successes: number;
  readonly samples: number;
}

/**
 * The answer to keep: of each class of programs that are equal up to names and Copies one at random, and of these the
 * one with fewest operators; among equals the first in the order of their canonical texts.
 *
 * Source: arXiv 2502.02534, Algorithm 1 (sigma), with operators counted in place of lines.
 */
export function selectAnswer(programs: readonly OpProgram[], random: RandomStream): OpProgram | undefined {
  const classes = new Map<string, OpProgram[]>();
  for (const program of programs) {
    const key = canonicalText(program, { withoutCopies: true });
    const members = classes.get(key);
    if (members === undefined) classes.set(key, [program]);
    else members.push(program);
  }
  const keys = [...classes.keys()].sort();
  let best: OpProgram | undefined;
  for (const key of keys) {
    const members = classes.get(key)!;
    const program = withoutDeadOperators(members[random.below(members.length)]!);
    if (best === undefined || program.ops.length < best.ops.length) best = program;
  }
  return best;
}
