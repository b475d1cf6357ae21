/**
 * The nodes of one channel: numbered level by level from the channel down, those of a level in tree order, and so the banks.
 *
 * All counts are powers of two, so that the node above a bank is a shift away.
 */
import type { DramSpec } from "../../spec/dram-spec.ts";

/** The shape of a channel. */
export class DeviceTree {
  /** Levels from the channel down to the bank. */
  readonly levels: number;
  readonly banks: number;
  readonly nodes: number;
  /** First node of each level. */
  readonly first: Int32Array;
  /** Per level, the bits of a bank's number below its node: bank >> shift is the place of the node in its level. */
  readonly shift: Int32Array;
  /** Children of each parent at a level; 1 at the channel. */
  readonly siblings: Int32Array;

  constructor({ bankLevel, counts }: DramSpec) {
    this.levels = bankLevel + 1;
    this.first = new Int32Array(this.levels);
    this.shift = new Int32Array(this.levels);
    this.siblings = Int32Array.from({ length: this.levels }, (_, level) => (level === 0 ? 1 : counts[level]!));
    let width = 1;
    let nodes = 0;
    for (let level = 0; level < this.levels; level++) {
      width *= this.siblings[level]!;
      this.first[level] = nodes;
      nodes += width;
    }
    this.banks = width;
    this.nodes = nodes;
    for (let level = this.levels - 2; level >= 0; level--) {
      this.shift[level] = this.shift[level + 1]! + Math.log2(this.siblings[level + 1]!);
    }
  }

  /** Banks below a node of `level`. */
  banksBelow(level: number): number {
    return 1 << this.shift[level]!;
  }
}
