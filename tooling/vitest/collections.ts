/** A meter of garbage for tests that say a loop leaves none. */
import { PerformanceObserver } from "node:perf_hooks";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collectAll = runInNewContext("gc") as () => void;

/** Garbage collections while `work` runs: the heap's young space holds about 16 MB, so garbage shows. */
export async function collections(work: () => void): Promise<number> {
  let count = 0;
  const observer = new PerformanceObserver((list) => {
    count += list.getEntries().length;
  });
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
  // What earlier tests left would be counted as the garbage of this one.
  collectAll();
  await settle();
  observer.observe({ entryTypes: ["gc"] });
  work();
  await settle();
  observer.disconnect();
  return count;
}
