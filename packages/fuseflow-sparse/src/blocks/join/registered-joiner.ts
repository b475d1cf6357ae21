import type { Channel, Progress } from "@millrace/sim-core";
import { Block, type BlockWiring } from "../block.ts";
import type { OutPort } from "../out-port.ts";
import { DATA, DONE, EMPTY, isItem, VOID } from "../token.ts";

/**
 * The joiner of the global-clock profile: what `Joiner` does, on registers that hold the oldest token of each operand.
 *
 * The first step fills the registers. A later step compares them, passes a result on or not, and refills those it used;
 * it needs the next token of every operand, used or not, except when all registers hold D. In an intersection an empty
 * fibre's token uses up whatever item is beside it, which cannot match anything any more.
 */
export class RegisteredJoiner extends Block {
  readonly #crd: readonly Channel[];
  readonly #ref: readonly Channel[];
  readonly #crdOut: OutPort;
  readonly #refOut: readonly OutPort[];
  readonly #union: boolean;
  // Per operand, the token in its register.
  readonly #coordinate: Float64Array;
  readonly #tag: Int32Array;
  readonly #reference: Float64Array;
  readonly #referenceTag: Int32Array;
  #filled = false;
  // Registers that hold D.
  #ended = 0;

  constructor(wiring: BlockWiring, kind: "intersect" | "union") {
    super(wiring);
    this.#crd = wiring.inputs.filter((_, place) => place % 2 === 0);
    this.#ref = wiring.inputs.filter((_, place) => place % 2 === 1);
    this.#crdOut = wiring.outputs[0]!;
    this.#refOut = wiring.outputs.slice(1);
    this.#union = kind === "union";
    const arity = this.#crd.length;
    this.#coordinate = new Float64Array(arity);
    this.#tag = new Int32Array(arity);
    this.#reference = new Float64Array(arity);
    this.#referenceTag = new Int32Array(arity);
  }

  fire(budget: number): Progress {
    const { inputs } = this;
    let { clock } = this;
    for (let left = budget; left > 0; left--) {
      const ending = this.#ended === this.#crd.length;
      for (let i = 0; i < inputs.length && !ending; i++) {
        const input = inputs[i]!;
        if (!input.readable) return this.starved(clock, input);
        clock = input.peek(clock);
      }
      if (this.stalls) {
        clock = this.room(clock);
        if (clock < 0) return this.blocked();
      }
      if (ending) {
        this.#put(clock, DONE);
        return this.finishAt(clock);
      }
      if (this.#filled) this.#step(clock);
      else for (let k = 0; k < this.#crd.length; k++) this.#refill(clock, k);
      this.#filled = true;
      clock += 1;
    }
    this.clock = clock;
    return "more";
  }

  #step(clock: number): void {
    const arity = this.#crd.length;
    let least = Number.POSITIVE_INFINITY;
    let having = 0;
    let voids = 0;
    for (let k = 0; k < arity; k++) {
      if (this.#tag[k] === VOID) voids += 1;
      if (this.#tag[k] !== DATA) continue;
      const coordinate = this.#coordinate[k]!;
      if (coordinate === least) having += 1;
      if (coordinate >= least) continue;
      least = coordinate;
      having = 1;
    }
    if (voids > 0 && (having === 0 || !this.#union)) {
      this.#put(clock, VOID);
      for (let k = 0; k < arity; k++) if (this.#tag[k] === VOID || this.#tag[k] === DATA) this.#refill(clock, k);
      return;
    }
    if (having === 0) {
      this.#put(clock, this.#commonTag());
      for (let k = 0; k < arity; k++) this.#refill(clock, k);
      return;
    }
    this.#stepCoordinate(clock, least, this.#union || having === arity);
  }

  #stepCoordinate(clock: number, coordinate: number, passes: boolean): void {
    if (passes) this.#crdOut.put(clock, coordinate, DATA);
    for (let k = 0; k < this.#crd.length; k++) {
      const has = this.#tag[k] === DATA && this.#coordinate[k] === coordinate;
      if (passes && has) this.#refOut[k]!.put(clock, this.#reference[k]!, this.#referenceTag[k]!);
      else if (passes) this.#refOut[k]!.put(clock, 0, EMPTY);
      if (has) this.#refill(clock, k);
    }
  }

  #refill(clock: number, k: number): void {
    const crd = this.#crd[k]!;
    const ref = this.#ref[k]!;
    const tag = crd.headTag;
    if (tag === DATA ? !isItem(ref.headTag) : ref.headTag !== tag) throw this.mismatch(crd, ref);
    this.#coordinate[k] = crd.headPayload;
    this.#tag[k] = tag;
    if (tag === DONE) this.#ended += 1;
    this.#reference[k] = ref.headPayload;
    this.#referenceTag[k] = ref.headTag;
    crd.release(clock);
    ref.release(clock);
  }

  #commonTag(): number {
    const tag = this.#tag[0]!;
    for (let k = 1; k < this.#tag.length; k++) {
      if (this.#tag[k] !== tag) throw this.tagMismatch(this.#crd[0]!, tag, this.#crd[k]!, this.#tag[k]!);
    }
    return tag;
  }

  #put(clock: number, tag: number): void {
    this.#crdOut.put(clock, 0, tag);
    for (const port of this.#refOut) port.put(clock, 0, tag);
  }
}
