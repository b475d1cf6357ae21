/**
 * Routing by log-normal popularity: expert e has the logit z_e ~ spread * N(0, 1), some experts are never chosen, and a
 * token takes the top-k of logits with Gumbel noise. That is drawing without replacement in proportion to exp(z_e),
 * which is how it is done here.
 */
import type { MoeModel } from "../model/moe-model.ts";
import { derivedSeed, Xorshift32 } from "./xorshift32.ts";

/** How popular the experts of a layer are. */
export interface Popularity {
  /** Standard deviation of the logits. */
  readonly spread: number;
  /** Share of the experts that no token ever goes to. */
  readonly deadFraction: number;
}

/** Popularities that fit recorded routing, and what they were fitted to. */
const fitted: Readonly<Record<string, Popularity & { readonly from: string }>> = {
  "qwen3-30b-a3b": { spread: 1.5, deadFraction: 0.35, from: "two recorded decode steps of batch 64 and 1024" },
  "mixtral-8x7b": { spread: 0.3, deadFraction: 0, from: "two recorded decode steps of batch 64 and 1024" },
  "gpt-oss-120b": { spread: 1, deadFraction: 0, from: "the 32 hottest of 128 experts cover .62 of the slots" },
};

/** The popularity used for `model`, and where it comes from: models without recorded routing get that of Qwen3-30B-A3B. */
export function popularityOf(model: Pick<MoeModel, "id">): Popularity & { readonly from: string } {
  const own = fitted[model.id];
  if (own !== undefined) return own;
  return { ...fitted["qwen3-30b-a3b"]!, from: "assumed: no recorded routing; as Qwen3-30B-A3B" };
}

/** What is drawn: sizes, popularity, and how it moves from step to step. */
export interface LogNormalOptions {
  readonly experts: number;
  readonly topK: number;
  readonly popularity: Popularity;
  readonly seed: number;
  /** Share of a logit's deviation that stays from one step to the next. Default .95. */
  readonly persistence?: number;
  /** Standard deviation of the moving part of the logits. Default 0: none moves. */
  readonly drift?: number;
}

/** The router of one layer: draws counts for any number of tokens, step after step. */
export class LogNormalRouter {
  readonly #options: LogNormalOptions;
  #random: Xorshift32;
  readonly #logits: Float64Array;
  readonly #moving: Float64Array;
  // Sums of the weights exp(z) up to and including each expert.
  readonly #sums: Float64Array;
  readonly #chosenBy: Int32Array;
  readonly #live: number;

  constructor(options: LogNormalOptions) {
    this.#options = options;
    const { experts, topK, popularity, seed } = options;
    this.#random = new Xorshift32(derivedSeed(seed, 0));
    this.#logits = Float64Array.from({ length: experts }, () => popularity.spread * this.#random.normal());
    // At least top-k experts must be left to choose from.
    const dead = Math.min(experts - topK, Math.round(experts * popularity.deadFraction));
    for (let killed = 0; killed < dead; ) {
      const expert = this.#random.next() % experts;
      if (this.#logits[expert] === Number.NEGATIVE_INFINITY) continue;
      this.#logits[expert] = Number.NEGATIVE_INFINITY;
      killed += 1;
    }
    this.#live = experts - dead;
    this.#moving = new Float64Array(experts);
    this.#sums = new Float64Array(experts);
    this.#chosenBy = new Int32Array(experts);
    this.#weigh();
  }

  #weigh(): void {
    let sum = 0;
    for (let expert = 0; expert < this.#sums.length; expert++) {
      sum += Math.exp(this.#logits[expert]! + this.#moving[expert]!);
      this.#sums[expert] = sum;
    }
  }

  /** Draws on from another seed; popularity stays as it is. */
  reseed(seed: number): void {
    this.#random = new Xorshift32(seed);
  }

  /** Moves the popularity on by one step. */
  advance(): void {
    const { persistence = 0.95, drift = 0 } = this.#options;
    if (drift === 0) return;
    const fresh = drift * Math.sqrt(1 - persistence * persistence);
    for (let expert = 0; expert < this.#moving.length; expert++) {
      this.#moving[expert] = persistence * this.#moving[expert]! + fresh * this.#random.normal();
    }
    this.#weigh();
  }

  /** Adds the choices of `tokens` tokens to `counts`, one entry per expert. */
  draw(tokens: number, counts: Uint32Array): void {
    const { topK } = this.#options;
    if (topK === this.#live) {
      for (let expert = 0; expert < counts.length; expert++) {
        if (this.#logits[expert] !== Number.NEGATIVE_INFINITY) counts[expert]! += tokens;
      }
      return;
    }
    this.#chosenBy.fill(-1);
    for (let token = 0; token < tokens; token++) this.#drawToken(token, counts);
  }

  #drawToken(token: number, counts: Uint32Array): void {
    const { topK, experts } = this.#options;
    const total = this.#sums[experts - 1]!;
    // Where few experts have almost all of the weight, drawing again would hardly ever end: take the rest in order.
    let misses = 64 * topK;
    for (let chosen = 0; chosen < topK; ) {
      const expert = misses > 0 ? this.#expertAt(this.#random.uniform() * total) : this.#heaviestLeft(token);
      misses -= 1;
      if (this.#chosenBy[expert] === token) continue;
      this.#chosenBy[expert] = token;
      counts[expert]! += 1;
      chosen += 1;
    }
  }

  #expertAt(weight: number): number {
    let low = 0;
    let high = this.#sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sums[middle]! > weight) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #heaviestLeft(token: number): number {
    let best = -1;
    let weight = -1;
    for (let expert = 0; expert < this.#sums.length; expert++) {
      const own = this.#sums[expert]! - (expert === 0 ? 0 : this.#sums[expert - 1]!);
      if (own <= weight || this.#chosenBy[expert] === token) continue;
      best = expert;
      weight = own;
    }
    return best;
  }
}
