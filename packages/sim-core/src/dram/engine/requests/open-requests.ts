/**
 * The choice among requests whose rows are open for them: the first to be ready and, of those, the oldest.
 */
import type { CandidateSources } from "./candidates.ts";

/** A tick from the epoch that none comes to. */
const LARGEST = 2 ** 31 - 1;

/** The later of two ticks from -2^30 to 2^30; see `DeviceTiming`. */
const later = (a: number, b: number): number => {
  const difference = (b - a) | 0;
  return (a + (difference & ~(difference >> 31))) | 0;
};

/** Chooses among the requests of a list; the parts of the channel that it looks at are in `sources`. */
export class OpenRequests {
  /** When the last choice is ready; `Infinity` if there was nothing to choose from. */
  time: number = Number.POSITIVE_INFINITY;
  readonly #sources: Pick<CandidateSources, "timing" | "codes" | "pool" | "edges">;

  constructor(sources: Pick<CandidateSources, "timing" | "codes" | "pool" | "edges">) {
    this.#sources = sources;
  }

  /** The choice among `slots[0 … count)`, the oldest first, for tick `from` at the earliest; -1 for none. */
  choose(from: number, slots: Int32Array, count: number): number {
    const { timing, codes, pool, edges } = this.#sources;
    const { read, write } = codes;
    const { ready, epoch, waitCell, waitShift } = timing;
    const { bank: banks, write: writes } = pool;
    // Times are counted from the epoch, which is even.
    const halfClock = edges.halfClocks ? 1 : 0;
    // What the channel as a whole allows.
    const readFloor = (Math.max(from, timing.channelReady(read)) - epoch) | 0 | halfClock;
    const writeFloor = (Math.max(from, timing.channelReady(write)) - epoch) | 0 | halfClock;
    const soonestRead = later(readFloor, timing.soonest(read)) | halfClock;
    const soonestWrite = later(writeFloor, timing.soonest(write)) | halfClock;
    const least = Math.min(soonestRead, soonestWrite);
    let best = -1;
    let bestTime = LARGEST;
    for (let i = 0; i < count && bestTime > least; i++) {
      const slot = slots[i]!;
      const isWrite = writes[slot] === 1;
      let time = isWrite ? writeFloor : readFloor;
      if (time >= bestTime) continue;
      const bank = banks[slot]!;
      const at = 4 * (isWrite ? write : read);
      time = later(time, ready[waitCell[at]! + (bank >> waitShift[at]!)]!);
      time = later(time, ready[waitCell[at + 1]! + (bank >> waitShift[at + 1]!)]!);
      time = later(time, ready[waitCell[at + 2]! + (bank >> waitShift[at + 2]!)]!);
      time = later(time, ready[waitCell[at + 3]! + (bank >> waitShift[at + 3]!)]!) | halfClock;
      if (time >= bestTime) continue;
      best = slot;
      bestTime = time;
    }
    this.time = best < 0 ? Number.POSITIVE_INFINITY : epoch + bestTime;
    return best;
  }
}
