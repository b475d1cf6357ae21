import { type Channel, OrderedNode, type Progress } from "@millrace/sim-core";
import { FuseflowError } from "../../errors.ts";
import type { BlockWiring } from "../block.ts";
import type { OutPort } from "../out-port.ts";
import { DATA, DONE, EMPTY, STOP, tokenText, VOID } from "../token.ts";
import type { ScannedLevel } from "./level-scanner.ts";

/** Where a scanner is: before a reference, inside its fibre, before the stop that ends it. */
const REFERENCE = 0;
const FIBER = 1;
const FIBER_END = 2;

/**
 * A scanner that a galloping intersection sends ahead. It does what `LevelScanner` does and, before each step inside a
 * fibre, jumps to the first coordinate that is not below the last skip that had come by then. The stream of skips has, for
 * each fibre, rising coordinates and then one stop, which ends the fibre at once if it comes early; skips of fibres that
 * are over are passed over. Inputs: ref, skip. Outputs: crd, ref.
 *
 * What has come by then depends on time, so the node acts in order of time. Its result is the plain scanner's without
 * coordinates that the intersection would drop.
 */
export class GallopScanner extends OrderedNode {
  /** Coordinates given. */
  work = 0;
  readonly #ref: Channel;
  readonly #skip: Channel;
  readonly #ports: readonly [OutPort, OutPort];
  readonly #level: ScannedLevel;
  readonly #doneCycles: number;
  #phase = REFERENCE;
  #start = 0;
  #next = 0;
  #end = 0;
  // Fibres ended, and stops seen among the skips: equal while the skips are about the fibre at hand.
  #fibersEnded = 0;
  #skipsEnded = 0;
  // Jump for the fibre of number #skipsEnded: its least coordinate of interest.
  #least = 0;

  constructor(wiring: BlockWiring, level: ScannedLevel) {
    super(
      wiring.id,
      wiring.inputs,
      wiring.outputs.flatMap(({ channels }) => channels),
    );
    this.#ref = wiring.inputs[0]!;
    this.#skip = wiring.inputs[1]!;
    this.#ports = wiring.outputs as readonly [OutPort, OutPort];
    this.#level = level;
    this.#doneCycles = wiring.timing.doneCycles;
  }

  nextTime(): number {
    if (this.#phase === FIBER) return this.clock;
    return this.#ref.readable ? Math.max(this.clock, this.#ref.headTime) : Number.POSITIVE_INFINITY;
  }

  fire(until: number): Progress {
    while (this.nextTime() <= until) {
      if (this.#phase !== FIBER) this.clock = this.#ref.peek(this.clock);
      this.#takeSkips();
      if (this.#phase !== FIBER && this.#ref.headTag === VOID) {
        this.#ref.release(this.clock);
        this.clock += 1;
      } else if (this.#phase === FIBER) this.#scan();
      else if (this.#phase === FIBER_END) this.#endFiber();
      else if (this.#ref.headTag === DONE) {
        this.#put(0, DONE);
        this.#ref.release(this.clock);
        this.clock += this.#doneCycles;
        return this.finish();
      } else this.#takeReference();
    }
    return this.waitFor();
  }

  #takeSkips(): void {
    const skip = this.#skip;
    while (skip.readable && skip.headTime <= this.clock) {
      if (skip.headTag >= STOP) {
        this.#skipsEnded += 1;
        this.#least = 0;
      } else {
        this.#least = skip.headPayload;
      }
      skip.release(this.clock);
    }
  }

  #scan(): void {
    if (this.#skipsEnded > this.#fibersEnded) this.#next = this.#end;
    else if (this.#skipsEnded === this.#fibersEnded) this.#jump();
    if (this.#next === this.#end) {
      this.#phase = FIBER_END;
      return;
    }
    const { coordinates } = this.#level;
    const position = this.#next;
    this.#ports[0].put(this.clock, coordinates === null ? position - this.#start : coordinates[position]!, DATA);
    this.#ports[1].put(this.clock, position, DATA);
    this.work += 1;
    this.#next = position + 1;
    this.clock += 1;
    if (this.#next === this.#end) this.#phase = FIBER_END;
  }

  // Binary search for the first coordinate of interest.
  #jump(): void {
    const { coordinates } = this.#level;
    if (coordinates === null) {
      this.#next = Math.min(this.#end, Math.max(this.#next, this.#start + this.#least));
      return;
    }
    let low = this.#next;
    let high = this.#end;
    if (low < high && coordinates[low]! >= this.#least) return;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (coordinates[middle]! < this.#least) low = middle + 1;
      else high = middle;
    }
    this.#next = low;
  }

  #takeReference(): void {
    const ref = this.#ref;
    const tag = ref.headTag;
    if (tag === DATA) this.#enter(ref.headPayload);
    else if (tag === EMPTY) this.#phase = FIBER_END;
    else if (tag >= STOP) {
      this.#put(0, tag + 1);
      this.#fibersEnded += 1;
      this.clock += 1;
    } else throw this.#fault("stream-mismatch", "where a reference, a stop or D must come");
    ref.release(this.clock);
  }

  #enter(reference: number): void {
    const { fibers, positions, size } = this.#level;
    if (!(reference >= 0 && reference < fibers)) {
      throw this.#fault("reference-range", `but the level above has ${fibers} positions`);
    }
    this.#start = positions === null ? reference * size : positions[reference]!;
    this.#next = this.#start;
    this.#end = positions === null ? this.#start + size : positions[reference + 1]!;
    this.#phase = this.#next < this.#end ? FIBER : FIBER_END;
  }

  #endFiber(): void {
    const tag = this.#ref.headTag;
    this.#put(0, tag >= STOP ? tag + 1 : STOP);
    if (tag >= STOP) this.#ref.release(this.clock);
    this.#fibersEnded += 1;
    this.#phase = REFERENCE;
    this.clock += 1;
  }

  #put(payload: number, tag: number): void {
    for (const port of this.#ports) port.put(this.clock, payload, tag);
  }

  #fault(code: "stream-mismatch" | "reference-range", rest: string): FuseflowError {
    const token = tokenText(this.#ref.headPayload, this.#ref.headTag);
    return new FuseflowError(code, `block ${this.id} got ${token} at port ref, ${rest}`);
  }
}
