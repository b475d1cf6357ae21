// Bursts per CPU-second of the burst memory, beside an arbiter that looks at every requester in every cycle.
// Usage, after a build: node bench/hbm-burst.mjs
import { Graph, hbmBurst, Node, simulate } from "../dist/index.js";

/** Recorded on a 2-core x86-64 machine: an HBM node of the same structure on DAM-RS (million requests per CPU-second). */
const RECORDED_DAM_RS = { 24: "2.0", 128: "1.1" };

class Loader extends Node {
  constructor(id, port, tiles, bursts) {
    super(id, [port.response], [port.request]);
    this.port = port;
    this.left = tiles;
    this.bursts = bursts;
    this.waits = false;
  }
  fire() {
    const { request, response } = this.port;
    for (;;) {
      if (this.waits) {
        if (!response.readable) return this.waitFor(response);
        this.clock = response.peek(this.clock);
        response.release(this.clock);
        this.waits = false;
      }
      if (this.left === 0) return this.finish();
      request.put(this.clock, 0, this.bursts);
      this.left -= 1;
      this.waits = true;
    }
  }
}

function engine(readers, tiles, bursts) {
  const graph = new Graph();
  const memory = graph.memory("hbm", hbmBurst());
  for (let i = 0; i < readers; i++) graph.add(new Loader(`loader${i}`, memory.port(`p${i}`), tiles, bursts));
  return simulate(graph).cycles;
}

/** The same memory, cycle by cycle. */
function ticked(readers, tiles, bursts) {
  const states = Array.from({ length: readers }, () => ({ tiles, left: bursts, from: 1, last: 0 }));
  const free = new Array(32).fill(0);
  let offset = 0;
  let running = readers;
  let cycle = 0;
  for (; running > 0; cycle++) {
    let i = 0;
    for (const state of states) {
      if (state.tiles > 0 && state.left === 0 && cycle === state.last + 1) {
        state.tiles -= 1;
        state.left = state.tiles > 0 ? bursts : 0;
        state.from = cycle + 1;
        if (state.tiles === 0) running -= 1;
      }
      if (state.left === 0 || cycle < state.from) continue;
      const channel = (offset + (i * (i + 1)) / 2) % 32;
      const start = Math.max(cycle + 1, free[channel]);
      free[channel] = start + 2;
      state.last = Math.max(state.last, start + 16);
      state.left -= 1;
      i += 1;
    }
    offset = (offset + (i * (i + 1)) / 2) % 32;
  }
  return cycle + 1;
}

function rate(run, shape, repeats) {
  let best = 0;
  let cycles = 0;
  for (let i = 0; i < repeats; i++) {
    const before = process.cpuUsage();
    cycles = run(...shape);
    const { user, system } = process.cpuUsage(before);
    best = Math.max(best, (shape[0] * shape[1] * shape[2]) / (user + system));
  }
  return { best, cycles };
}

console.log("readers  tiles  bursts  cycles     M bursts/CPU-s  ns/burst  ticked  ratio  DAM-RS (recorded)");
for (const shape of [
  [24, 10, 4096],
  [128, 4, 4096],
  [128, 84, 4096],
]) {
  const fast = rate(engine, shape, 5);
  const slow = rate(ticked, shape, 2);
  if (Math.abs(fast.cycles - slow.cycles) > 2) throw new Error(`${fast.cycles} cycles against ${slow.cycles}`);
  const columns = [String(shape[0]).padEnd(7), String(shape[1]).padEnd(5), String(shape[2]).padEnd(6)];
  columns.push(
    String(fast.cycles).padEnd(9),
    fast.best.toFixed(1).padStart(14),
    (1000 / fast.best).toFixed(1).padStart(8),
  );
  columns.push(
    slow.best.toFixed(1).padStart(6),
    `${(fast.best / slow.best).toFixed(1)}x`.padStart(5),
    RECORDED_DAM_RS[shape[0]],
  );
  console.log(columns.join("  "));
}
