import type { Channel, Progress } from "@millrace/sim-core";
import { Block, type BlockWiring } from "../block.ts";
import type { OutPort } from "../out-port.ts";
import { DATA, DONE, isItem, STOP, VOID } from "../token.ts";

/**
 * Finds each coordinate of a sparse operand in a dense level: position parent * size + coordinate, where `parent` is the
 * position one level up (0 for a level below the root). Inputs: crd, ref and, unless at the root, parent, a stream one
 * level shallower. Outputs: crd, ref0 (located), ref1 (as it came).
 */
export class Locate extends Block {
  readonly #crd: Channel;
  readonly #ref: Channel;
  readonly #parent: Channel | null;
  readonly #size: number;
  // Tag of the parent stop that goes with the stop taken in last, 0 for none.
  #parentStop = 0;

  constructor(wiring: BlockWiring, size: number) {
    super(wiring);
    this.#crd = wiring.inputs[0]!;
    this.#ref = wiring.inputs[1]!;
    this.#parent = wiring.inputs[2] ?? null;
    this.#size = size;
  }

  fire(budget: number): Progress {
    const crd = this.#crd;
    const ref = this.#ref;
    const parent = this.#parent;
    const [crdOut, locatedOut, refOut] = this.ports as readonly [OutPort, OutPort, OutPort];
    let { clock } = this;
    for (let left = budget; left > 0; left--) {
      if (parent !== null) {
        if (!parent.readable) return this.starved(clock, parent);
        if (parent.headTag === VOID) {
          parent.release(Math.max(clock, parent.headTime));
          continue;
        }
        if (this.#parentStop !== 0) {
          this.#takeParentStop(parent, clock);
          continue;
        }
      }
      if (!crd.readable) return this.starved(clock, crd);
      if (!ref.readable) return this.starved(clock, ref);
      clock = ref.peek(crd.peek(clock));
      if (parent !== null) clock = parent.peek(clock);
      if (this.stalls) {
        clock = this.room(clock);
        if (clock < 0) return this.blocked();
      }
      const tag = crd.headTag;
      if (tag === DATA ? !isItem(ref.headTag) : ref.headTag !== tag) throw this.mismatch(crd, ref);
      if (tag === DATA) {
        crdOut.put(clock, crd.headPayload, DATA);
        this.#locate(clock, locatedOut);
        refOut.put(clock, ref.headPayload, ref.headTag);
        this.work += 1;
      } else if (tag >= STOP || tag === DONE) {
        for (const port of this.ports) port.put(clock, 0, tag);
        if (parent !== null) this.#takeParent(parent, clock, tag);
      } else if (tag !== VOID) {
        throw this.unexpected(crd, "a coordinate, a stop or D");
      }
      crd.release(clock);
      ref.release(clock);
      if (tag === DONE) return this.finishAt(clock);
      clock += 1;
    }
    this.clock = clock;
    return "more";
  }

  #locate(clock: number, port: OutPort): void {
    const parent = this.#parent;
    const coordinate = this.#crd.headPayload;
    if (coordinate >= this.#size) throw this.outOfRange(this.#crd, "the dense level", this.#size);
    if (parent === null) port.put(clock, coordinate, DATA);
    else if (!isItem(parent.headTag)) throw this.mismatch(parent, this.#crd);
    else port.put(clock, parent.headPayload * this.#size + coordinate, parent.headTag);
  }

  // The end of a fibre ends the parent position, and the parent fibres that end with it.
  #takeParent(parent: Channel, clock: number, tag: number): void {
    if (tag === DONE) {
      if (parent.headTag !== DONE) throw this.mismatch(parent, this.#crd);
    } else if (isItem(parent.headTag)) {
      this.#parentStop = tag - STOP;
    } else if (parent.headTag !== tag - 1) {
      throw this.mismatch(parent, this.#crd);
    }
    parent.release(clock);
  }

  #takeParentStop(parent: Channel, clock: number): void {
    if (parent.headTag !== this.#parentStop) {
      throw this.tagMismatch(parent, parent.headTag, this.#crd, this.#parentStop + 1);
    }
    parent.release(Math.max(clock, parent.headTime));
    this.#parentStop = 0;
  }
}
