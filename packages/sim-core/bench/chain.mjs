// Token hops per CPU-second along a chain, beside the literal reference engine in the same run.
// Usage, after a build: node bench/chain.mjs
import { Graph, Node, referenceChannel, simulate, simulateReference } from "../dist/index.js";

/** Recorded on a 2-core x86-64 machine: the Rust core DAM-RS, one worker, capacity 8 (million hops per CPU-second). */
const RECORDED_DAM_RS = { 0: "14.3–16.1", 10: "15.9–17.0", 100: "15.5–19.4" };

class Generator extends Node {
  constructor(id, output, left) {
    super(id, [], [output]);
    this.output = output;
    this.left = left;
  }
  fire(budget) {
    const { output } = this;
    let { clock, left } = this;
    for (; budget > 0 && left > 0 && output.writable; budget--, left--) {
      clock = output.reserve(clock);
      output.put(clock, left, 0);
      clock += 1;
    }
    this.clock = clock;
    this.left = left;
    if (left === 0) return this.finish();
    return output.writable ? "more" : this.waitFor(output);
  }
}

class DequeueFirst extends Node {
  constructor(id, input, output) {
    super(id, [input], [output]);
    this.input = input;
    this.output = output;
  }
  fire(budget) {
    const { input, output } = this;
    let { clock } = this;
    for (; budget > 0 && input.readable && output.writable; budget--) {
      clock = input.peek(clock);
      const payload = input.headPayload;
      const tag = input.headTag;
      input.release(clock);
      clock = output.reserve(clock);
      output.put(clock, payload, tag);
      clock += 1;
    }
    this.clock = clock;
    if (!input.readable) return input.ended ? this.finish() : this.waitFor(input);
    return output.writable ? "more" : this.waitFor(output);
  }
}

class PeekFirst extends Node {
  constructor(id, input, output) {
    super(id, [input], [output]);
    this.input = input;
    this.output = output;
  }
  fire(budget) {
    const { input, output } = this;
    let { clock } = this;
    for (; budget > 0 && input.readable && output.writable; budget--) {
      clock = output.reserve(input.peek(clock) + 1);
      output.put(clock, input.headPayload, input.headTag);
      input.release(clock);
    }
    this.clock = clock;
    if (!input.readable) return input.ended ? this.finish() : this.waitFor(input);
    return output.writable ? "more" : this.waitFor(output);
  }
}

class Consumer extends Node {
  constructor(id, input) {
    super(id, [input], []);
    this.input = input;
    this.sum = 0;
  }
  fire(budget) {
    const { input } = this;
    let { clock, sum } = this;
    for (; budget > 0 && input.readable; budget--) {
      clock = input.peek(clock);
      sum += input.headPayload;
      input.release(clock);
      clock += 1;
    }
    this.clock = clock;
    this.sum = sum;
    if (input.readable) return "more";
    return input.ended ? this.finish() : this.waitFor(input);
  }
}

function engineChain({ forwarders, n, capacity, style }) {
  const graph = new Graph({ capacity });
  let channel = graph.channel("c0");
  graph.add(new Generator("generator", channel, n));
  for (let i = 0; i < forwarders; i++) {
    const next = graph.channel(`c${i + 1}`);
    graph.add(
      style === "peek-first" ? new PeekFirst(`f${i}`, channel, next) : new DequeueFirst(`f${i}`, channel, next),
    );
    channel = next;
  }
  graph.add(new Consumer("consumer", channel));
  return () => simulate(graph).cycles;
}

function referenceChain({ forwarders, n, capacity, style }) {
  const channels = Array.from({ length: forwarders + 1 }, (_, i) => referenceChannel(`c${i}`, { capacity }));
  const nodes = Array.from({ length: forwarders + 2 }, (_, i) => {
    const [input, output] = [channels[i - 1], channels[i]];
    const program = (function* () {
      for (let token = 0; token < n; token++) {
        if (input !== undefined) yield { do: "peek", channel: input };
        const peekFirst = style === "peek-first" && input !== undefined && output !== undefined;
        if (peekFirst) yield { do: "work", cycles: 1 };
        else if (input !== undefined) yield { do: "release", channel: input };
        if (output !== undefined) yield { do: "write", channel: output, payload: token, tag: 0 };
        if (peekFirst) yield { do: "release", channel: input };
        else yield { do: "work", cycles: 1 };
      }
    })();
    return { id: `n${i}`, inputs: input ? [input] : [], outputs: output ? [output] : [], program };
  });
  return () => simulateReference(nodes).cycles;
}

/** Best of `repeats` runs, in million hops per CPU-second. */
function rate(build, options, repeats) {
  let best = 0;
  let cycles = 0;
  for (let i = 0; i < repeats; i++) {
    const run = build(options);
    const before = process.cpuUsage();
    cycles = run();
    const { user, system } = process.cpuUsage(before);
    best = Math.max(best, (options.n * (options.forwarders + 1)) / (user + system));
  }
  return { best, cycles };
}

// Loops are compiled for what they meet first: let that be the usual capacity.
rate(engineChain, { forwarders: 10, capacity: 8, style: "dequeue-first", n: 300_000 }, 3);
rate(engineChain, { forwarders: 10, capacity: 8, style: "peek-first", n: 300_000 }, 3);
console.log("forwarders  capacity  style          M hops/CPU-s  reference  ratio  DAM-RS (recorded, capacity 8)");
for (const forwarders of [0, 10, 100]) {
  for (const capacity of [1, 2, 8, 1024]) {
    for (const style of ["dequeue-first", "peek-first"]) {
      const options = { forwarders, capacity, style };
      const hops = capacity < 8 ? 3e6 : 1e7;
      const fast = rate(engineChain, { ...options, n: Math.round(hops / (forwarders + 1)) }, 4);
      const n = Math.round(1e5 / (forwarders + 1));
      const slow = rate(referenceChain, { ...options, n }, 2);
      if (engineChain({ ...options, n })() !== slow.cycles) throw new Error("the engines disagree");
      const columns = [String(forwarders).padEnd(10), String(capacity).padEnd(8), style.padEnd(13)];
      columns.push(fast.best.toFixed(1).padStart(12), slow.best.toFixed(2).padStart(9));
      columns.push(
        `${(fast.best / slow.best).toFixed(0)}x`.padStart(5),
        capacity === 8 ? RECORDED_DAM_RS[forwarders] : "",
      );
      console.log(columns.join("  "));
    }
  }
}
