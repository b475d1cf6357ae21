// The node programs behind the recorded chain laws.
import { type Channel, Graph, Node, type Progress } from "../../src/index.ts";

export type Style = "dequeue-first" | "peek-first";

/** Writes `left` tokens, one per cycle: payload counts down, tag counts up. */
export class Generator extends Node {
  readonly #output: Channel;
  #left: number;
  #tag = 0;

  constructor(id: string, output: Channel, left: number) {
    super(id, [], [output]);
    this.#output = output;
    this.#left = left;
  }

  fire(budget: number): Progress {
    const output = this.#output;
    for (; budget > 0; budget--) {
      if (this.#left === 0) return this.finish();
      if (!output.writable) return this.waitFor(output);
      this.clock = output.reserve(this.clock);
      output.put(this.clock, this.#left, this.#tag);
      this.clock += 1;
      this.#left -= 1;
      this.#tag = (this.#tag + 1) | 0;
    }
    return "more";
  }
}

/** Read, write, +1. */
export class DequeueFirst extends Node {
  readonly #input: Channel;
  readonly #output: Channel;

  constructor(id: string, input: Channel, output: Channel) {
    super(id, [input], [output]);
    this.#input = input;
    this.#output = output;
  }

  fire(budget: number): Progress {
    const input = this.#input;
    const output = this.#output;
    for (; budget > 0; budget--) {
      if (!input.readable) return input.ended ? this.finish() : this.waitFor(input);
      if (!output.writable) return this.waitFor(output);
      this.clock = input.peek(this.clock);
      const payload = input.headPayload;
      const tag = input.headTag;
      input.release(this.clock);
      this.clock = output.reserve(this.clock);
      output.put(this.clock, payload, tag);
      this.clock += 1;
    }
    return "more";
  }
}

/** Peek, +1, write, release: the input slot stays occupied for the whole service time. */
class PeekFirst extends Node {
  readonly #input: Channel;
  readonly #output: Channel;

  constructor(id: string, input: Channel, output: Channel) {
    super(id, [input], [output]);
    this.#input = input;
    this.#output = output;
  }

  fire(budget: number): Progress {
    const input = this.#input;
    const output = this.#output;
    for (; budget > 0; budget--) {
      if (!input.readable) return input.ended ? this.finish() : this.waitFor(input);
      if (!output.writable) return this.waitFor(output);
      this.clock = output.reserve(input.peek(this.clock) + 1);
      output.put(this.clock, input.headPayload, input.headTag);
      input.release(this.clock);
    }
    return "more";
  }
}

/** Reads everything, one token per cycle. */
export class Consumer extends Node {
  readonly #input: Channel;
  readonly payloads: number[] = [];
  sum = 0;

  constructor(id: string, input: Channel) {
    super(id, [input], []);
    this.#input = input;
  }

  fire(budget: number): Progress {
    const input = this.#input;
    for (; budget > 0; budget--) {
      if (!input.readable) return input.ended ? this.finish() : this.waitFor(input);
      this.clock = input.peek(this.clock);
      this.sum += input.headPayload;
      input.release(this.clock);
      this.clock += 1;
    }
    return "more";
  }
}

/** Generator, `forwarders` forwarders of one style, consumer. */
export function chain(options: { forwarders: number; n: number; capacity: number; style: Style }): Graph {
  const graph = new Graph({ capacity: options.capacity });
  let channel = graph.channel("c0");
  graph.add(new Generator("generator", channel, options.n));
  for (let i = 0; i < options.forwarders; i++) {
    const next = graph.channel(`c${i + 1}`);
    const Forwarder = options.style === "peek-first" ? PeekFirst : DequeueFirst;
    graph.add(new Forwarder(`forwarder${i}`, channel, next));
    channel = next;
  }
  graph.add(new Consumer("consumer", channel));
  return graph;
}
