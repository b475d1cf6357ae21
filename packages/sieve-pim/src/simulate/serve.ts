/**
 * Serves a trace of requests: continuous batching, prompts in chunks, room for keys and values.
 *
 * A request waits until there is room for all of its tokens. Its prompt is taken in by and by, as far as the budget of
 * tokens for a step allows beside one token for each sequence that generates. The step that takes in the end of a prompt
 * gives the first token; each step after it gives one more.
 */
import { sequenceBytes } from "../device/capacity.ts";
import type { StepLoad } from "../device/dense-cost.ts";
import { SieveError } from "../errors.ts";
import type { RequestTrace } from "../routing/request-trace.ts";
import { energyOf } from "./energy.ts";
import { FinishQueue } from "./finish-queue.ts";
import { percentiles } from "./percentiles.ts";
import type { ServingReport } from "./serving-report.ts";
import type { StepSimulator, StepTimes } from "./step-simulator.ts";
import { zeroTimes } from "./step-simulator.ts";
import { StepTable } from "./step-table.ts";

/** How requests are served. */
export interface ServeOptions {
  /** Tokens of a step at most: prompts wait while all of them generate. Default 2048. */
  readonly tokenBudget?: number;
  /** Sequences at once at most. Default 1024. */
  readonly maximumSequences?: number;
  /** Told from time to time how many requests are done; may throw to stop. */
  readonly progress?: (done: number, total: number) => void;
}

type Mutable<T> = { -readonly [key in keyof T]: T[key] };

/**
 * Serves all requests of `trace`.
 *
 * @throws {SieveError} `capacity` if a request alone does not fit, `requests` if one is longer than the model's positions.
 */
export function serve(simulator: StepSimulator, trace: RequestTrace, options: ServeOptions = {}): ServingReport {
  return new Server(simulator, trace, options).run();
}

class Server {
  readonly #simulator: StepSimulator;
  readonly #table: StepTable;
  readonly #trace: RequestTrace;
  readonly #budget: number;
  readonly #most: number;
  readonly #progress: (done: number, total: number) => void;
  readonly #room: number;
  readonly #bytesPerToken: number;
  readonly #bytesPerSequence: number;
  readonly #firstTokenNs: Float64Array;
  readonly #tpotNs: number[] = [];
  readonly #ttftNs: Float64Array;
  readonly #sums: StepTimes = zeroTimes();
  readonly #load: Mutable<StepLoad> = { sequences: 0, contextTokens: 0, prefillTokens: 0, prefillContext: 0 };
  readonly #finishing: FinishQueue;
  #now = 0;
  #steps = 0;
  #taken = 0;
  #mostTaken = 0;
  #mostSequences = 0;
  #generating = 0;
  #context = 0;
  #done = 0;
  // Requests up to here have been admitted; of the first that is not wholly taken in, so many tokens are.
  #admitted = 0;
  #filling = 0;
  #filled = 0;
  #answered = 0;

  constructor(simulator: StepSimulator, trace: RequestTrace, options: ServeOptions) {
    const { tokenBudget = 2048, maximumSequences = 1024, progress = () => undefined } = options;
    this.#simulator = simulator;
    this.#table = new StepTable(simulator);
    this.#trace = trace;
    this.#budget = tokenBudget;
    this.#most = maximumSequences;
    this.#progress = progress;
    const { gpus } = simulator.costs.hardware;
    this.#room = simulator.plan.keyValueBytes * gpus;
    this.#bytesPerSequence = sequenceBytes(simulator.model, 0);
    this.#bytesPerToken = sequenceBytes(simulator.model, 1) - this.#bytesPerSequence;
    const requests = trace.arrivalNs.length;
    this.#firstTokenNs = new Float64Array(requests);
    this.#ttftNs = new Float64Array(requests);
    this.#finishing = new FinishQueue(Math.min(requests, maximumSequences) + 1);
    this.#check();
  }

