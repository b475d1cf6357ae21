import { Node, type Progress } from "@millrace/sim-core";

/** Copies every slot to all outputs at the same time, once all of them have room; it takes a slot before it waits for that. */
export class TimedBroadcast extends Node {
  // The slot that is taken and not yet copied.
  #holds = false;
  #payload = 0;
  #tag = 0;

  override fire(budget: number): Progress {
    const input = this.inputs[0]!;
    for (let left = budget; left > 0; left--) {
      if (!this.#holds) {
        if (!input.readable) return input.ended ? this.finish() : this.waitFor(input);
        this.clock = input.peek(this.clock);
        this.#payload = input.headPayload;
        this.#tag = input.headTag;
        input.release(this.clock);
        this.#holds = true;
      }
      for (const output of this.outputs) if (!output.writable) return this.waitFor(output);
      for (const output of this.outputs) this.clock = output.reserve(this.clock);
      for (const output of this.outputs) output.put(this.clock, this.#payload, this.#tag);
      this.#holds = false;
    }
    return "more";
  }
}
