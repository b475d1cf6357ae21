// The generator behind the recorded cases; its rules are in test/data/ramulator/README.md.
import type { DramRequest } from "./request.ts";

export interface TracePattern {
  readonly pattern: string;
  readonly n: number;
  readonly gran: number;
  readonly span?: number;
  readonly seed?: number;
  readonly writePermille?: number;
  readonly strideBytes?: number;
  readonly banks?: number;
  readonly bankStrideBytes?: number;
  readonly rowStrideBytes?: number;
  readonly hotPermille?: number;
  readonly hotBytes?: number;
  readonly maxBurst?: number;
  readonly meanGap?: number;
  readonly gapSeed?: number;
}

export class Xorshift32 {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  next(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return this.#state;
  }
}

/** The requests of a pattern, in order. */
export function generateTrace(pattern: TracePattern): DramRequest[] {
  const { n, gran, span = 2 ** 30, seed = 1, writePermille = 0, meanGap = 0, gapSeed = 1 } = pattern;
  const blocks = span / gran;
  const rng = new Xorshift32(seed);
  const gaps = new Xorshift32(gapSeed);
  let current = 0;
  let run = 0;
  let arrival = 0;
  const address = (i: number): number => {
    switch (pattern.pattern) {
      case "seq":
        return (i * gran) % span;
      case "stride":
        return (i * pattern.strideBytes!) % span;
      case "random":
        return (rng.next() % blocks) * gran;
      case "conflict": {
        const banks = pattern.banks!;
        const rows = (Math.floor(i / banks) * pattern.rowStrideBytes!) % span;
        return (i % banks) * pattern.bankStrideBytes! + rows;
      }
      case "hotrow":
        return rng.next() % 1000 < pattern.hotPermille!
          ? (rng.next() % (pattern.hotBytes! / gran)) * gran
          : (rng.next() % blocks) * gran;
      case "burst":
        if (run === 0) {
          current = rng.next() % blocks;
          run = 1 + (rng.next() % pattern.maxBurst!);
        }
        run -= 1;
        return (current++ % blocks) * gran;
      default:
        throw new Error(`unknown pattern ${pattern.pattern}`);
    }
  };
  return Array.from({ length: n }, (_, i) => {
    if (meanGap > 0) arrival += gaps.next() % (2 * meanGap + 1);
    const byte = address(i);
    return { address: byte, write: writePermille > 0 && rng.next() % 1000 < writePermille, arrival };
  });
}

/** Lines of a load/store trace. */
export function loadStoreText(requests: readonly DramRequest[]): string {
  return requests.map(({ address, write }) => `${write ? "ST" : "LD"} 0x${address.toString(16)}\n`).join("");
}

/** Lines of a timed trace. */
export function timedText(requests: readonly DramRequest[]): string {
  const line = ({ address, write, arrival }: DramRequest): string =>
    `${arrival} ${write ? "W" : "R"} 0x${address.toString(16)}\n`;
  return requests.map(line).join("");
}
