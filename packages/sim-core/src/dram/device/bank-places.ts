/**
 * Where a command goes: one bank, or every bank that matches an address with wildcards, and the nodes above them.
 */
import { SimError } from "../../errors.ts";
import type { DramSpec } from "../spec/dram-spec.ts";

/** An address with wildcards, resolved to nodes of the device tree; nodes are numbered level by level, in tree order. */
export interface BankPlaces {
  /** Index at each level below the channel down to the bank, -1 for all children. */
  readonly vector: readonly number[];
  /** The banks, ascending in tree order. */
  readonly banks: Int32Array;
  /** Nodes on the way to the banks, by level from the channel. */
  readonly nodes: readonly Int32Array[];
  /** Nodes beside them: other children of the same parents, by level. */
  readonly beside: readonly Int32Array[];
}

/**
 * Resolves `vector`: an index for each level below the channel down to the bank, -1 for all.
 *
 * @throws {SimError} `dram-command` if the vector does not fit the levels of `spec`.
 */
export function bankPlaces(spec: DramSpec, vector: readonly number[]): BankPlaces {
  const { bankLevel, counts, levels } = spec;
  if (vector.length !== bankLevel) {
    const names = levels.slice(1, bankLevel + 1).join(", ");
    throw new SimError(
      "dram-command",
      `a place in ${spec.name} has an index for each of ${names}, not ${vector.length}`,
    );
  }
  const nodes = [Int32Array.of(0)];
  const beside = [new Int32Array(0)];
  let first = 0;
  let width = 1;
  for (let level = 1; level <= bankLevel; level++) {
    const count = counts[level]!;
    const index = vector[level - 1]!;
    if (!(Number.isInteger(index) && index >= -1 && index < count)) {
      throw new SimError("dram-command", `${levels[level]} must be an integer from -1 to ${count - 1}, not ${index}`);
    }
    const firstBelow = first + width;
    const [on, off]: [number[], number[]] = [[], []];
    for (const parent of nodes[level - 1]!) {
      const child = firstBelow + (parent - first) * count;
      for (let i = 0; i < count; i++) (index === -1 || index === i ? on : off).push(child + i);
    }
    nodes.push(Int32Array.from(on));
    beside.push(Int32Array.from(off));
    first = firstBelow;
    width *= count;
  }
  const banks = nodes[bankLevel]!.map((node) => node - first);
  return { vector: [...vector], banks, nodes, beside };
}
