/** A placement by expert: how many tokens each has, and on which devices. */
import type { PlacementView } from "../view/placement.ts";

/** Tokens of an expert on a device. */
export interface ExpertShare {
  readonly device: number;
  readonly tokens: number;
}

/** An expert and its devices, those with more tokens first. */
export interface PlacedTokens {
  readonly expert: number;
  readonly tokens: number;
  readonly shares: readonly ExpertShare[];
}

/** Experts with tokens, the busiest first; of equally busy ones that with the lower number. */
export function byExpert({ experts }: PlacementView): PlacedTokens[] {
  const found = new Map<number, ExpertShare[]>();
  for (const { expert, device, tokens } of experts) {
    if (tokens === 0) continue;
    const shares = found.get(expert) ?? [];
    shares.push({ device, tokens });
    found.set(expert, shares);
  }
  return [...found]
    .map(([expert, shares]) => ({
      expert,
      tokens: shares.reduce((sum, { tokens }) => sum + tokens, 0),
      shares: shares.sort((a, b) => b.tokens - a.tokens || a.device - b.device),
    }))
    .sort((a, b) => b.tokens - a.tokens || a.expert - b.expert);
}
