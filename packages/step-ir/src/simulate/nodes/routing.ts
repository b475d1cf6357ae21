/** Timed partition, reassemble and parallelize. */
import { StepError } from "../../errors.ts";
import { rankOf } from "../../stream/shape.ts";
import type { Site } from "../machine.ts";
import { bareTag, inRegister, isBare, isFromMemory, stopOf, withStop } from "../slot-tag.ts";
import { TimedNode } from "../timed-node.ts";
import { elementBytes } from "../value-pool.ts";

/** Sends groups to the outputs that selectors choose; takes before it writes, and spends the cycles of a switch per element. */
export class TimedPartition extends TimedNode {
  readonly #site: Site;
  readonly #rank: number;
  readonly #switch: number;
  readonly #bytes: number;
  // The selector in force: its outputs and the stop behind it; `null` between groups.
  #chosen: readonly number[] | null = null;
  #stop = 0;

  constructor(site: Site) {
    super(site.node.id, site.inputs, site.outputs);
    this.#site = site;
    this.#rank = site.node.attributes.number("rank");
    this.#switch = site.node.attributes.number("switch", 1);
    this.#bytes = elementBytes(site.node.inputs[0]!.element, site.options.bytesPerF32);
  }

  protected awaits(): readonly number[] {
    return this.#chosen === null ? onlySelector : onlyInput;
  }

  protected step(): void {
    if (this.#chosen === null) {
      const { headPayload, headTag } = this.input(1);
      this.#chosen = isBare(headTag) ? [] : this.#outputsOf(headPayload);
      this.#stop = stopOf(headTag);
      this.freeNow(1);
      return;
    }
    const { headPayload, headTag } = this.input(0);
    const stop = stopOf(headTag);
    const ends = stop >= this.#rank;
    if (ends && stop !== this.#rank + this.#stop) throw outOfStep(this.#site, stop, this.#rank + this.#stop);
    if (isFromMemory(headTag)) this.clock += this.#readCycles(headPayload);
    this.freeNow(0);
    if (this.#chosen.length > 0) this.clock += this.#switch;
    const tag = withStop(routed(this.#site, headTag), Math.min(stop, this.#rank));
    for (const port of this.#chosen) this.write(port, headPayload, tag);
    if (ends) this.#chosen = null;
  }

  protected end(port: number): void {
    if (port === 0) throw outOfStep(this.#site, 0, this.#rank + this.#stop);
  }

  /** Cycles to read a tile from on-chip memory. */
  #readCycles(tile: number): number {
    const { rows, columns } = this.#site.pool;
    return Math.ceil((rows[tile]! * columns[tile]! * this.#bytes) / this.#site.options.memoryUnitBytesPerCycle);
  }

  #outputsOf(selector: number): readonly number[] {
    const chosen = this.#site.pool.chosen(selector);
    const wrong = chosen.find((port) => port >= this.outputs.length);
    if (wrong === undefined) return chosen;
    const message = `partition "${this.id}": the selector chooses ${wrong}, but there are ${this.outputs.length} outputs`;
    throw new StepError("selector-value", message, { node: this.id });
  }
}

/** The tag of a tile that a routing node hands on. */
function routed({ quirks }: Site, tag: number): number {
  return quirks.routedTiles === "register" ? inRegister(tag) : tag;
}

const onlySelector: readonly number[] = [1];
const onlyInput: readonly number[] = [0];

function outOfStep({ node }: Site, found: number, expected: number): StepError {
  const message = `${node.operator} "${node.id}": a group ends with S${found} where its selector asks for S${expected}`;
  return new StepError("stops-mismatch", message, { node: node.id });
}

/**
 * Puts groups together as selectors say: waits for the first element of all that are chosen, then takes group by group.
 * An element is ready the cycles of a switch after its arrival.
 */
export class TimedReassemble extends TimedNode {
  readonly #rank: number;
  readonly #site: Site;
  readonly #switch: number;
  // Ports in the order of service, if that is not the order of the selectors.
  readonly #order: number[] | null;
  #ports: readonly number[] = [];
  // Which of the chosen groups is being copied; -1 before the first.
  #place = -1;
  #end = 0;

  constructor(site: Site) {
    super(site.node.id, site.inputs, site.outputs);
    this.#site = site;
    this.#rank = rankOf(site.node.inputs[1]!.shape);
    this.#switch = site.node.attributes.number("switch", 1);
    this.#order = site.quirks.reassemble === "arrival" ? [] : null;
    if (this.#order !== null) site.tally.orders.set(this.id, this.#order);
  }

  protected awaits(): readonly number[] {
    if (this.#ports.length === 0) return onlyInput;
    // Before the first group all that are chosen must be there.
    return this.#place === -1 ? this.#ports : this.#ports.slice(this.#place, this.#place + 1);
  }

  protected step(): void {
    if (this.#ports.length === 0) {
      const { headPayload, headTag } = this.input(0);
      this.#end = this.#rank + 1 + stopOf(headTag);
      this.#ports = isBare(headTag) ? [] : this.#site.pool.chosen(headPayload).map((port) => port + 1);
      this.#place = -1;
      if (this.#ports.length === 0) this.write(0, 0, bareTag(this.#end));
      this.freeNow(0);
      return;
    }
    if (this.#place === -1) {
      this.#place = 0;
      if (this.#order !== null) this.#arrange(this.#order);
    }
    const port = this.#ports[this.#place]!;
    const { headPayload, headTag, headTime } = this.input(port);
    const ends = stopOf(headTag) >= this.#rank;
    const last = this.#place === this.#ports.length - 1;
    this.clock = Math.max(this.clock, headTime + this.#switch);
    const tag = routed(this.#site, headTag);
    this.write(0, headPayload, ends ? withStop(tag, last ? this.#end : this.#rank) : tag);
    this.freeNow(port);
    if (!ends) return;
    this.#place += 1;
    if (last) this.#ports = [];
  }

  /** Puts the chosen groups in the order in which their first elements came. */
  #arrange(order: number[]): void {
    const arrival = (port: number): number => this.input(port).headTime;
    this.#ports = [...this.#ports].sort((a, b) => arrival(a) - arrival(b) || a - b);
    order.push(...this.#ports.map((port) => port - 1));
  }

  protected end(port: number): void {
    if (port === 0) return;
    const message = `reassemble "${this.id}": input ${port - 1} has fewer groups than the selectors choose`;
    throw new StepError("stops-mismatch", message, { node: this.id });
  }
}

/** Deals groups out in turn, in no time. */
export class TimedParallelize extends TimedNode {
  readonly #rank: number;
  #way = 0;

  constructor(site: Site) {
    super(site.node.id, site.inputs, site.outputs);
    this.#rank = site.node.attributes.number("rank");
  }

  protected awaits(): readonly number[] {
    return onlyInput;
  }

  protected step(): void {
    const { headPayload, headTag } = this.input(0);
    const stop = stopOf(headTag);
    this.write(this.#way, headPayload, withStop(headTag, Math.min(stop, this.#rank)));
    if (stop >= this.#rank) this.#way = (this.#way + 1) % this.outputs.length;
    this.freeNow(0);
  }

  protected end(): void {}
}
