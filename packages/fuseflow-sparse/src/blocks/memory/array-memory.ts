import type { Memory } from "@millrace/sim-core";
import { MemoryAccess } from "./access.ts";

/** Requests of one block that the memory takes up in a cycle: a whole batch. */
const BURSTS_PER_CYCLE = 8;

/**
 * Bytes from the begin of an array to that of the next: more than any of them has, and a row more than a power of two, so
 * that arrays that are read in step do not meet in the same bank.
 */
const STRETCH_BYTES: number = 2 ** 30 + 2 ** 13;

/** The memory of a machine as blocks use it: arrays, each in a stretch of addresses of its own. */
export class ArrayMemory {
  readonly #memory: Memory;
  #arrays = 0;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  /** Opens the next array, for one block; each of its entries is of so many `elements`. */
  open(id: string, access: "read" | "write", elements = 1): MemoryAccess {
    const base = this.#arrays * STRETCH_BYTES;
    this.#arrays += 1;
    const port = this.#memory.port(id, { access, burstsPerCycle: BURSTS_PER_CYCLE });
    return new MemoryAccess(port, { base, burstBytes: this.#memory.model.burstBytes, elements });
  }
}
