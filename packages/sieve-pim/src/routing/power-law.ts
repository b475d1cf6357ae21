/** Routing by a bounded power law, as the measured kernels were loaded. Source of the rule: ai-dynamo/aiconfigurator@095f58a. */
import { Xorshift32 } from "./xorshift32.ts";

/** What is drawn. */
export interface PowerLawRoutingOptions {
  readonly experts: number;
  readonly topK: number;
  readonly tokens: number;
  /** Exponent: 1.01 or 1.2 in the measurements. */
  readonly exponent: number;
  readonly seed: number;
  /** Ranks over which the experts are spread; the most loaded becomes rank 0. Default 1. */
  readonly ranks?: number;
}

/** Tokens per expert, their sum `tokens * topK`, none above `tokens`. */
export function powerLawCounts(options: PowerLawRoutingOptions): Uint32Array {
  const { experts, topK, tokens, exponent, seed, ranks = 1 } = options;
  const random = new Xorshift32(seed);
  const slots = tokens * topK;
  const [least, most] = slots <= experts ? [0.01, 2] : [1, Math.max(1.0001, 0.8 * tokens)];
  const power = 1 - exponent;
  const weights = Float64Array.from({ length: experts }, () => {
    const u = random.uniform();
    return ((most ** power - least ** power) * u + least ** power) ** (1 / power);
  });
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const counts = Uint32Array.from(weights, (weight) => Math.min(tokens, Math.round((weight / sum) * slots)));
  settle(counts, slots, tokens);
  return heaviestFirst(counts, ranks);
}

/** Makes the counts add up to `slots`: the remainder of rounding goes to or comes from the largest that have room. */
function settle(counts: Uint32Array, slots: number, tokens: number): void {
  const order = Array.from(counts.keys()).sort((a, b) => counts[b]! - counts[a]! || a - b);
  let missing = slots - counts.reduce((total, each) => total + each, 0);
  for (let at = 0; missing !== 0; at = (at + 1) % order.length) {
    const expert = order[at]!;
    if (missing > 0 && counts[expert]! < tokens) {
      counts[expert]! += 1;
      missing -= 1;
    } else if (missing < 0 && counts[expert]! > 0) {
      counts[expert]! -= 1;
      missing += 1;
    }
  }
}

function heaviestFirst(counts: Uint32Array, ranks: number): Uint32Array {
  const each = counts.length / ranks;
  const load = (rank: number): number => counts.subarray(rank * each, (rank + 1) * each).reduce((sum, n) => sum + n, 0);
  let heaviest = 0;
  for (let rank = 1; rank < ranks; rank++) if (load(rank) > load(heaviest)) heaviest = rank;
  if (heaviest === 0) return counts;
  const swapped = counts.slice();
  swapped.set(counts.subarray(heaviest * each, (heaviest + 1) * each), 0);
  swapped.set(counts.subarray(0, each), heaviest * each);
  return swapped;
}
