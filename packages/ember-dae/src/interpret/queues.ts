/** The two queues between the units: tokens, and data in the order of the pushes. */
import { EmberError } from "../errors.ts";
import { asVector } from "../ir/types.ts";

/** What went through the queues. */
export interface QueueTraffic {
  /** Control tokens; the stop token at the end is not counted. */
  readonly tokens: number;
  readonly scalars: number;
  readonly vectors: number;
  /** Of data and tokens; a token has 4. */
  readonly bytes: number;
}

/** Bytes of a value in the data queue; a mask takes a bit per lane. */
export function bytesOf(type: string): number {
  const vector = asVector(type);
  if (vector !== undefined) {
    return vector.element === "i1" ? Math.ceil(vector.lanes / 8) : vector.lanes * bytesOf(vector.element);
  }
  if (type === "index" || type === "i64" || type === "f64") return 8;
  if (type === "f16" || type === "bf16") return 2;
  return type === "i8" || type === "i1" ? 1 : 4;
}

/** Bytes of a token. */
export const tokenBytes = 4;

/** Bounded queues; whoever empties them is called when they are full. */
export class Queues {
  readonly #chunk: number;
  readonly #drain: () => void;
  #data: (number | Float64Array)[] = [];
  #types: string[] = [];
  #tokens: number[] = [];
  #taken = 0;
  #counts = { tokens: 0, scalars: 0, vectors: 0, bytes: 0 };

  /** `chunk` is the most data entries that wait; `drain` takes all tokens that are complete. */
  constructor(chunk: number, drain: () => void) {
    this.#chunk = chunk;
    this.#drain = drain;
  }

  push(value: number | Float64Array, type: string): void {
    if (this.#data.length - this.#taken >= this.#chunk) this.#makeRoom();
    this.#data.push(value);
    this.#types.push(type);
    if (typeof value === "number") this.#counts.scalars += 1;
    else this.#counts.vectors += 1;
    this.#counts.bytes += bytesOf(type);
  }

  token(id: number): void {
    this.#tokens.push(id);
    this.#counts.tokens += 1;
    this.#counts.bytes += tokenBytes;
    if (this.#tokens.length >= this.#chunk) this.#drain();
  }

  /** The data that was pushed first. @throws {EmberError} `queue` if there is none, or it has another type */
  pop(type: string): number | Float64Array {
    const value = this.#data[this.#taken];
    const pushed = this.#types[this.#taken];
    if (value === undefined) throw new EmberError("queue", `a ${type} is popped, but the data queue is empty`);
    if (pushed !== type) throw new EmberError("queue", `a ${type} is popped where a ${pushed} was pushed`);
    this.#taken += 1;
    return value;
  }

  /** All tokens that wait, oldest first; they are taken out. */
  takeTokens(): number[] {
    const tokens = this.#tokens;
    this.#tokens = [];
    return tokens;
  }

  /** Forgets data that was popped. */
  compact(): void {
    if (this.#taken === 0) return;
    this.#data.splice(0, this.#taken);
    this.#types.splice(0, this.#taken);
    this.#taken = 0;
  }

  /** Ends the run. @throws {EmberError} `queue` if data was pushed that nobody popped */
  finish(): QueueTraffic {
    this.#drain();
    if (this.#data.length > 0) throw new EmberError("queue", `${this.#data.length} pushes were never popped`);
    return this.#counts;
  }

  #makeRoom(): void {
    this.#drain();
    if (this.#data.length >= this.#chunk) {
      throw new EmberError("queue", `a chunk of ${this.#chunk} entries is smaller than what one token needs`, {
        help: "take a larger chunk, or do not buffer whole rows",
      });
    }
  }
}
