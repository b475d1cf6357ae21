/** What the benchmarks run on: published numbers of rows per expert, and the lengths of the tests. */
import { readFileSync } from "node:fs";

/** Tokens that go to two experts each, so that the experts get these numbers of rows; which token goes where is made up. */
export function routedBy(counts) {
  const left = [...counts];
  const batch = counts.reduce((sum, count) => sum + count, 0) / 2;
  return Array.from({ length: batch }, () => {
    const order = left.map((_, expert) => expert).sort((a, b) => left[b] - left[a] || a - b);
    const chosen = order.slice(0, 2);
    for (const expert of chosen) left[expert] -= 1;
    return chosen;
  });
}

/** Rows per expert of the published runs of Mixtral-8x7B. */
export const mixtral64 = [13, 10, 17, 14, 17, 10, 24, 23];
export const mixtral1024 = [236, 219, 279, 215, 164, 414, 301, 220];

/** Windows of the Azure trace; see `test/data/README.md`. */
export const windows = JSON.parse(readFileSync(new URL("../test/data/azure-lengths.json", import.meta.url), "utf8"));
