import type { Channel, Progress } from "@millrace/sim-core";
import { Block, type BlockWiring } from "../block.ts";
import type { OutPort } from "../out-port.ts";
import { DATA, DONE, EMPTY, REPEAT } from "../token.ts";
import { BATCH, type MemoryAccess } from "./access.ts";

/** What a load does next: take a token, wait for a batch of values, write them. */
const TAKE = 0;
const WAIT = 1;
const WRITE = 2;

/**
 * What `ArrayLoad` does, with the array in memory: it takes references in until it has a batch or another token follows,
 * reads the batch at once, and writes its values a step each when all are there.
 */
export class MemoryArray extends Block {
  readonly #ref: Channel;
  readonly #out: OutPort;
  readonly #values: Float64Array;
  readonly #access: MemoryAccess;
  // Values of the references taken in: #batch[0 … #size), of which #written are written; #first is the first reference.
  readonly #batch: Float64Array = new Float64Array(BATCH);
  #size = 0;
  #written = 0;
  #first = 0;
  #phase = TAKE;

  constructor(wiring: BlockWiring, values: Float64Array, access: MemoryAccess) {
    super(wiring, [access]);
    this.#ref = wiring.inputs[0]!;
    this.#out = wiring.outputs[0]!;
    this.#values = values;
    this.#access = access;
  }

  fire(budget: number): Progress {
    let { clock } = this;
    for (let left = budget; left > 0; left--) {
      if (this.#phase !== WRITE) {
        const input = this.#phase === TAKE ? this.#ref : this.#access.response;
        if (!input.readable) return this.starved(clock, input);
        clock = input.peek(clock);
      }
      if (this.stalls) {
        clock = this.room(clock);
        if (clock < 0) return this.blocked();
      }
      if (this.#phase === WAIT) {
        this.#access.take(clock);
        this.#phase = WRITE;
      } else if (this.#phase === WRITE) {
        this.#write(clock);
        clock += 1;
      } else if (this.#ref.headTag === DATA) {
        this.#collect(clock);
      } else if (this.#size > 0) {
        this.#read(clock);
      } else {
        const tag = this.#pass(clock);
        if (tag === DONE) return this.finishAt(clock);
        clock += 1;
      }
    }
    this.clock = clock;
    return "more";
  }

  #collect(clock: number): void {
    const ref = this.#ref;
    const value = this.#values[ref.headPayload];
    if (value === undefined) throw this.outOfRange(ref, "the value array", this.#values.length);
    if (this.#size === 0) this.#first = ref.headPayload;
    this.#batch[this.#size++] = value;
    this.work += 1;
    ref.release(clock);
    if (this.#size === BATCH) this.#read(clock);
  }

  #read(clock: number): void {
    this.#access.ask(clock, this.#first, this.#size);
    this.#phase = WAIT;
  }

  #write(clock: number): void {
    this.#out.putValue(clock, this.#batch, this.#written++);
    if (this.#written < this.#size) return;
    this.#size = 0;
    this.#written = 0;
    this.#phase = TAKE;
  }

  #pass(clock: number): number {
    const tag = this.#ref.headTag;
    if (tag === REPEAT) throw this.unexpected(this.#ref, "a reference, a stop or D");
    this.#out.put(clock, 0, tag === EMPTY && !this.timing.keepsMissing ? DATA : tag);
    this.#ref.release(clock);
    return tag;
  }
}
