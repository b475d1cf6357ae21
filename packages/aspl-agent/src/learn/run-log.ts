/** The events of a run: those of an earlier, interrupted one first, then new ones. */
import type { LearningEvent, SampleEvent } from "./events.ts";

/** What a log needs. */
export interface RunLogOptions {
  readonly earlier: readonly LearningEvent[];
  /** Called with every new event, in order. */
  readonly append: (event: LearningEvent) => void;
  /** Calls under way at once. */
  readonly jobs: number;
  /** Called with how many samples were judged so far. */
  readonly watch: (samples: number) => void;
}

/** Plays earlier events back in place of doing again what they tell. */
export class RunLog {
  readonly #options: RunLogOptions;
  readonly #earlier: LearningEvent[];
  /** Whether the log ends with the end of the run. */
  #ended: boolean;
  #samples = 0;

  constructor(options: RunLogOptions) {
    this.#options = options;
    // A run that a cap ended may go on with a larger one: its end is no part of what happened.
    this.#earlier = options.earlier.filter(({ type }) => type !== "stop");
    this.#ended = options.earlier.at(-1)?.type === "stop";
  }

  /** Samples so far. */
  get samples(): number {
    return this.#samples;
  }

  /** The event as it was logged earlier, or the one that `make` gives, which is appended. */
  settle<E extends LearningEvent>(make: () => E): E {
    const known = this.#earlier.shift();
    if (known !== undefined) return known as E;
    const made = make();
    this.#append(made);
    return made;
  }

  /** Appends the end of the run unless it is there. */
  end(event: LearningEvent): void {
    if (!this.#ended) this.#append(event);
  }

  /** One sample for each key, in their order; those that are not logged are asked for, several at a time. */
  async sampleAll<K>(keys: readonly K[], ask: (key: K) => Promise<SampleEvent>): Promise<readonly SampleEvent[]> {
    const samples: SampleEvent[] = [];
    const pending: Promise<SampleEvent>[] = [];
    let next = 0;
    while (samples.length < keys.length) {
      const known = this.#earlier[0];
      if (known?.type === "sample") {
        samples.push(known);
        this.#earlier.shift();
        next++;
      } else {
        while (pending.length < this.#options.jobs && next < keys.length) {
          const asked = ask(keys[next++]!);
          // A later failure must not go unheard while an earlier call is awaited.
          asked.catch(() => {});
          pending.push(asked);
        }
        const event = await pending.shift()!;
        samples.push(event);
        this.#append(event);
      }
      this.#samples++;
      this.#options.watch(this.#samples);
    }
    return samples;
  }

  #append(event: LearningEvent): void {
    this.#ended = false;
    this.#options.append(event);
  }
}
