import type { Channel, Progress } from "@millrace/sim-core";
import type { TileSum } from "../../tiles/sum-tiles.ts";
import { Block, type BlockWiring } from "../block.ts";
import type { OutPort } from "../out-port.ts";
import { DATA, DONE, EMPTY, REPEAT, STOP } from "../token.ts";

/**
 * Sums each fibre of values, or takes its maximum: at a stop the result, and the stop one lower if it is above S0. An
 * empty fibre gives 0. Input: val. Output: val.
 */
export class Reduce extends Block {
  readonly #in: Channel;
  readonly #out: OutPort;
  readonly #maximum: boolean;
  readonly #tiles: TileSum | null;
  readonly #hollow: boolean;
  // In an array, which holds it in place.
  readonly #result = new Float64Array(1);
  #values = 0;
  // Tag of the stop that is still to be written after its fibre's result, 0 for none.
  #pendingStop = 0;

  /**
   * `hollow`: no fibre ever comes to this block, only the stops of the loops around the one it sums. With `tiles`, values are
   * numbers of tiles.
   */
  constructor(
    wiring: BlockWiring,
    operation: "add" | "max",
    { hollow = false, tiles = null }: { readonly hollow?: boolean; readonly tiles?: TileSum | null } = {},
  ) {
    super(wiring);
    this.#tiles = tiles;
    this.#in = wiring.inputs[0]!;
    this.#out = wiring.outputs[0]!;
    this.#maximum = operation === "max";
    this.#hollow = hollow;
  }

  fire(budget: number): Progress {
    const input = this.#in;
    const output = this.#out;
    let { clock } = this;
    for (let left = budget; left > 0; left--) {
      if (this.#pendingStop === 0) {
        if (!input.readable) return this.starved(clock, input);
        clock = input.peek(clock);
      }
      if (this.stalls) {
        clock = this.room(clock);
        if (clock < 0) return this.blocked();
      }
      if (this.#pendingStop !== 0) {
        output.put(clock, 0, this.#pendingStop);
        this.#pendingStop = 0;
        clock += 1;
        continue;
      }
      const tag = input.headTag;
      if (tag === REPEAT) throw this.unexpected(input, "a value, a stop or D");
      const value = input.headPayload;
      input.release(clock);
      if (tag === DATA) {
        this.#accept(value);
        this.work += 1;
        clock += 1;
      } else if (tag > STOP && this.#hollow) {
        output.put(clock, 0, tag - 1);
        clock += 1;
      } else if (tag >= STOP) {
        output.putValue(clock, this.#result, 0);
        this.#result[0] = 0;
        this.#values = 0;
        this.#pendingStop = tag - STOP;
        clock += this.#pendingStop === 0 ? 1 : this.timing.stopAfterSumCycles;
      } else if (tag === EMPTY) {
        this.#accept(0);
        clock += this.timing.missingValueCycles;
      } else if (tag === DONE) {
        output.put(clock, 0, DONE);
        return this.finishAt(clock);
      } else {
        clock += 1;
      }
    }
    this.clock = clock;
    return "more";
  }

  override held(visit: (payload: number) => void): void {
    visit(this.#result[0]!);
  }

  #accept(value: number): void {
    if (this.#tiles !== null) this.#result[0] = this.#tiles.absorb(this.#result[0]!, value, this.#values === 0);
    else if (!this.#maximum) this.#result[0]! += value;
    else this.#result[0] = this.#values === 0 ? value : Math.max(this.#result[0]!, value);
    this.#values += 1;
  }
}
