/** Which GPU holds which experts, with copies of busy ones on further GPUs. */
import { SieveError } from "../errors.ts";

/** The experts of each GPU of a layer. */
export interface ExpertMap {
  /** [gpu]: experts that it holds. */
  readonly held: readonly Int32Array[];
  /** [expert]: GPUs that hold it. */
  readonly copies: Int32Array;
  /** Whether experts lie in order on the GPUs, without copies. */
  readonly plain: boolean;
}

/** Experts in order, equally many for each GPU, no copies. */
export function plainMap(experts: number, gpus: number): ExpertMap {
  const held = Array.from({ length: gpus }, (_, gpu) => {
    const first = Math.floor((gpu * experts) / gpus);
    const end = Math.floor(((gpu + 1) * experts) / gpus);
    return Int32Array.from({ length: end - first }, (_, at) => first + at);
  });
  return { held, copies: new Int32Array(experts).fill(1), plain: true };
}

/**
 * Experts and `extra` copies for each GPU by their shares of the slots: the expert with the most slots for each of its
 * copies gets the next copy; then copies go to GPUs from the heaviest on, each to the least loaded GPU with room that
 * does not hold the expert yet.
 *
 * @throws {SieveError} `options` if there is room for more copies than experts could have.
 */
export function balancedMap(shares: ArrayLike<number>, gpus: number, extra: number): ExpertMap {
  const experts = shares.length;
  const room = Math.ceil(experts / gpus) + extra;
  if (room > experts) {
    throw new SieveError(
      "options",
      `${extra} copies more on each of ${gpus} GPUs make ${room} experts for each, but there are ${experts}: ${room - experts} too many`,
      {
        limit: "replicas",
        value: extra,
        allowed: extra - (room - experts),
        hint: `use ${extra - (room - experts)} or fewer`,
      },
    );
  }
  const copies = new Int32Array(experts).fill(1);
  for (let left = gpus * room - experts; left > 0; left--) {
    const next = heaviest(shares, copies, gpus);
    if (next < 0) break;
    copies[next]! += 1;
  }
  return { held: spread(shares, copies, { gpus, room }), copies, plain: false };
}

function heaviest(shares: ArrayLike<number>, copies: Int32Array, gpus: number): number {
  let best = -1;
  for (let expert = 0; expert < copies.length; expert++) {
    if (copies[expert]! >= gpus) continue;
    if (best < 0 || shares[expert]! / copies[expert]! > shares[best]! / copies[best]!) best = expert;
  }
  return best;
}

function spread(
  shares: ArrayLike<number>,
  copies: Int32Array,
  { gpus, room }: { readonly gpus: number; readonly room: number },
): Int32Array[] {
  const each = (expert: number): number => shares[expert]! / copies[expert]!;
  // Experts with many copies first: they need that many different GPUs.
  const order = Array.from(copies.keys()).sort((a, b) => copies[b]! - copies[a]! || each(b) - each(a) || a - b);
  const held: number[][] = Array.from({ length: gpus }, () => []);
  const load = new Float64Array(gpus);
  for (const expert of order) {
    const byLoad = Array.from(load.keys()).sort((a, b) => load[a]! - load[b]! || a - b);
    const free = byLoad.filter((gpu) => held[gpu]!.length < room);
    for (const gpu of free.slice(0, copies[expert]!)) {
      held[gpu]!.push(expert);
      load[gpu]! += each(expert);
    }
    copies[expert] = Math.min(copies[expert]!, free.length);
  }
  return held.map((own) => Int32Array.from(own).sort());
}

/**
 * Splits the tokens of each expert over its copies: writes the tokens of the experts of each GPU, parallel to `held`.
 * A copy gets an equal part; what is left goes to the copies on the first GPUs.
 */
export function spreadCounts(map: ExpertMap, counts: Uint32Array, into: readonly Uint32Array[]): void {
  if (map.plain) {
    for (let gpu = 0, first = 0; gpu < into.length; first += into[gpu]!.length, gpu++) {
      into[gpu]!.set(counts.subarray(first, first + into[gpu]!.length));
    }
    return;
  }
  const served = new Int32Array(map.copies.length);
  for (const [gpu, experts] of map.held.entries()) {
    const own = into[gpu]!;
    for (let at = 0; at < experts.length; at++) {
      const expert = experts[at]!;
      const copies = map.copies[expert]!;
      const tokens = counts[expert]!;
      own[at] = copies === 1 ? tokens : Math.floor(tokens / copies) + (served[expert]! < tokens % copies ? 1 : 0);
      served[expert]! += 1;
    }
  }
}
