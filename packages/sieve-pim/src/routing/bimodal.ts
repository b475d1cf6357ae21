/** Routing with a few hot experts and a long tail, drawn exactly as for the recorded partition cases. */
import { Xorshift32 } from "./xorshift32.ts";

/** How hot which share of the experts is. */
export interface BimodalOptions {
  readonly experts: number;
  readonly topK: number;
  readonly tokens: number;
  readonly seed: number;
  /** Share of the experts that are hot. Default .08. */
  readonly hotFraction?: number;
  /** Share of the draws that go to hot experts first. Default .5. */
  readonly hotShare?: number;
}

/**
 * Tokens per expert. Each token draws until it has `topK` different experts; a draw into the hot set is open only while
 * the token has fewer hot experts than there are.
 *
 * @example
 * ```ts
 * const counts = bimodalCounts({ experts: 128, topK: 8, tokens: 64, seed: 102 });
 * counts.slice(0, 64).reduce((sum, tokens) => sum + tokens, 0); // => 374
 * ```
 */
export function bimodalCounts(options: BimodalOptions): Uint32Array {
  const { experts, topK, tokens, seed, hotFraction = 0.08, hotShare = 0.5 } = options;
  const random = new Xorshift32(seed);
  const hot = Math.max(1, Math.round(experts * hotFraction));
  const counts = new Uint32Array(experts);
  const chosenBy = new Int32Array(experts).fill(-1);
  for (let token = 0; token < tokens; token++) {
    let hotChosen = 0;
    for (let chosen = 0; chosen < topK; ) {
      const toHot = random.next() % 1000 < 1000 * hotShare && hotChosen < hot;
      const expert = random.next() % (toHot ? hot : experts);
      if (chosenBy[expert] === token) continue;
      chosenBy[expert] = token;
      counts[expert]! += 1;
      chosen += 1;
      if (expert < hot) hotChosen += 1;
    }
  }
  return counts;
}