  #check(): void {
    const { model } = this.#simulator;
    const { promptTokens, outputTokens } = this.#trace;
    if (!(Number.isInteger(this.#budget) && this.#budget >= 1)) {
      throw new SieveError("options", `the token budget of a step must be at least 1, not ${this.#budget}`, {
        path: "tokenBudget",
      });
    }
    if (!(Number.isInteger(this.#most) && this.#most >= 1)) {
      throw new SieveError("options", `sequences at once must be at least 1, not ${this.#most}`, {
        path: "maximumSequences",
      });
    }
    for (let request = 0; request < promptTokens.length; request++) {
      const length = promptTokens[request]! + outputTokens[request]!;
      if (length > model.maximumPosition) {
        throw new SieveError(
          "requests",
          `request ${request + 1} has ${length} tokens, ${length - model.maximumPosition} more than the ${model.maximumPosition} positions of ${model.id}`,
          {
            limit: "maximumPosition",
            value: length,
            allowed: model.maximumPosition,
            hint: "shorten it, or choose another model",
          },
        );
      }
      const bytes = this.#bytes(request);
      if (bytes <= this.#room) continue;
      throw new SieveError(
        "capacity",
        `request ${request + 1} needs ${(bytes / 1e9).toFixed(2)} GB for keys and values, but beside the weights ${(this.#room / 1e9).toFixed(2)} GB are left`,
        {
          limit: "keyValueBytes",
          value: bytes,
          allowed: this.#room,
          hint: `requests of up to ${Math.floor((this.#room - this.#bytesPerSequence) / this.#bytesPerToken)} tokens fit`,
        },
      );
    }
  }

  #bytes(request: number): number {
    const { promptTokens, outputTokens } = this.#trace;
    return this.#bytesPerSequence + this.#bytesPerToken * (promptTokens[request]! + outputTokens[request]!);
  }

  run(): ServingReport {
    const requests = this.#trace.arrivalNs.length;
    while (this.#done < requests) {
      this.#admit();
      if (this.#generating === 0 && this.#filling === this.#admitted) {
        this.#now = Math.max(this.#now, this.#trace.arrivalNs[this.#admitted]!);
        continue;
      }
      this.#step();
      if ((this.#steps & 0xfff) === 0) this.#progress(this.#done, requests);
    }
    return this.#report();
  }

  #admit(): void {
    const { arrivalNs } = this.#trace;
    while (this.#admitted < arrivalNs.length && arrivalNs[this.#admitted]! <= this.#now) {
      const bytes = this.#bytes(this.#admitted);
      const sequences = this.#generating + this.#admitted - this.#filling;
      if (this.#taken + bytes > this.#room || sequences >= this.#most) return;
      this.#taken += bytes;
      this.#mostTaken = Math.max(this.#mostTaken, this.#taken);
      this.#mostSequences = Math.max(this.#mostSequences, sequences + 1);
      this.#admitted += 1;
    }
  }

  #step(): void {
    const load = this.#load;
    load.sequences = this.#generating;
    load.contextTokens = this.#context;
    load.prefillTokens = 0;
    load.prefillContext = 0;
    const first = this.#filling;
    this.#fill();
    const times = this.#table.step(load);
    this.#now += times.stepNs;
    this.#steps += 1;
    this.#answered += load.sequences;
    for (const key of keys) this.#sums[key] += times[key];
    this.#context += this.#generating;
    this.#finish();
    this.#start(first);
  }

  /** Takes in as much of waiting prompts as the budget allows. */
  #fill(): void {
    const { promptTokens } = this.#trace;
    const load = this.#load;
    let left = Math.max(0, this.#budget - this.#generating);
    // Where sequences that generate take up the whole budget, prompts would wait for ever: one token goes on.
    if (left === 0 && this.#filling < this.#admitted) left = 1;
    while (left > 0 && this.#filling < this.#admitted) {
      const prompt = promptTokens[this.#filling]!;
      const part = Math.min(left, prompt - this.#filled);
      load.prefillTokens += part;
      load.prefillContext += part * (this.#filled + (part + 1) / 2);
      left -= part;
      this.#filled += part;
      if (this.#filled < prompt) return;
      this.#filling += 1;
      this.#filled = 0;
    }
  }

  /** Requests whose prompt ended in this step have their first token. */
  #start(from: number): void {
    const { arrivalNs, promptTokens, outputTokens } = this.#trace;
    for (let request = from; request < this.#filling; request++) {
      this.#firstTokenNs[request] = this.#now;
      this.#ttftNs[request] = this.#now - arrivalNs[request]!;
      this.#answered += 1;
      if (outputTokens[request] === 1) {
        this.#release(request);
        continue;
      }
      this.#generating += 1;
      this.#context += promptTokens[request]! + 1;
      this.#finishing.push(this.#steps + outputTokens[request]! - 1, request);
    }
  }

  #finish(): void {
    const { promptTokens, outputTokens } = this.#trace;
    while (this.#finishing.size > 0 && this.#finishing.nextStep <= this.#steps) {
      const request = this.#finishing.pop();
      this.#generating -= 1;
      this.#context -= promptTokens[request]! + outputTokens[request]!;
      this.#tpotNs.push((this.#now - this.#firstTokenNs[request]!) / (outputTokens[request]! - 1));
      this.#release(request);
    }
  }

  #release(request: number): void {
    this.#taken -= this.#bytes(request);
    this.#done += 1;
  }

  #report(): ServingReport {
    const { gpus } = this.#simulator.costs.hardware;
    const tpot = percentiles(Float64Array.from(this.#tpotNs));
    const energyParts = energyOf(this.#sums);
    const { gpuBusyNs, pimBusyNs, linkBusyNs } = this.#sums;
    return {
      policy: this.#simulator.policy.id,
      throughput: this.#answered / (this.#now / 1e9) / gpus,
      interactivity: tpot.meanMs === 0 ? 0 : 1000 / tpot.meanMs,
      ttft: percentiles(this.#ttftNs),
      tpot,
      utilization: { gpu: gpuBusyNs / this.#now, pim: pimBusyNs / this.#now, link: linkBusyNs / this.#now },
      energy: energyParts.joules / this.#answered,
      energyParts,
      requests: this.#done,
      steps: this.#steps,
      simulatedNs: this.#now,
      times: this.#sums,
      mostSequences: this.#mostSequences,
      keyValueShare: this.#mostTaken / this.#room,
    };
  }
}

const keys = Object.keys(zeroTimes()) as (keyof StepTimes)[];
