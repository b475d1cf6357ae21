/** Timed operators that make several elements of one: flat-map and the address generators. */
import { StepError } from "../../errors.ts";
import type { FlatMapFunction } from "../../functions/function.ts";
import { flatMapFunction } from "../../functions/registry.ts";
import { named } from "../../ops/compute/arguments.ts";
import { expectKnown, type Site } from "../machine.ts";
import { bareTag, isBare, stopOf, valueTag } from "../slot-tag.ts";
import { TimedNode } from "../timed-node.ts";
import { payloadKind } from "../value-pool.ts";
import { lateStop } from "./shape.ts";

const firstInput: readonly number[] = [0];

/** Splits tiles, or counts, in no time. */
export class TimedFlatMap extends TimedNode {
  readonly #site: Site;
  readonly #rank: number;
  readonly #parameter: number;
  readonly #fn: string;
  readonly #function: FlatMapFunction;
  readonly #carriesTiles: boolean;
  // Whether the last value went out without a stop.
  #open = false;

  constructor(site: Site) {
    super(site.node.id, site.inputs, site.outputs);
    this.#site = site;
    this.#rank = site.node.attributes.number("rank");
    this.#parameter = site.node.attributes.number("parameter", 1);
    this.#function = flatMapFunction(site.node.attributes.fn("fn"));
    this.#fn = this.#function.name;
    expectKnown(site);
    const number = payloadKind(site.node.inputs[0]!.element) === "number";
    this.#carriesTiles = site.pool.functional && !number;
    if (this.#fn === "range" && !number && !site.pool.functional) {
      const message = `flat-map "${site.node.id}": a timed run needs the counts of range as u64, as it does not know f32 values`;
      throw new StepError("function-arguments", message, { node: site.node.id });
    }
  }

  protected awaits(): readonly number[] {
    return firstInput;
  }

  protected step(): void {
    const { headPayload, headTag } = this.input(0);
    const bare = isBare(headTag);
    const outer = stopOf(headTag);
    const stop = outer > 0 || bare ? outer + this.#rank : this.#rank;
    const made = bare || !this.#carriesTiles ? undefined : this.#apply(headPayload);
    const parts = made?.length ?? (bare ? 0 : this.#parts(headPayload));
    for (let part = 0; part < parts; part++) {
      this.write(0, made?.[part] ?? this.#part(headPayload, part), valueTag(part === parts - 1 ? stop : 0));
    }
    if (parts > 0) this.#open = stop === 0;
    else if (stop > 0) {
      if (this.#open) throw lateStop(this.#site);
      this.write(0, 0, bareTag(stop));
    }
    this.free(0);
  }

  /** The handles of what the function makes of a tile. */
  #apply(payload: number): readonly number[] {
    const { node, pool } = this.#site;
    const parts = named(node, () => this.#function.apply(pool.contentOf(payload), this.#parameter));
    return parts.map((part) => pool.hold(part));
  }

  #parts(payload: number): number {
    const { rows, columns, validRows } = this.#site.pool;
    if (this.#fn === "range") return payload;
    if (this.#fn === "split-columns") return Math.floor(columns[payload]! / this.#parameter);
    const whole = Math.floor(rows[payload]! / this.#parameter);
    return this.#fn === "split-rows" ? whole : Math.min(whole, Math.ceil(validRows[payload]! / this.#parameter));
  }

  #part(payload: number, part: number): number {
    const { pool } = this.#site;
    if (this.#fn === "range") return part;
    const [columns, valid] = [pool.columns[payload]!, pool.validRows[payload]!];
    if (this.#fn === "split-columns") return pool.tile(pool.rows[payload]!, this.#parameter, valid);
    const rows = this.#parameter;
    return pool.tile(rows, columns, Math.max(0, Math.min(rows, valid - part * rows)));
  }

  protected end(): void {}
}

/** Lists addresses or selectors for each element: value i goes out i cycles after the first. */
export class TimedGenerator extends TimedNode {
  readonly #site: Site;
  readonly #ports: readonly number[];

  constructor(site: Site) {
    super(site.node.id, site.inputs, site.outputs);
    this.#site = site;
    this.#ports = site.inputs.map((_, port) => port);
  }

  protected awaits(): readonly number[] {
    return this.#ports;
  }

  protected step(): void {
    const { headPayload, headTag } = this.input(0);
    const stop = stopOf(headTag) + 1;
    const count = isBare(headTag) ? 0 : this.#count(headPayload);
    if (count === 0) this.write(0, 0, bareTag(stop));
    for (let at = 0; at < count; at++) {
      this.write(0, this.#value(headPayload, at, count), valueTag(at === count - 1 ? stop : 0), 1);
    }
    for (const port of this.#ports) this.freeNow(port);
  }

  #count(payload: number): number {
    const { node } = this.#site;
    if (node.operator === "expert-addresses") return node.attributes.number("tiles");
    return node.operator === "last-tile" ? payload : this.input(1).headPayload;
  }

  #value(payload: number, at: number, count: number): number {
    const { node, pool } = this.#site;
    if (node.operator === "last-tile") return pool.selector([at === count - 1 ? 0 : 1]);
    if (node.operator === "cache-addresses") return payload * node.attributes.number("stride") + at;
    const expert = node.inputs[0]!.element.kind === "selector" ? (pool.chosen(payload)[0] ?? 0) : payload;
    return node.attributes.number("base") + expert * node.attributes.number("tiles") + at;
  }

  protected end(): void {}
}
