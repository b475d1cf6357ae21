import { TensorError } from "../errors.ts";
import { maximumOrder } from "../limits.ts";
import type { LevelFormat, LevelKind, TensorFormat } from "./level-format.ts";

/** Every kind of level, in the order in which messages list them. */
export const levelKinds: readonly LevelKind[] = [
  "dense",
  "compressed",
  "compressed-nonunique",
  "singleton",
  "bitvector",
  "hashed",
  "block",
];

/**
 * What is wrong with a format, one sentence for each fault; empty for a legal one.
 *
 * The rules: one level for each mode, each mode once, in any order; `singleton` only below `compressed-nonunique` or
 * another `singleton` (any other parent may have several children); `block` levels last, each inside a mode that has a
 * block-coordinate level further out, at most one for each mode; at most 64 modes.
 *
 * @param order number of modes of the tensor, where it is known
 */
export function formatProblems(format: TensorFormat, order?: number): string[] {
  const problems: string[] = [];
  const { levels, modeOrder } = format;
  if (levels.length !== modeOrder.length) {
    problems.push(`${levels.length} levels but ${modeOrder.length} entries in the mode order`);
  }
  const outer = levels.findIndex((level) => level.kind === "block");
  const outerCount = outer < 0 ? levels.length : outer;
  if (Math.max(outerCount, modeOrder.length / 2) > maximumOrder) {
    return [`more than ${maximumOrder} modes`];
  }
  for (let l = 0; l < levels.length; l++) problems.push(...levelProblems(levels, l));
  if (order !== undefined && outerCount !== order) {
    problems.push(
      `${outerCount} level${outerCount === 1 ? "" : "s"} for a tensor of ${order} mode${order === 1 ? "" : "s"}`,
    );
  }
  problems.push(...modeProblems(modeOrder, Math.min(outerCount, modeOrder.length), outerCount));
  return problems;
}

function levelProblems(levels: readonly LevelFormat[], l: number): string[] {
  const { kind, blockSize } = levels[l]!;
  const parent = levels[l - 1]?.kind;
  if (!levelKinds.includes(kind)) return [`level ${l} is "${kind}", which is not one of ${levelKinds.join(", ")}`];
  const problems: string[] = [];
  if (kind === "singleton" && parent !== "compressed-nonunique" && parent !== "singleton") {
    const place = parent === undefined ? "is outermost" : `is below a ${parent} level`;
    problems.push(`level ${l} is singleton but ${place}; it needs a compressed-nonunique or singleton parent`);
  }
  if (kind === "block") {
    if (blockSize === undefined || !Number.isInteger(blockSize) || blockSize < 1 || blockSize > 65536) {
      problems.push(`level ${l} is a block of extent ${blockSize}; expected an integer from 1 to 65536`);
    }
  } else {
    if (blockSize !== undefined) problems.push(`level ${l} is ${kind} but has a block size of ${blockSize}`);
    if (parent === "block") problems.push(`level ${l} is ${kind} below a block level; block levels come last`);
  }
  return problems;
}

function modeProblems(modeOrder: readonly number[], outerEnd: number, order: number): string[] {
  const problems: string[] = [];
  const outerSeen = new Set<number>();
  const blockSeen = new Set<number>();
  modeOrder.forEach((mode, l) => {
    if (!Number.isInteger(mode) || mode < 0 || mode >= order) {
      const expected = order === 0 ? "a level of its own further out" : `0 to ${order - 1}`;
      problems.push(`level ${l} stores mode ${mode}; expected ${expected}`);
      return;
    }
    const seen = l < outerEnd ? outerSeen : blockSeen;
    if (seen.has(mode)) problems.push(`mode ${mode} is stored by two ${l < outerEnd ? "levels" : "block levels"}`);
    seen.add(mode);
  });
  return problems;
}

/**
 * Refuses an illegal format.
 *
 * @param order number of modes of the tensor, where it is known
 * @throws {TensorError} `format-invalid` naming every fault
 */
export function checkFormat(format: TensorFormat, order?: number): void {
  const problems = formatProblems(format, order);
  if (problems.length > 0) throw new TensorError("format-invalid", `illegal tensor format: ${problems.join("; ")}`);
}
