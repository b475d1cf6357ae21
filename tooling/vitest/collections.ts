/** A meter of garbage for tests that say a loop leaves none. */
import { PerformanceObserver } from "node:perf_hooks";

/** Garbage collections while `work` runs: the heap's young space holds about 16 MB, so garbage shows. */
export async function collections(work: () => void): Promise<number> {
  let count = 0;
  const observer = new PerformanceObserver((list) => {
    count += list.getEntries().length;
  });
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
  await settle();
  observer.observe({ entryTypes: ["gc"] });
  work();
  await settle();
  observer.disconnect();
  return count;
}
