/**
 * Steps of any size from a table: the experts of all layers are simulated at some numbers of tokens, and taken in
 * proportion between them. Everything else of a step is computed for the very step.
 */
import type { StepLoad } from "../device/dense-cost.ts";
import { perGpu, type StepSimulator, type StepTimes, settle, zeroTimes } from "./step-simulator.ts";

/** Steps drawn for each number of tokens. */
const SAMPLES = 2;

/** Times of the experts for steps with and without prompts. */
export class StepTable {
  readonly #simulator: StepSimulator;
  readonly #gpus: number;
  readonly #points = new Map<number, StepTimes>();
  readonly #times: StepTimes = zeroTimes();

  constructor(simulator: StepSimulator) {
    this.#simulator = simulator;
    this.#gpus = simulator.costs.hardware.gpus;
  }

  /** Times of a step of the whole node. Reused by the next call. */
  step(load: StepLoad): StepTimes {
    const times = this.#times;
    const tokens = load.sequences + load.prefillTokens;
    this.#between(tokens, load.prefillTokens > 0);
    this.#simulator.addDense(times, perGpu(load, this.#gpus), Math.ceil(load.sequences / this.#gpus));
    return settle(times);
  }

  /** Points of the table: 1, 2, 3, 4, 6, 8, 12, 16 and so on. */
  #between(tokens: number, prefill: boolean): void {
    const low = gridBelow(tokens);
    const high = low === tokens ? low : gridAbove(low);
    const from = this.#point(low, prefill);
    const until = this.#point(high, prefill);
    const part = high === low ? 0 : (tokens - low) / (high - low);
    const times = this.#times;
    for (const key of keys) times[key] = from[key] + part * (until[key] - from[key]);
  }

  #point(tokens: number, prefill: boolean): StepTimes {
    const key = 2 * tokens + (prefill ? 1 : 0);
    const known = this.#points.get(key);
    if (known !== undefined) return known;
    const sum = zeroTimes();
    for (let step = 0; step < SAMPLES; step++) this.#simulator.addExperts(sum, { step, tokens, prefill });
    for (const each of keys) sum[each] /= SAMPLES;
    this.#points.set(key, sum);
    return sum;
  }
}

const keys = Object.keys(zeroTimes()) as (keyof StepTimes)[];

function gridBelow(tokens: number): number {
  if (tokens < 4) return tokens;
  const power = 2 ** Math.floor(Math.log2(tokens));
  return tokens >= 1.5 * power ? 1.5 * power : power;
}

function gridAbove(point: number): number {
  if (point < 2) return point + 1;
  const power = 2 ** Math.floor(Math.log2(point));
  return point === power ? 1.5 * power : 2 * power;
}
