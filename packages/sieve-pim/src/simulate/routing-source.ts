/** Where the tokens of each layer and step go: drawn, or replayed from a trace. */
import { SieveError } from "../errors.ts";
import { type MoeModel, moeLayers } from "../model/moe-model.ts";
import { LogNormalRouter, type Popularity, popularityOf } from "../routing/log-normal.ts";
import { type RoutingTrace, traceCounts } from "../routing/routing-trace.ts";
import { derivedSeed } from "../routing/xorshift32.ts";

/** Gives tokens per expert, layer by layer. */
export interface RoutingSource {
  /** What it is, a sentence. */
  readonly source: string;
  /** Tokens per expert of a layer with experts (counted from 0) in step `step`, for `tokens` tokens. */
  counts(layer: number, step: number, tokens: number): Uint32Array;
  /** Mean share of the slots of each expert of a layer. */
  shares(layer: number): Float64Array;
}

const AVERAGE_TOKENS = 2048;
/** Layers of steps that are kept. */
const MOST_DRAWN = 16_384;

/** Draws by log-normal popularity, counts not to be written to; each layer has a popularity of its own. The same (layer, step, tokens) gives the same counts. */
export class DrawnRouting implements RoutingSource {
  readonly source: string;
  readonly #model: MoeModel;
  readonly #popularity: Popularity;
  readonly #seed: number;
  readonly #shares = new Map<number, Float64Array>();
  readonly #routers = new Map<number, LogNormalRouter>();
  /** Drawn counts of the latest steps: every policy asks for the same ones. */
  readonly #drawn = new Map<string, Uint32Array>();

  constructor(model: MoeModel, seed: number, popularity?: Popularity) {
    const known = popularityOf(model);
    this.#model = model;
    this.#popularity = popularity ?? known;
    this.#seed = seed;
    const { spread, deadFraction } = this.#popularity;
    const from = popularity === undefined ? known.from : "given";
    this.source = `routing drawn by log-normal popularity, spread ${spread}, ${Math.round(deadFraction * 100)} % of the experts never chosen (${from})`;
  }

  counts(layer: number, step: number, tokens: number): Uint32Array {
    const key = `${layer} ${step} ${tokens}`;
    const known = this.#drawn.get(key);
    if (known !== undefined) return known;
    const counts = new Uint32Array(this.#model.experts);
    const router = this.#router(layer);
    router.reseed(derivedSeed(derivedSeed(this.#seed, 1 + layer), derivedSeed(step, tokens)));
    router.draw(tokens, counts);
    if (this.#drawn.size >= MOST_DRAWN) this.#drawn.clear();
    this.#drawn.set(key, counts);
    return counts;
  }

  shares(layer: number): Float64Array {
    const known = this.#shares.get(layer);
    if (known !== undefined) return known;
    const counts = this.counts(layer, -1, AVERAGE_TOKENS);
    const shares = Float64Array.from(counts, (tokens) => tokens / (AVERAGE_TOKENS * this.#model.topK));
    this.#shares.set(layer, shares);
    return shares;
  }

  #router(layer: number): LogNormalRouter {
    const known = this.#routers.get(layer);
    if (known !== undefined) return known;
    const { experts, topK } = this.#model;
    const seed = derivedSeed(this.#seed, layer);
    const router = new LogNormalRouter({ experts, topK, popularity: this.#popularity, seed });
    this.#routers.set(layer, router);
    return router;
  }
}

/** Replays the rows of one recorded layer, for every layer from another place on. */
export class ReplayedRouting implements RoutingSource {
  readonly source: string;
  readonly #trace: RoutingTrace;
  readonly #layers: number;

  /** @throws {SieveError} `trace` if the trace has other experts or another top-k than the model, or no rows. */
  constructor(model: MoeModel, trace: RoutingTrace) {
    if (trace.experts !== model.experts || trace.topK !== model.topK) {
      throw new SieveError(
        "trace",
        `the trace routes to the top ${trace.topK} of ${trace.experts} experts, ${model.id} to the top ${model.topK} of ${model.experts}`,
        {
          limit: "topK",
          value: trace.topK,
          allowed: model.topK,
          hint: "choose the model that the trace was recorded on",
        },
      );
    }
    if (trace.tokens === 0) throw new SieveError("trace", "the trace has no rows", { path: "topkIds" });
    this.#trace = trace;
    this.#layers = moeLayers(model);
    this.source = `routing replayed from ${trace.tokens} recorded rows of one layer, each layer and step from another row on`;
  }

  counts(layer: number, step: number, tokens: number): Uint32Array {
    const from =
      (Math.floor((layer * this.#trace.tokens) / this.#layers) + Math.max(0, step) * tokens) % this.#trace.tokens;
    return traceCounts(this.#trace, from, from + tokens);
  }

  shares(): Float64Array {
    const { tokens, topK } = this.#trace;
    return Float64Array.from(traceCounts(this.#trace), (count) => count / (tokens * topK));
  }
}
