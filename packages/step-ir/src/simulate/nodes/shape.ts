/** Timed operators that change the shape of a stream. */
import { StepError } from "../../errors.ts";
import { expectSameStop } from "../../ops/memory/random-store.ts";
import { flattenStop } from "../../ops/shape/flatten.ts";
import { paddingTile } from "../../ops/shape/reshape.ts";
import { rankOf } from "../../stream/shape.ts";
import { scalar } from "../../stream/value.ts";
import type { Site } from "../machine.ts";
import { bareTag, isBare, isFromMemory, stopOf, valueTag, withStop } from "../slot-tag.ts";
import { TimedNode } from "../timed-node.ts";
import { payloadKind } from "../value-pool.ts";

/** An operator with one input that is always read. */
abstract class ShapeNode extends TimedNode {
  protected readonly site: Site;

  constructor(site: Site) {
    super(site.node.id, site.inputs, site.outputs);
    this.site = site;
  }

  protected awaits(): readonly number[] {
    return firstInput;
  }

  protected end(): void {}
}

const firstInput: readonly number[] = [0];
const bothInputs: readonly number[] = [0, 1];

/** Merges dimensions, in no time. */
export class TimedFlatten extends ShapeNode {
  readonly #min = this.site.node.attributes.number("min");
  readonly #max = this.site.node.attributes.number("max");
  // Whether the last value went out without a stop: a stop alone would then end its group, not an empty one.
  #open = false;

  protected step(): void {
    const { headPayload, headTag } = this.input(0);
    const stop = flattenStop(stopOf(headTag), this.#min, this.#max);
    const bare = isBare(headTag);
    if (bare && stop > 0 && this.#open) throw lateStop(this.site);
    if (!bare || stop > 0) {
      this.write(0, headPayload, withStop(headTag, stop));
      this.#open = stop === 0;
    }
    this.freeNow(0);
  }
}

/** The error where a stop comes so late that no slot has room for it. */
export function lateStop({ node }: Site): StepError {
  const message = `${node.operator} "${node.id}": a group ends with an empty group that is merged away; timed runs cannot carry that`;
  return new StepError("stream-malformed", message, { node: node.id });
}

/** Adds a dimension of 1: in no time inside the stream, and one cycle per slot around it, which needs to look ahead. */
export class TimedPromote extends ShapeNode {
  readonly #rank = this.site.node.attributes.number("rank");
  readonly #outer = this.#rank > rankOf(this.site.node.inputs[0]!.shape);
  #held: { payload: number; tag: number } | null = null;

  protected step(): void {
    const { headPayload, headTag } = this.input(0);
    if (!this.#outer) {
      const stop = stopOf(headTag);
      this.write(0, headPayload, withStop(headTag, stop >= this.#rank ? stop + 1 : stop));
    } else {
      this.clock += 1;
      if (this.#held !== null) this.write(0, this.#held.payload, this.#held.tag);
      this.#held = { payload: headPayload, tag: headTag };
    }
    this.freeNow(0);
  }

  protected override end(): void {
    if (this.#held !== null) this.write(0, this.#held.payload, withStop(this.#held.tag, this.#rank));
  }
}

/** Splits a dimension into chunks and fills up the last, one cycle per element of padding. */
export class TimedReshape extends ShapeNode {
  readonly #rank = this.site.node.attributes.number("rank");
  readonly #chunk = this.site.node.attributes.number("chunk");
  #padding = -1;
  readonly #flags = [this.site.pool.hold(scalar(0)), this.site.pool.hold(scalar(1))] as const;
  #count = 0;

  protected step(): void {
    const { headPayload, headTag } = this.input(0);
    const stop = stopOf(headTag);
    const ends = this.#rank === 0 ? !isBare(headTag) : stop >= this.#rank;
    if (ends) this.#count += 1;
    if (stop > this.#rank) {
      const short = this.#rank === 0 && this.#count > 0 && this.#count < this.#chunk;
      this.#both(headPayload, withStop(headTag, short ? 0 : stop + 1), 0);
      if (short) this.#fill(stop + 1);
      this.#count = 0;
    } else if (ends && this.#count === this.#chunk) {
      this.#both(headPayload, withStop(headTag, this.#rank + 1), 0);
      this.#count = 0;
    } else this.#both(headPayload, headTag, 0);
    this.freeNow(0);
  }

  protected override end(): void {
    if (this.#count > 0) this.#fill(this.#rank + 1);
  }

  #fill(stop: number): void {
    if (this.#padding < 0) this.#padding = this.#paddingPayload();
    for (let at = this.#count + 1; at <= this.#chunk; at++) {
      this.#both(this.#padding, valueTag(at === this.#chunk ? stop : 0), 1);
    }
  }

  #paddingPayload(): number {
    const { node, pool } = this.site;
    const tile = paddingTile(node);
    return payloadKind(node.inputs[0]!.element) === "number" ? tile.numbers[0]! : pool.hold(tile);
  }

  #both(payload: number, tag: number, padding: 0 | 1): void {
    this.write(0, payload, tag, padding);
    this.write(1, this.#flags[padding], isBare(tag) ? tag : valueTag(stopOf(tag)));
  }
}

/** Repeats every element, one copy per cycle. */
export class TimedRepeat extends ShapeNode {
  readonly #count = this.site.node.attributes.number("count");

  protected step(): void {
    const { headPayload, headTag } = this.input(0);
    const stop = stopOf(headTag);
    if (isBare(headTag)) this.write(0, 0, bareTag(stop + 1));
    else {
      for (let copy = 1; copy <= this.#count; copy++) {
        this.write(0, headPayload, withStop(headTag, copy === this.#count ? stop + 1 : 0), 1);
      }
    }
    this.free(0);
  }
}

/** Repeats elements after a reference, in no time. */
export class TimedExpand extends ShapeNode {
  readonly #rank = this.site.node.attributes.number("rank");

  protected override awaits(): readonly number[] {
    return bothInputs;
  }

  protected step(): void {
    const { headPayload, headTag } = this.input(0);
    const reference = this.input(1).headTag;
    const stop = stopOf(reference);
    const tag = isBare(reference) ? bareTag(stop) : valueTag(stop, isFromMemory(headTag));
    this.write(0, headPayload, tag);
    this.freeNow(1);
    if (stop > this.#rank) {
      if (stopOf(headTag) !== stop) {
        expectSameStop(this.site.node, { value: 1, stop: stopOf(headTag) }, { value: 1, stop });
      }
      this.free(0);
    }
  }
}

/** Pairs elements up, in no time. */
export class TimedZip extends ShapeNode {
  protected override awaits(): readonly number[] {
    return bothInputs;
  }

  protected step(): void {
    const [left, right] = [this.input(0), this.input(1)];
    const slot = (tag: number) => ({ value: isBare(tag) ? undefined : 1, stop: stopOf(tag) });
    expectSameStop(this.site.node, slot(left.headTag), slot(right.headTag));
    if (isBare(left.headTag)) this.write(0, 0, left.headTag);
    else {
      const fromMemory = isFromMemory(left.headTag) || isFromMemory(right.headTag);
      const pair = this.site.pool.list([left.headPayload, right.headPayload]);
      this.write(0, pair, valueTag(stopOf(left.headTag), fromMemory));
    }
    this.free(0);
    this.free(1);
  }
}
