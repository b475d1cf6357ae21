/**
 * The choice among requests whose rows are open for them: the first to be ready and, of those, the oldest.
 */
import { NEVER } from "../timing/ticks.ts";
import type { CandidateSources } from "./candidates.ts";
import { BANK, WRITE } from "./request-pool.ts";

/** The later of two ticks from -2^30 to 2^30; see `DeviceTiming`. */
const later = (a: number, b: number): number => {
  const difference = (b - a) | 0;
  return (a + (difference & ~(difference >> 31))) | 0;
};

/** Chooses among the requests of a list; the parts of the channel that it looks at are in `sources`. */
export class OpenRequests {
  /** When the last choice is ready; `NEVER` if there was nothing to choose from. */
  time: number = NEVER;
  readonly #sources: Pick<CandidateSources, "timing" | "codes" | "pool" | "edges">;

  constructor(sources: Pick<CandidateSources, "timing" | "codes" | "pool" | "edges">) {
    this.#sources = sources;
  }

  /** The choice among `requests[0 … count)`, the oldest first, for tick `from` at the earliest; -1 for none. */
  choose(from: number, requests: Int32Array, count: number): number {
    const { timing, codes, pool, edges } = this.#sources;
    const { read, write } = codes;
    const fields = pool.cells;
    const { cells, waits } = timing;
    const halfClock = edges.halfClocks ? 1 : 0;
    // What the channel as a whole allows.
    const readFloor = later(from, timing.channelReady(read)) | halfClock;
    const writeFloor = later(from, timing.channelReady(write)) | halfClock;
    const soonestRead = later(readFloor, timing.soonest(read)) | halfClock;
    const soonestWrite = later(writeFloor, timing.soonest(write)) | halfClock;
    const least = Math.min(soonestRead, soonestWrite);
    let best = -1;
    let bestTime = NEVER;
    for (let i = 0; i < count && bestTime > least; i++) {
      const request = requests[i]!;
      const isWrite = fields[request + WRITE] === 1;
      let time = isWrite ? writeFloor : readFloor;
      if (time >= bestTime) continue;
      const bank = fields[request + BANK]!;
      const at = (waits + ((isWrite ? write : read) << 3)) | 0;
      time = later(time, cells[cells[at]! + (bank >> cells[at + 1]!)]!);
      time = later(time, cells[cells[at + 2]! + (bank >> cells[at + 3]!)]!);
      time = later(time, cells[cells[at + 4]! + (bank >> cells[at + 5]!)]!);
      time = later(time, cells[cells[at + 6]! + (bank >> cells[at + 7]!)]!) | halfClock;
      if (time >= bestTime) continue;
      best = request;
      bestTime = time;
    }
    this.time = bestTime;
    return best;
  }
}
