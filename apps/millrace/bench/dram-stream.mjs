// Memory of the process while a trace of many requests streams through command-level DRAM.
// Usage, after a build: node bench/dram-stream.mjs [REQUESTS] [PRESET], by default 100,000,000 and ddr4-2400.
import { runTrace } from "../dist/dram/run-trace.js";
import { parts } from "./dram-parts.mjs";

const requests = Number(process.argv[2] ?? 1e8);
const setup = parts("r21", process.argv[3] ?? "ddr4-2400", { frontend: 1, memory: 1 });
const LINES = 4096;

/** The lines of a stream, chunk by chunk: mostly in order, a fifth of them writes, now and then somewhere else. */
async function* chunks() {
  let state = 1;
  let block = 0;
  for (let done = 0; done < requests; done += LINES) {
    let text = "";
    for (let i = 0; i < Math.min(LINES, requests - done); i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      block = state % 16 === 0 ? state >>> 8 : (block + 1) % 2 ** 24;
      text += `${(state >>> 16) % 5 === 0 ? "ST" : "LD"} 0x${(block * 64).toString(16)}\n`;
    }
    yield new TextEncoder().encode(text);
  }
}

let most = 0;
let shown = 0;
const before = process.cpuUsage();
const run = await runTrace(
  setup,
  { name: "stream", chunks: chunks(), form: "loadstore" },
  {
    pause(taken) {
      const megabytes = process.memoryUsage.rss() / 2 ** 20;
      most = Math.max(most, megabytes);
      if (taken < shown + requests / 10) return;
      shown = taken;
      console.log(`${(taken / 1e6).toFixed(1).padStart(8)} M requests ${megabytes.toFixed(0).padStart(6)} MB resident`);
    },
  },
);
const { user, system } = process.cpuUsage(before);
console.log(
  `${run.requests} requests, ${run.cycles} cycles, at most ${most.toFixed(0)} MB, ${((user + system) / 1e6).toFixed(0)} CPU-s with the making of the trace`,
);
