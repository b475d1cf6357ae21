/** Measured times of fused expert kernels, and what they say about cases between them. */
import { b200Kernels } from "./measured/b200.ts";
import { h100Kernels } from "./measured/h100.ts";
import { h200Kernels } from "./measured/h200.ts";

/** How the tokens of a measurement were spread over the experts. */
export type TokenDistribution = "balanced" | "power-law-1.01" | "power-law-1.2";

/** One series: the same kernel for growing numbers of tokens. */
export interface KernelSeries {
  readonly model: string;
  /** Format of weights and activations, as the measurements call it. */
  readonly format: string;
  /** GPUs over which the experts were spread. */
  readonly ranks: number;
  readonly distribution: TokenDistribution;
  /** Rising; tokens of all ranks together. */
  readonly tokens: readonly number[];
  /** Parallel to `tokens`. */
  readonly ns: readonly number[];
}

// The numbers of tokens of all measurements.
const TOKENS = [
  1, 2, 4, 8, 16, 32, 48, 64, 80, 96, 128, 160, 192, 256, 320, 384, 512, 768, 1024, 1536, 2048, 3072, 4096, 6144, 8192,
  12288, 16384,
];

function parse(table: string): KernelSeries[] {
  return table
    .trim()
    .split("\n")
    .map((line) => {
      const [model = "", format = "", ranks, distribution, ...times] = line.split(" ");
      return {
        model,
        format,
        ranks: Number(ranks),
        distribution: distribution as TokenDistribution,
        tokens: TOKENS.slice(0, times.length),
        ns: times.map((time) => Number(time) * 1000),
      };
    });
}

/** The series of one device, to be asked about any number of ranks and tokens. */
export class KernelTable {
  readonly #series: readonly KernelSeries[];

  constructor(series: readonly KernelSeries[]) {
    this.#series = series;
  }

  /** All series of a model in a format. */
  of(model: string, format: string): readonly KernelSeries[] {
    return this.#series.filter((series) => series.model === model && series.format === format);
  }

  /**
   * Time of the kernel for `tokens` tokens in all, or `null` where nothing near was measured.
   *
   * From the series itself if there is one; else from one with the same ranks and another exponent; else between the
   * series with the next fewer and the next more ranks.
   */
  predictNs(wanted: Pick<KernelSeries, "model" | "format" | "ranks" | "distribution">, tokens: number): number | null {
    const alike = this.of(wanted.model, wanted.format);
    const same = alike.filter(({ ranks }) => ranks === wanted.ranks);
    const own = same.find(({ distribution }) => distribution === wanted.distribution);
    if (own !== undefined) return interpolate(own, tokens);
    if (wanted.distribution !== "balanced") {
      const other = same.find(({ distribution }) => distribution !== "balanced");
      if (other !== undefined) return interpolate(other, tokens);
    }
    const spread = alike.filter(({ distribution }) => distribution === wanted.distribution);
    return betweenRanks(spread, wanted.ranks, tokens);
  }
}

/** Between the series with the next fewer and with the next more ranks; `null` at either end. */
function betweenRanks(series: readonly KernelSeries[], ranks: number, tokens: number): number | null {
  const fewer = series.filter((each) => each.ranks <= ranks).sort((a, b) => b.ranks - a.ranks)[0];
  const more = series.filter((each) => each.ranks > ranks).sort((a, b) => a.ranks - b.ranks)[0];
  if (fewer?.ranks === ranks) return interpolate(fewer, tokens);
  if (fewer === undefined || more === undefined) return null;
  const part = Math.log(ranks / fewer.ranks) / Math.log(more.ranks / fewer.ranks);
  const low = Math.log(interpolate(fewer, tokens));
  return Math.exp(low + part * (Math.log(interpolate(more, tokens)) - low));
}

/** Between measured points in logarithms of tokens and time, never falling; in proportion to the tokens beyond the last. */
export function interpolate({ tokens, ns }: Pick<KernelSeries, "tokens" | "ns">, wanted: number): number {
  let least = 0;
  for (let at = 0; at < tokens.length; at++) {
    const before = least;
    least = Math.max(least, ns[at]!);
    if (wanted > tokens[at]!) continue;
    if (at === 0 || wanted === tokens[at]) return least;
    const part = Math.log(wanted / tokens[at - 1]!) / Math.log(tokens[at]! / tokens[at - 1]!);
    return Math.exp(Math.log(before) + part * (Math.log(least) - Math.log(before)));
  }
  return (least * wanted) / tokens[tokens.length - 1]!;
}

const texts: Readonly<Record<string, string>> = { h100_sxm: h100Kernels, h200_sxm: h200Kernels, b200_sxm: b200Kernels };
const tables = new Map<string, KernelTable>();

/** The table of a device, `null` if it was not measured. */
export function kernelTable(device: string | null): KernelTable | null {
  const text = device === null ? undefined : texts[device];
  if (device === null || text === undefined) return null;
  const known = tables.get(device) ?? new KernelTable(parse(text));
  tables.set(device, known);
  return known;
}
