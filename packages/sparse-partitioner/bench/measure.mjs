// Times of kernels: CPU time of the process, user and system; the least of some samples of 2 ms and more.
import { readdirSync, readFileSync } from "node:fs";

/** Milliseconds that each thread of this process has run, by its number; none where the system does not say. */
function threadTimes() {
  try {
    const time = (thread) => Number(readFileSync(`/proc/self/task/${thread}/schedstat`, "utf8").split(" ")[0]) / 1e6;
    return new Map(readdirSync("/proc/self/task").map((thread) => [thread, time(thread)]));
  } catch {
    return new Map();
  }
}

function sampleOf(body) {
  return async (times) => {
    const before = threadTimes();
    const [cpu, wall] = [process.cpuUsage(), performance.now()];
    for (let at = 0; at < times; at++) await body();
    const { user, system } = process.cpuUsage(cpu);
    const sample = { cpu: (user + system) / 1000 / times, wall: (performance.now() - wall) / times };
    const busy = [...threadTimes()].map(([thread, time]) => time - (before.get(thread) ?? 0));
    return { ...sample, busiest: Math.max(0, ...busy) / times };
  };
}

/**
 * Least CPU and least wall milliseconds of one call, in about `budget` ms of samples after a warm start; and the least
 * that its busiest thread ran, which is the wall time on processors that nothing else uses, but for waits.
 */
export async function leastOf(body, budget) {
  const sample = sampleOf(body);
  await body();
  // Short calls are warmed up first: their first thousands are those of code that is not compiled yet.
  const begun = performance.now();
  for (let at = 0; at < 4000 && performance.now() - begun < budget / 2; at++) await body();
  let times = 1;
  const best = await sample(1);
  const keep = (each) => {
    for (const time of ["cpu", "wall", "busiest"]) best[time] = Math.min(best[time], each[time]);
  };
  while (best.wall * times < 2 && times < 4096) {
    times *= 4;
    keep(await sample(times));
  }
  const started = performance.now();
  for (let taken = 0; taken < 200 && (taken < 3 || performance.now() - started < budget); taken++)
    keep(await sample(times));
  return best;
}

/** The geometric mean. */
export function geomean(values) {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}
