/** The requests of matrix-vector products. */
import { type GemvShape, gemvCommands, ROW_ACCESSES } from "./closed-form.ts";
import { PimRequests, requestKinds } from "./pim-requests.ts";

/** What is multiplied and how it lies in the channels. */
export interface GemvStreamOptions {
  readonly shape: GemvShape;
  readonly channels: number;
  /** Products, one after the other. Default 1. */
  readonly tokens?: number;
  /** Whether vectors are written over bank groups or over the banks of one group. Default `bankgroups`. */
  readonly spread?: "bankgroups" | "banks";
  /** Whether all products read the same weights. Default true. */
  readonly sameWeights?: boolean;
  /** First row of the weights. Default 0. */
  readonly firstRow?: number;
}

const BANKS_PER_GROUP = 4;
const GROUPS = 4;
const BANKS_PER_RANK = 16;

/** Appends the requests of a product to `requests`: the vector, the MACs, the results, each behind the one before. */
export function gemvStream(options: GemvStreamOptions, requests: PimRequests = new PimRequests()): PimRequests {
  const { shape, channels, tokens = 1, spread = "bankgroups", sameWeights = true, firstRow = 0 } = options;
  const { writes, macs, rows, moves } = gemvCommands(shape);
  const { writeBuffer, macAllBank, moveScores, barrier } = requestKinds;
  const each = (count: number, add: (channel: number, at: number) => void): void => {
    for (let at = 0; at < count; at++) for (let channel = 0; channel < channels; channel++) add(channel, at);
  };
  const fence = (): void => {
    for (let channel = 0; channel < channels; channel++) requests.add(barrier, channel, 0, 0, 0);
  };
  for (let token = 0; token < tokens; token++) {
    const base = firstRow + (sameWeights ? 0 : token * rows);
    each(writes, (channel, at) => {
      const bank = spread === "banks" ? Math.floor((at * BANKS_PER_GROUP) / writes) : (at % GROUPS) * BANKS_PER_GROUP;
      requests.add(writeBuffer, channel, bank, 0, at % ROW_ACCESSES);
    });
    fence();
    each(macs, (channel, at) => {
      requests.add(macAllBank, channel, 0, base + Math.floor(at / ROW_ACCESSES), at % ROW_ACCESSES);
    });
    fence();
    each(moves, (channel, at) => {
      const bank = (Math.floor(at / GROUPS) % 2) * BANKS_PER_RANK + (at % GROUPS) * BANKS_PER_GROUP;
      requests.add(moveScores, channel, bank, 0, 0);
    });
    fence();
  }
  return requests;
}
