import { readFileSync } from "node:fs";

/** Rows per expert that load Qwen3-30B-A3B at batch 64 as the published runs did; see the notes beside the data. */
export const qwenRows: readonly number[] = JSON.parse(
  readFileSync(new URL("../data/qwen-rows-per-expert.json", import.meta.url), "utf8"),
);

/** The experts of each token, `chosen` of them each, so that expert `e` gets `counts[e]` rows; which token goes where is made up. */
export function routedBy(counts: readonly number[], chosen: number): number[][] {
  const left = [...counts];
  const batch = counts.reduce((sum, count) => sum + count, 0) / chosen;
  return Array.from({ length: batch }, () => {
    const order = left.map((_, expert) => expert).sort((a, b) => left[b]! - left[a]! || a - b);
    const own = order.slice(0, chosen);
    for (const expert of own) left[expert]! -= 1;
    return own.sort((a, b) => a - b);
  });
}
