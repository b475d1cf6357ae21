import type { Channel, Progress } from "@millrace/sim-core";
import type { BinaryOperation } from "../../sam/graph.ts";
import type { TileCombination } from "../../tiles/combine-tiles.ts";
import { Block, type BlockWiring } from "../block.ts";
import type { OutPort } from "../out-port.ts";
import { DONE, isItem, STOP, VOID } from "../token.ts";
import { combineIntoFirst } from "./operations.ts";

/** Combines two value streams of the same shape, one pair a step; stops pass. Inputs: val0, val1. Output: val. */
export class Alu extends Block {
  readonly #a: Channel;
  readonly #b: Channel;
  readonly #out: OutPort;
  readonly #operation: BinaryOperation;
  readonly #tiles: TileCombination | null;
  readonly #interval: number;
  // The operands, then the result in place of the first.
  readonly #pair: Float64Array = new Float64Array(2);

  /** With `tiles`, values are numbers of tiles. Tokens follow each other at `interval` cycles. */
  constructor(
    wiring: BlockWiring,
    operation: BinaryOperation,
    { tiles = null, interval = 1 }: { readonly tiles?: TileCombination | null; readonly interval?: number } = {},
  ) {
    super(wiring);
    this.#tiles = tiles;
    this.#interval = interval;
    this.#a = wiring.inputs[0]!;
    this.#b = wiring.inputs[1]!;
    this.#out = wiring.outputs[0]!;
    this.#operation = operation;
  }

  fire(budget: number): Progress {
    const a = this.#a;
    const b = this.#b;
    const output = this.#out;
    const pair = this.#pair;
    let { clock } = this;
    for (let left = budget; left > 0; left--) {
      if (!a.readable) return this.starved(clock, a);
      if (!b.readable) return this.starved(clock, b);
      clock = b.peek(a.peek(clock));
      if (this.stalls) {
        clock = this.room(clock);
        if (clock < 0) return this.blocked();
      }
      const tag = a.headTag;
      const other = b.headTag;
      if (isItem(tag) && isItem(other)) {
        pair[0] = a.headPayload;
        pair[1] = b.headPayload;
        if (this.#tiles === null) combineIntoFirst(this.#operation, pair);
        else pair[0] = this.#tiles.apply(pair[0]!, pair[1]!);
        output.putValue(clock, pair, 0);
        this.work += 1;
      } else if (tag === VOID || other === VOID) {
        output.put(clock, 0, VOID);
        if (tag === VOID) a.release(clock);
        if (other === VOID) b.release(clock);
        clock += 1;
        continue;
      } else if (tag !== other) {
        throw this.mismatch(a, b);
      } else if (tag >= STOP) {
        output.put(clock, 0, tag);
      } else if (tag === DONE) {
        output.put(clock, 0, DONE);
        a.release(clock);
        b.release(clock);
        return this.finishAt(clock);
      } else {
        throw this.unexpected(a, "a value, a stop or D");
      }
      a.release(clock);
      b.release(clock);
      clock += this.#interval;
    }
    this.clock = clock;
    return "more";
  }
}
