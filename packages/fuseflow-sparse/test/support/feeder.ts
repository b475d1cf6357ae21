import { type Channel, Node, type Progress } from "@millrace/sim-core";
import { parseToken, VOID } from "../../src/blocks/token.ts";

/** What stands for the token of an empty fibre among the tokens of a {@link Feeder}. */
export const EMPTY_FIBER = "empty fibre";

/** Feeds token k of a stream so that it can be taken from cycle k on. */
export class Feeder extends Node {
  readonly #out: Channel;
  readonly #tokens: readonly (number | string)[];

  constructor(out: Channel, tokens: readonly (number | string)[]) {
    super(`feed ${out.id}`, [], [out]);
    this.#out = out;
    this.#tokens = tokens;
  }

  fire(): Progress {
    for (const [k, token] of this.#tokens.entries()) {
      const { payload, tag } = token === EMPTY_FIBER ? { payload: 0, tag: VOID } : parseToken(String(token))!;
      this.#out.put(k - 1, payload, tag);
    }
    return this.finish();
  }
}

/** Takes everything in. */
export class Sink extends Node {
  readonly #in: Channel;

  constructor(input: Channel) {
    super(`sink ${input.id}`, [input], []);
    this.#in = input;
  }

  fire(): Progress {
    while (this.#in.readable) this.#in.release(this.#in.headTime);
    return this.#in.ended ? this.finish() : this.waitFor(this.#in);
  }
}
