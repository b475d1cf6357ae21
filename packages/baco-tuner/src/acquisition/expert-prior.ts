/**
 * Lets the priors of an expert draw suggestions, less from one to the next.
 *
 * The acquisition is multiplied by (prior + floor)^(weight / n) at the n-th suggestion, the prior being 1 at its highest.
 *
 * Source: Hvarfner et al., "piBO: Augmenting Acquisition Functions with User Beliefs for Bayesian Optimization", ICLR
 * 2022; as in BaCO (`EI_PIBO`), the floor keeps what the expert ruled out in the race.
 */
import type { Space } from "../space/space.ts";
import type { Acquisition } from "./acquisition.ts";

/** How much the priors count. */
export interface ExpertPrior {
  readonly weight: number;
  readonly floor: number;
  /** Which suggestion of the model this is, from 1. */
  readonly suggestion: number;
}

/** The acquisition under the priors of a space's parameters. */
export function withExpertPrior(
  acquisition: Acquisition,
  space: Space,
  { weight, floor, suggestion }: ExpertPrior,
): Acquisition {
  const power = weight / suggestion;
  return (row, least, point) => {
    const bonus = power * Math.log((Math.exp(space.logPrior(point)) + floor) / (1 + floor));
    const appraisal = acquisition(row, least - bonus, point);
    return { ...appraisal, worth: appraisal.worth + bonus };
  };
}
