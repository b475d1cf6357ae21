/**
 * The queue from the access unit to the core: parts that are filled while others are emptied.
 *
 * Events of all units are marshaled in the order of the program, one per cycle or as fast as their bytes are written. A part
 * is passed on when the next event does not fit, the last one when the access unit ends: that is the stop token.
 *
 * Source: output queue of the Tensor Marshaling Unit, MICRO 2023, which fills one of two parts. How the last, partial one is
 * passed on is not published.
 */
import { type Channel, Node, type Progress } from "@millrace/sim-core";
import type { AccessTrace, EventWork } from "../access/access-trace.ts";
import type { EventCosts } from "../machine.ts";

/** What marshaling costs. */
export interface MarshalOptions {
  readonly chunkBytes: number;
  readonly writeBytesPerCycle: number;
  readonly costs: EventCosts;
}

/** Thousandths of a cycle of the core for one event. */
function millicyclesOf(work: EventWork, costs: EventCosts): number {
  const { row, scalarToken, vectorToken, unalignedVector, alignedVector } = costs;
  const cycles =
    work.rows * row +
    work.scalarTokens * scalarToken +
    work.vectorTokens * vectorToken +
    work.unalignedVectors * unalignedVector +
    work.alignedVectors * alignedVector;
  return Math.round(1000 * cycles);
}

/** Puts events into parts: thousandths of cycles of work as payload, bytes as tag. */
export class Marshaler extends Node {
  readonly #turnsOf: readonly Channel[];
  readonly #parts: Channel;
  readonly #chunkBytes: number;
  readonly #kinds: Float64Array;
  readonly #turns: Float64Array;
  // Per kind: its unit if it takes a turn of it, else -1; bytes, cycles to write them, and work.
  readonly #unit: Int32Array;
  readonly #bytes: Float64Array;
  readonly #cycles: Float64Array;
  readonly #work: Float64Array;
  #at = 0;
  // Turns of the event at hand that are not in a part yet; -1 before it.
  #left = -1;
  #open = false;
  #heldBytes = 0;
  #heldWork = 0;

  /** `turnsOf` has a channel per unit, with a token for each group. */
  constructor(trace: AccessTrace, channels: { turnsOf: readonly Channel[]; parts: Channel }, options: MarshalOptions) {
    super("marshaler", channels.turnsOf, [channels.parts]);
    const { chunkBytes, writeBytesPerCycle, costs } = options;
    const { kinds, script } = trace;
    this.#turnsOf = channels.turnsOf;
    this.#parts = channels.parts;
    this.#chunkBytes = chunkBytes;
    this.#kinds = script.kinds.values;
    this.#turns = script.turns.values;
    this.#unit = Int32Array.from(kinds, ({ unit, event }) => (event === "ite" ? unit : -1));
    this.#bytes = Float64Array.from(kinds, ({ queueBytes }) => queueBytes);
    this.#cycles = Float64Array.from(kinds, ({ queueBytes, storeBytes }) =>
      Math.ceil((queueBytes + storeBytes) / writeBytesPerCycle),
    );
    this.#work = Float64Array.from(kinds, ({ work }) => millicyclesOf(work, costs));
  }

  fire(budget: number): Progress {
    for (let left = budget; left > 0; left--) {
      if (this.#at === this.#kinds.length) return this.#end();
      const kind = this.#kinds[this.#at]!;
      const unit = this.#unit[kind]!;
      const turns = unit < 0 ? undefined : this.#turnsOf[unit]!;
      if (this.#left < 0) {
        if (turns !== undefined) {
          if (!turns.readable) return this.waitFor(turns);
          this.clock = turns.peek(this.clock);
        }
        this.#left = this.#turns[this.#at]!;
      }
      if (!this.#push(kind)) return this.waitFor(this.#parts);
      if (turns !== undefined) turns.release(this.clock);
      this.#left = -1;
      this.#at += 1;
    }
    return "more";
  }

  /** Pushes as many turns as there is room for; false if a part must be free first. */
  #push(kind: number): boolean {
    const bytes = this.#bytes[kind]!;
    while (this.#left > 0) {
      if (bytes > 0 && !this.#open && !this.#openPart()) return false;
      const fitting = bytes === 0 ? this.#left : Math.floor((this.#chunkBytes - this.#heldBytes) / bytes);
      const count = Math.min(this.#left, fitting);
      if (count === 0) {
        this.#passOn();
        continue;
      }
      this.clock += count * this.#cycles[kind]!;
      this.#heldBytes += count * bytes;
      this.#heldWork += count * this.#work[kind]!;
      this.#left -= count;
    }
    return true;
  }

  #openPart(): boolean {
    if (!this.#parts.writable) return false;
    this.clock = this.#parts.reserve(this.clock);
    this.#open = true;
    return true;
  }

  #passOn(): void {
    this.#parts.put(this.clock, this.#heldWork, this.#heldBytes);
    this.#open = false;
    this.#heldBytes = 0;
    this.#heldWork = 0;
  }

  #end(): Progress {
    if (this.#open) this.#passOn();
    return this.finish();
  }
}
