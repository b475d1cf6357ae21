import type { Channel, Progress } from "@millrace/sim-core";
import { Block, type BlockWiring } from "../block.ts";
import type { OutPort } from "../out-port.ts";
import { DATA, DONE, EMPTY, STOP, VOID } from "../token.ts";

/**
 * Joins the fibres of several operands by coordinate. An intersection passes the coordinates that all operands have, a
 * union those that any has, with a missing reference for the others. Each step compares the oldest coordinates and takes
 * the smallest, from all operands that have it; at the end of a fibre all operands must be at the same stop. Inputs:
 * crd0, ref0, crd1, ref1 …. Outputs: crd, ref0, ref1 ….
 */
export class Joiner extends Block {
  readonly #crd: readonly Channel[];
  readonly #ref: readonly Channel[];
  readonly #crdOut: OutPort;
  readonly #refOut: readonly OutPort[];
  readonly #union: boolean;

  constructor(wiring: BlockWiring, kind: "intersect" | "union") {
    super(wiring);
    this.#crd = wiring.inputs.filter((_, place) => place % 2 === 0);
    this.#ref = wiring.inputs.filter((_, place) => place % 2 === 1);
    this.#crdOut = wiring.outputs[0]!;
    this.#refOut = wiring.outputs.slice(1);
    this.#union = kind === "union";
  }

  fire(budget: number): Progress {
    const { inputs } = this;
    const crd = this.#crd;
    const arity = crd.length;
    let { clock } = this;
    for (let left = budget; left > 0; left--) {
      for (let i = 0; i < inputs.length; i++) {
        const input = inputs[i]!;
        if (!input.readable) return this.starved(clock, input);
        clock = input.peek(clock);
      }
      if (this.stalls) {
        clock = this.room(clock);
        if (clock < 0) return this.blocked();
      }
      let least = Number.POSITIVE_INFINITY;
      let second = Number.POSITIVE_INFINITY;
      let having = 0;
      let holder = 0;
      for (let k = 0; k < arity; k++) {
        const coordinate = crd[k]!.headTag === DATA ? crd[k]!.headPayload : Number.POSITIVE_INFINITY;
        if (coordinate < least) {
          second = least;
          least = coordinate;
          having = 1;
          holder = k;
        } else if (coordinate === least) {
          having += 1;
        } else if (coordinate < second) {
          second = coordinate;
        }
      }
      if (having === 1 && arity > 1 && !this.#union && !this.stalls) {
        const before = clock;
        clock = this.#dropRun(clock, holder, second, left);
        left -= clock - before;
      } else if (least < Number.POSITIVE_INFINITY) {
        this.#joinCoordinate(clock, least, having === arity);
      } else if (!this.#passVoid(clock)) {
        const tag = this.#joinEnd(clock);
        if (tag === DONE) return this.finishAt(clock);
      }
      clock += 1;
    }
    this.clock = clock;
    return "more";
  }

  // Drops coordinates below `bound` of one operand of an intersection, a step each: all others are past them. Returns the
  // time of the last step. It ends early where the next token is not there yet, which may be later than a cycle.
  #dropRun(clock: number, k: number, bound: number, most: number): number {
    const crd = this.#crd[k]!;
    const ref = this.#ref[k]!;
    let time = clock;
    for (let left = most; ; left--) {
      const tag = ref.headTag;
      if (tag !== DATA && tag !== EMPTY) throw this.mismatch(crd, ref);
      crd.release(time);
      ref.release(time);
      const runs = left > 1 && crd.readable && ref.readable && crd.headTime <= time + 1 && ref.headTime <= time + 1;
      if (!runs || crd.headTag !== DATA || crd.headPayload >= bound) return time;
      time += 1;
    }
  }

  #joinCoordinate(clock: number, coordinate: number, everywhere: boolean): void {
    const passes = everywhere || this.#union;
    if (passes) this.#crdOut.put(clock, coordinate, DATA);
    for (let k = 0; k < this.#crd.length; k++) {
      const crd = this.#crd[k]!;
      const ref = this.#ref[k]!;
      if (crd.headTag === DATA && crd.headPayload === coordinate) {
        const tag = ref.headTag;
        if (tag !== DATA && tag !== EMPTY) throw this.mismatch(crd, ref);
        if (passes) this.#refOut[k]!.put(clock, ref.headPayload, tag);
        crd.release(clock);
        ref.release(clock);
      } else if (passes) {
        this.#refOut[k]!.put(clock, 0, EMPTY);
      }
    }
  }

  #passVoid(clock: number): boolean {
    let passed = false;
    for (let k = 0; k < this.#crd.length; k++) {
      if (this.#crd[k]!.headTag !== VOID) continue;
      this.#crd[k]!.release(clock);
      this.#ref[k]!.release(clock);
      passed = true;
    }
    if (passed) this.#put(clock, VOID);
    return passed;
  }

  // All operands are at a stop or at the end; it must be the same one.
  #joinEnd(clock: number): number {
    const first = this.#crd[0]!;
    const tag = first.headTag;
    if (tag < STOP && tag !== DONE) throw this.unexpected(first, "a coordinate, a stop or D");
    for (const input of this.inputs) {
      if (input.headTag !== tag) throw this.mismatch(first, input);
    }
    for (const input of this.inputs) input.release(clock);
    this.#put(clock, tag);
    return tag;
  }

  #put(clock: number, tag: number): void {
    this.#crdOut.put(clock, 0, tag);
    for (const port of this.#refOut) port.put(clock, 0, tag);
  }
}
