// What a run costs with threads: round trips, the smallest kernel that gains, and prefix sums.
// Usage, after a build: node bench/threads.mjs. Wall times mean little on a busy machine.
import process from "node:process";
import { compileWasm, Heap, KernelCompiler, NestBuilder, nodeHost, PrefixSum, WorkerPool } from "../dist/index.js";
import { cpuNanoseconds, printTable } from "./measure.mjs";

const heap = new Heap();
const pool = new WorkerPool(nodeHost(process), { workers: 2 });

/** Each unit adds up `n` squares. */
function squaresNest() {
  const b = new NestBuilder("squares");
  const [n, y] = [b.scalar("n", "i32"), b.buffer("y", "f64", { access: "write" })];
  const sum = b.local("sum", b.f64(0));
  b.for("i", 0, n, (i) => b.set(sum, b.add(sum, b.multiply(b.convert("f64", i), b.convert("f64", i)))));
  b.store(y, b.unit, sum);
  return b.finish();
}

function quantiles(run, times = 4000) {
  const taken = new Float64Array(times);
  for (let time = 0; time < times; time++) {
    const start = performance.now();
    run();
    taken[time] = performance.now() - start;
  }
  taken.sort();
  return [0.1, 0.5, 0.9].map((part) => taken[Math.floor(part * times)] * 1000);
}

const kernel = compileWasm(squaresNest(), heap);
const y = heap.allocate("f64", 2);
const table = [["steps per unit", "one thread p10/p50/p90 us", "two threads", "gain of the median"]];
for (const n of [0, 1000, 10_000, 50_000, 200_000]) {
  const bound = kernel.bind({ n, y });
  const times = n > 20_000 ? 300 : 3000;
  const alone = quantiles(() => bound.run({ units: 2 }), times);
  const together = quantiles(() => pool.run(bound, { units: 2 }), times);
  const text = (all) => all.map((each) => each.toFixed(1)).join(" / ");
  table.push([n, text(alone), text(together), `${(alone[1] / together[1]).toFixed(2)}x`]);
}
printTable(table);

const compiler = new KernelCompiler({ target: "wasm", heap });
const values = heap.allocate("i32", 4_000_000).fill(3);
const result = heap.allocate("i32", values.length);
const serial = () => {
  let sum = 0;
  for (let place = 0; place < values.length; place++) {
    result[place] = sum;
    sum += values[place];
  }
};
const [plain, alone, together] = [
  cpuNanoseconds(serial, 3),
  cpuNanoseconds(() => new PrefixSum({ from: "i32", to: "i32" }, compiler).run(values, result), 3),
  cpuNanoseconds(() => new PrefixSum({ from: "i32", to: "i32" }, compiler, pool).run(values, result), 3),
];
console.log();
const rate = (ns) => ((values.length * 8) / ns).toFixed(2);
printTable([
  ["prefix sum of 4 M i32", "GB/s of CPU time (read once, written once)", "of plain JavaScript"],
  ["plain JavaScript", rate(plain), "1.00x"],
  ["one thread", rate(alone), `${(plain / alone).toFixed(2)}x`],
  ["two threads", rate(together), `${(plain / together).toFixed(2)}x`],
]);
pool.close();
