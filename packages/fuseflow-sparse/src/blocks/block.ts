/**
 * What all SAM blocks share: ports, the rule by which a block waits for room, faults with their place.
 *
 * A block works in steps. A step happens at one time, takes at most one token from each input and gives at most one to
 * each output, except where a block says otherwise. All outputs need room before a step: a block stalls as a whole.
 */
import { type Channel, Node, type Progress } from "@millrace/sim-core";
import { FuseflowError } from "../errors.ts";
import type { BlockTiming } from "../timing/profile.ts";
import type { MemoryAccess } from "./memory/access.ts";
import type { OutPort } from "./out-port.ts";
import { tokenText, VOID } from "./token.ts";

/** A block's place in a graph under construction. */
export interface BlockWiring {
  readonly id: string;
  /** Channels by input port, in the order the block wants. */
  readonly inputs: readonly Channel[];
  /** Names of the input ports, parallel to `inputs`; for messages. */
  readonly inputNames: readonly string[];
  readonly outputs: readonly OutPort[];
  readonly timing: BlockTiming;
}

/** How a block waits for room: not at all, for a slot in each output, or by the rule of `sam-sync`. */
type Stall = "never" | "slot" | "register";

/** A node of a SAM graph. */
export abstract class Block extends Node {
  /** Elements of the block's kind of work done so far: elements scanned or read, operations, sums, values written. */
  work = 0;
  protected readonly ports: readonly OutPort[];
  protected readonly timing: BlockTiming;
  /** Whether `room` must be asked before a step. */
  protected readonly stalls: boolean;
  readonly #stall: Stall;
  readonly #inputNames: readonly string[];
  // Set by `room` when the host cannot tell yet.
  #full: Channel | null = null;

  /** `memory` are the doors to memory that the block uses; its requests never stall it. */
  constructor(wiring: BlockWiring, memory: readonly MemoryAccess[] = []) {
    const outputs = wiring.outputs.flatMap((port) => port.channels);
    const inputs = [...wiring.inputs, ...memory.map((access) => access.response)];
    super(wiring.id, inputs, [...outputs, ...memory.map((access) => access.request)]);
    this.ports = wiring.outputs;
    this.timing = wiring.timing;
    this.#inputNames = wiring.inputNames;
    const bounded = outputs.some((channel) => channel.capacity !== Number.POSITIVE_INFINITY);
    this.#stall = !bounded ? "never" : wiring.timing.registers ? "register" : "slot";
    this.stalls = bounded;
  }

  /**
   * The first time from `clock` on at which every output, or each of `ports`, has room, or -1 while the host cannot tell; then end the
   * activation with `blocked`. Ask after all inputs of the step are there.
   *
   * Rule of `sam-sync`: a block holds still in a cycle if, in the cycle before, the queue of some consumer held more
   * than d tokens. A token written in the cycle before was not in a queue yet. With capacity d + 2 and a response
   * latency of 2 this is: one free slot in the cycle after a write, two free slots later.
   */
  protected room(clock: number, ports: readonly OutPort[] = this.ports): number {
    const register = this.#stall === "register";
    let time = clock;
    for (let settled = false; !settled; ) {
      settled = true;
      for (let p = 0; p < ports.length; p++) {
        const { channels, lastPut } = ports[p]!;
        for (let c = 0; c < channels.length; c++) {
          const channel = channels[c]!;
          const two = register && time > lastPut + 1;
          if (channel.room < (two ? 2 : 1)) {
            this.#full = channel;
            this.clock = time;
            return -1;
          }
          const free = two ? channel.reserveTwo(time) : channel.reserve(time);
          if (free > time) {
            time = free;
            settled = false;
          }
        }
      }
    }
    return time;
  }

  /** Ends an activation in which `room` gave -1. */
  protected blocked(): Progress {
    return this.waitFor(this.#full!);
  }

  /**
   * Ends an activation at `clock` for want of a token of `input`.
   *
   * @throws {FuseflowError} `stream-ended` if it will never come.
   */
  protected starved(clock: number, input: Channel): Progress {
    this.clock = clock;
    if (input.ended) {
      throw new FuseflowError(
        "stream-ended",
        `the stream at port ${this.#nameOf(input)} of block ${this.id} ends without a D`,
      );
    }
    return this.waitFor(input);
  }

  /** Calls back with every value that the block keeps between two activations, beside those in its streams. */
  held(_visit: (payload: number) => void): void {}

  /** Whether the oldest token of `input` stands for an empty fibre; it is taken in then, a step without a result. */
  protected skips(input: Channel, clock: number): boolean {
    if (input.headTag !== VOID) return false;
    input.release(clock);
    return true;
  }

  /** Ends the block with the step at `clock`. */
  protected finishAt(clock: number): Progress {
    this.clock = clock + this.timing.doneCycles;
    return this.finish();
  }

  /** The fault of two inputs whose oldest tokens do not belong together. */
  protected mismatch(a: Channel, b: Channel): FuseflowError {
    return this.#mismatch(a, headText(a), b, headText(b));
  }

  /** As `mismatch`, for stops or ends that were taken in before. */
  protected tagMismatch(a: Channel, tag: number, b: Channel, other: number): FuseflowError {
    return this.#mismatch(a, tokenText(0, tag), b, tokenText(0, other));
  }

  #mismatch(a: Channel, token: string, b: Channel, other: string): FuseflowError {
    const place = `${token} at port ${this.#nameOf(a)} together with ${other} at port ${this.#nameOf(b)}`;
    return new FuseflowError(
      "stream-mismatch",
      `block ${this.id} got ${place}: stops and ends of the two streams must line up`,
    );
  }

  /** The fault of a token that cannot come at this place. */
  protected unexpected(input: Channel, expected: string): FuseflowError {
    return new FuseflowError(
      "stream-mismatch",
      `block ${this.id} got ${headText(input)} at port ${this.#nameOf(input)}, where ${expected} must come`,
    );
  }

  /** The fault of a position outside an operand's arrays. */
  protected outOfRange(input: Channel, what: string, limit: number): FuseflowError {
    return new FuseflowError(
      "reference-range",
      `block ${this.id} got reference ${headText(input)} at port ${this.#nameOf(input)}, but ${what} has ${limit} positions`,
    );
  }

  #nameOf(input: Channel): string {
    return this.#inputNames[this.inputs.indexOf(input)] ?? input.id;
  }
}

function headText(input: Channel): string {
  return tokenText(input.headPayload, input.headTag);
}
