import type { Channel, Progress } from "@millrace/sim-core";
import { Block, type BlockWiring } from "../block.ts";
import type { OutPort } from "../out-port.ts";
import { DATA, DONE, EMPTY, STOP, VOID } from "../token.ts";
import { BATCH, type MemoryAccess } from "./access.ts";

/** What a scanner does next: take a reference, wait for its positions, wait for coordinates, write them, write the stop. */
const REFERENCE = 0;
const POSITIONS = 1;
const COORDINATES = 2;
const WRITE = 3;
const FIBER_END = 4;

/**
 * What `LevelScanner` does for a compressed level, with its arrays in memory: it reads the two positions of a reference,
 * then the coordinates in batches, and writes a batch when all of it is there. Waiting is all the time that takes.
 */
export class MemoryScanner extends Block {
  readonly #ref: Channel;
  readonly #crdOut: OutPort;
  readonly #refOut: OutPort;
  readonly #positions: Int32Array;
  readonly #coordinates: Int32Array;
  readonly #positionAccess: MemoryAccess;
  readonly #coordinateAccess: MemoryAccess;
  #phase = REFERENCE;
  #reference = 0;
  // Of the fibre being scanned: the next position to write, the end of what was asked for, the end.
  #next = 0;
  #asked = 0;
  #end = 0;

  /** `memory` gives access to the positions and to the coordinates. */
  constructor(
    wiring: BlockWiring,
    level: { readonly positions: Int32Array; readonly coordinates: Int32Array },
    memory: readonly [MemoryAccess, MemoryAccess],
  ) {
    super(wiring, memory);
    this.#ref = wiring.inputs[0]!;
    this.#crdOut = wiring.outputs[0]!;
    this.#refOut = wiring.outputs[1]!;
    this.#positions = level.positions;
    this.#coordinates = level.coordinates;
    [this.#positionAccess, this.#coordinateAccess] = memory;
  }

  fire(budget: number): Progress {
    let { clock } = this;
    for (let left = budget; left > 0; left--) {
      const input = this.#awaitedInput();
      if (input !== null) {
        if (!input.readable) return this.starved(clock, input);
        clock = input.peek(clock);
      }
      if (this.stalls) {
        clock = this.room(clock);
        if (clock < 0) return this.blocked();
      }
      if (this.#phase === REFERENCE && this.#ref.headTag === DONE) {
        this.#put(clock, DONE);
        this.#ref.release(clock);
        return this.finishAt(clock);
      }
      if (input === this.#ref && this.skips(input, clock)) clock += 1;
      else clock = this.#step(clock);
    }
    this.clock = clock;
    return "more";
  }

  #awaitedInput(): Channel | null {
    switch (this.#phase) {
      case POSITIONS:
        return this.#positionAccess.response;
      case COORDINATES:
        return this.#coordinateAccess.response;
      case WRITE:
        return null;
      default:
        return this.#ref;
    }
  }

  #step(clock: number): number {
    switch (this.#phase) {
      case REFERENCE:
        return this.#takeReference(clock);
      case POSITIONS:
        this.#positionAccess.take(clock);
        this.#enter(clock);
        return clock;
      case COORDINATES:
        this.#coordinateAccess.take(clock);
        this.#phase = WRITE;
        return clock;
      case WRITE:
        this.#write(clock);
        return clock;
      default:
        return this.#endFiber(clock);
    }
  }

  #takeReference(clock: number): number {
    const ref = this.#ref;
    const tag = ref.headTag;
    const fibers = this.#positions.length - 1;
    if (tag === DATA) {
      const reference = ref.headPayload;
      if (!(reference >= 0 && reference < fibers)) throw this.outOfRange(ref, "the level above", fibers);
      this.#reference = reference;
      this.#positionAccess.ask(clock, reference, 2);
      this.#phase = POSITIONS;
    } else if (tag === EMPTY) {
      if (this.timing.scansMissing) this.#put(clock, VOID);
      this.#phase = FIBER_END;
    } else if (tag >= STOP) {
      this.#put(clock, tag + 1);
    } else {
      throw this.unexpected(ref, "a reference, a stop or D");
    }
    ref.release(clock);
    const waits = tag === DATA || (tag === EMPTY && !this.timing.scansMissing);
    return waits ? clock : clock + 1;
  }

  #enter(clock: number): void {
    this.#next = this.#positions[this.#reference]!;
    this.#asked = this.#next;
    this.#end = this.#positions[this.#reference + 1]!;
    this.#ask(clock);
  }

  // Asks for the next batch, or goes on to the stop if there is none.
  #ask(clock: number): void {
    if (this.#asked === this.#end) {
      this.#phase = FIBER_END;
      return;
    }
    const count = Math.min(BATCH, this.#end - this.#asked);
    this.#coordinateAccess.ask(clock, this.#asked, count);
    this.#asked += count;
    this.#phase = COORDINATES;
  }

  #write(clock: number): void {
    this.#crdOut.put(clock, this.#coordinates[this.#next]!, DATA);
    this.#refOut.put(clock, this.#next, DATA);
    this.work += 1;
    this.#next += 1;
    if (this.#next === this.#asked) this.#ask(clock);
  }

  #endFiber(clock: number): number {
    const tag = this.#ref.headTag;
    this.#put(clock, tag >= STOP ? tag + 1 : STOP);
    if (tag >= STOP) this.#ref.release(clock);
    this.#phase = REFERENCE;
    return clock + 1;
  }

  #put(clock: number, tag: number): void {
    this.#crdOut.put(clock, 0, tag);
    this.#refOut.put(clock, 0, tag);
  }
}
