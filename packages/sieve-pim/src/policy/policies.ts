/** All policies by name. */
import { nearest } from "@millrace/ir-text";
import { SieveError } from "../errors.ts";
import { gpuOnly } from "./gpu-only.ts";
import { opBLayer, opBSplit } from "./op-b.ts";
import { oracle } from "./oracle.ts";
import { pimAll } from "./pim-all.ts";
import { pimoeLike } from "./pimoe-like.ts";
import type { Policy } from "./policy.ts";
import { sieve } from "./sieve.ts";
import { sieveSplit } from "./sieve-split.ts";
import { gemvStatic, staticThreshold } from "./static-threshold.ts";

const makers: Readonly<Record<string, () => Policy>> = {
  "gpu-only": () => gpuOnly,
  "pim-all": () => pimAll,
  "gemv-static": () => gemvStatic,
  "static-2": () => staticThreshold(2),
  "static-4": () => staticThreshold(4),
  "static-8": () => staticThreshold(8),
  "op-b-layer": () => opBLayer,
  "op-b-split": opBSplit,
  "pimoe-like": pimoeLike,
  oracle: () => oracle,
  sieve: () => sieve(),
  "sieve-split": sieveSplit,
  "sieve-no-comm": () => sieve("comm"),
  "sieve-no-contention": () => sieve("contention"),
  "sieve-no-overlap": () => sieve("overlap"),
};

/** Names of the policies; `static-N` with any other N is known as well. */
export const policyNames: readonly string[] = Object.keys(makers);

/** Names of the policies that others are measured against: everything but the scheduler, its ablations and the oracle. */
export const baselineNames: readonly string[] = policyNames.filter((name) => !/^(?:sieve|oracle)/.test(name));

/**
 * A policy of its own by name.
 *
 * @throws {SieveError} `policy` if there is none.
 *
 * @example
 * ```ts
 * policyNamed("static-16").brief; // => "experts with up to 16 tokens on PIM"
 * ```
 */
export function policyNamed(name: string): Policy {
  const make = Object.hasOwn(makers, name) ? makers[name] : undefined;
  if (make !== undefined) return make();
  const [, threshold] = /^static-(\d{1,9})$/.exec(name) ?? [];
  if (threshold !== undefined) return staticThreshold(Number(threshold));
  const similar = nearest(name, policyNames);
  throw new SieveError("policy", `no policy is called "${name}"`, {
    hint: similar === undefined ? `known are ${policyNames.join(", ")}` : `did you mean ${similar}?`,
  });
}
