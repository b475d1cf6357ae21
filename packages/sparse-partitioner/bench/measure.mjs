// Times of kernels: CPU time of the process, user and system; the least of some samples of 2 ms and more.

function sampleOf(body) {
  return async (times) => {
    const [cpu, wall] = [process.cpuUsage(), performance.now()];
    for (let at = 0; at < times; at++) await body();
    const { user, system } = process.cpuUsage(cpu);
    return { cpu: (user + system) / 1000 / times, wall: (performance.now() - wall) / times };
  };
}

/** Least CPU and least wall milliseconds of one call, in about `budget` ms of samples after a warm start. */
export async function leastOf(body, budget) {
  const sample = sampleOf(body);
  await body();
  // Short calls are warmed up first: their first thousands are those of code that is not compiled yet.
  const begun = performance.now();
  for (let at = 0; at < 4000 && performance.now() - begun < budget / 2; at++) await body();
  let times = 1;
  let best = await sample(1);
  const keep = (each) => {
    best = { cpu: Math.min(best.cpu, each.cpu), wall: Math.min(best.wall, each.wall) };
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
