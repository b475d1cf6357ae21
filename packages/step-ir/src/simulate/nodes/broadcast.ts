import { Node, type Progress } from "@millrace/sim-core";

/** Copies every slot to all outputs at the same time, once all of them have room. */
export class TimedBroadcast extends Node {
  override fire(budget: number): Progress {
    const input = this.inputs[0]!;
    for (let left = budget; left > 0; left--) {
      if (!input.readable) return input.ended ? this.finish() : this.waitFor(input);
      for (const output of this.outputs) if (!output.writable) return this.waitFor(output);
      let clock = input.peek(this.clock);
      for (const output of this.outputs) clock = output.reserve(clock);
      for (const output of this.outputs) output.put(clock, input.headPayload, input.headTag);
      input.release(clock);
      this.clock = clock;
    }
    return "more";
  }
}
