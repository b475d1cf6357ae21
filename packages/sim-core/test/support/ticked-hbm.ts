// The burst memory and its requesters, cycle by cycle: every requester and every memory channel looked at in every cycle.
import type { HbmBurstOptions } from "../../src/index.ts";

export interface TickedRequester {
  readonly write: boolean;
  readonly burstsPerCycle: number;
  readonly tiles: readonly number[];
  readonly start: number;
  readonly gap: number;
}

interface State {
  readonly requester: TickedRequester;
  tile: number;
  /** First cycle in which the arbiter sees the next packet. */
  visibleAt: number;
  left: number;
  /** Ends of the bursts under way. */
  ends: number[];
  readonly answers: number[];
}

/** Cycle of the answer to each tile of each requester. */
export function tickedHbm(requesters: readonly TickedRequester[], options: Required<HbmBurstOptions>): number[][] {
  const free = new Array<number>(options.channels).fill(0);
  const used = new Array<boolean>(options.channels).fill(false);
  const states = requesters.map((requester): State => {
    return { requester, tile: 0, visibleAt: requester.start + 1, left: requester.tiles[0] ?? 0, ends: [], answers: [] };
  });
  const order = [
    ...states.filter((state) => !state.requester.write),
    ...states.filter((state) => state.requester.write),
  ];
  let offset = 0;
  for (let cycle = 0; states.some((state) => state.tile < state.requester.tiles.length); cycle++) {
    let i = 0;
    for (const state of order) {
      if (state.left === 0 || cycle < state.visibleAt) continue;
      for (let burst = Math.min(state.requester.burstsPerCycle, state.left); burst > 0; burst--) {
        const distance = options.spread === "triangular" ? (i * (i + 1)) / 2 : i;
        const channel = (offset + distance) % options.channels;
        const start = Math.max(cycle + 1, free[channel]!);
        free[channel] = start + options.initiationInterval;
        const startUp = options.startUp === "every-burst" || !used[channel] ? options.startUpCycles : 0;
        used[channel] = true;
        state.ends.push(start + options.latencyCycles + startUp);
        state.left -= 1;
        i += 1;
      }
    }
    offset = (offset + (options.spread === "triangular" ? (i * (i + 1)) / 2 : i)) % options.channels;
    for (const state of states) {
      const { tiles, gap } = state.requester;
      // The requester sees the last burst of its tile one cycle after its end, and asks for the next tile `gap` later.
      if (state.tile === tiles.length || state.left > 0 || state.ends.length === 0) continue;
      const last = Math.max(...state.ends);
      if (cycle !== last + 1) continue;
      state.answers.push(cycle);
      state.tile += 1;
      state.ends = [];
      state.left = tiles[state.tile] ?? 0;
      state.visibleAt = cycle + gap + 1;
    }
  }
  return states.map((state) => state.answers);
}
