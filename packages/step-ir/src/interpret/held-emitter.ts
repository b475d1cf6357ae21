import type { Value } from "../stream/value.ts";
import type { Wires } from "./process.ts";

/**
 * Writes to output 0 of a node that may drop the stop behind a value and then meet another one with nothing in between:
 * that one belongs to the value, as a stop alone would end an empty group. So the value is held back until it is known.
 */
export class HeldEmitter {
  readonly #wires: Wires;
  #held: Value | undefined;

  constructor(wires: Wires) {
    this.#wires = wires;
  }

  emit(value: Value | undefined, stop: number): void {
    if (value === undefined && stop === 0) return;
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) {
      this.#wires.emit(0, held, value === undefined ? stop : 0);
      if (value === undefined) return;
    }
    if (value !== undefined && stop === 0) this.#held = value;
    else this.#wires.emit(0, value, stop);
  }

  /** Writes what is held back: nothing follows. */
  end(): void {
    if (this.#held !== undefined) this.#wires.emit(0, this.#held, 0);
    this.#held = undefined;
  }
}
