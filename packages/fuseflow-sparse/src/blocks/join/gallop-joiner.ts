import type { Channel, Progress } from "@millrace/sim-core";
import { Block, type BlockWiring } from "../block.ts";
import type { OutPort } from "../out-port.ts";
import { DATA, DONE, isItem, STOP, VOID } from "../token.ts";

/**
 * An intersection of two operands that sends their scanners ahead: when it drops a coordinate of one, it tells that one's
 * scanner the other's coordinate, or the end of the other's fibre, from which on it is interested. Each skip stream has for
 * every fibre rising coordinates and one stop. Steps are those of `Joiner`. Inputs: crd0, ref0, crd1, ref1. Outputs: crd,
 * ref0, ref1, skip0, skip1.
 */
export class GallopJoiner extends Block {
  readonly #crd: readonly [Channel, Channel];
  readonly #ref: readonly [Channel, Channel];
  readonly #out: readonly OutPort[];
  readonly #skip: readonly [OutPort, OutPort];
  // Per operand, what its scanner was told last in this fibre: a coordinate, -1 nothing, infinity the end.
  readonly #told: Float64Array = Float64Array.of(-1, -1);

  constructor(wiring: BlockWiring) {
    super(wiring);
    const [crd0, ref0, crd1, ref1] = wiring.inputs as readonly [Channel, Channel, Channel, Channel];
    this.#crd = [crd0, crd1];
    this.#ref = [ref0, ref1];
    this.#out = wiring.outputs.slice(0, 3);
    this.#skip = [wiring.outputs[3]!, wiring.outputs[4]!];
  }

  fire(budget: number): Progress {
    const { inputs } = this;
    let { clock } = this;
    for (let left = budget; left > 0; left--) {
      for (let i = 0; i < inputs.length; i++) {
        const input = inputs[i]!;
        if (!input.readable) return this.starved(clock, input);
        clock = input.peek(clock);
      }
      const [a, b] = this.#crd;
      if (inputs.some((input) => input.headTag === VOID)) {
        for (const input of inputs) this.skips(input, clock);
        clock += 1;
        continue;
      }
      const first = coordinateAt(a);
      const second = coordinateAt(b);
      if (first < second) this.#drop(clock, 0, second);
      else if (second < first) this.#drop(clock, 1, first);
      else if (first < Number.POSITIVE_INFINITY) this.#pass(clock, first);
      else if (this.#end(clock) === DONE) return this.finishAt(clock);
      clock += 1;
    }
    this.clock = clock;
    return "more";
  }

  #drop(clock: number, operand: 0 | 1, interest: number): void {
    if (!isItem(this.#ref[operand].headTag)) throw this.mismatch(this.#crd[operand], this.#ref[operand]);
    this.#tell(clock, operand, interest);
    this.#crd[operand].release(clock);
    this.#ref[operand].release(clock);
  }

  #tell(clock: number, operand: 0 | 1, interest: number): void {
    if (interest <= this.#told[operand]!) return;
    this.#told[operand] = interest;
    if (interest === Number.POSITIVE_INFINITY) this.#skip[operand].put(clock, 0, STOP);
    else this.#skip[operand].put(clock, interest, DATA);
  }

  #pass(clock: number, coordinate: number): void {
    this.#out[0]!.put(clock, coordinate, DATA);
    for (const operand of [0, 1] as const) {
      const ref = this.#ref[operand];
      if (!isItem(ref.headTag)) throw this.mismatch(this.#crd[operand], ref);
      this.#out[operand + 1]!.put(clock, ref.headPayload, ref.headTag);
      this.#crd[operand].release(clock);
      ref.release(clock);
    }
  }

  #end(clock: number): number {
    const [a] = this.#crd;
    const tag = a.headTag;
    if (tag < STOP && tag !== DONE) throw this.unexpected(a, "a coordinate, a stop or D");
    for (const input of this.inputs) {
      if (input.headTag !== tag) throw this.mismatch(a, input);
    }
    for (const input of this.inputs) input.release(clock);
    for (const port of this.#out) port.put(clock, 0, tag);
    if (tag === DONE) return tag;
    for (const operand of [0, 1] as const) {
      this.#tell(clock, operand, Number.POSITIVE_INFINITY);
      this.#told[operand] = -1;
    }
    return tag;
  }
}

/** The coordinate at the head of a stream, infinity for a stop or the end. */
function coordinateAt(crd: Channel): number {
  return crd.headTag === DATA ? crd.headPayload : Number.POSITIVE_INFINITY;
}
