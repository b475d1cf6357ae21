/** Timed off-chip operators: a tile is one request, and the next begins when the last of its bursts has come. */
import { storedTile } from "../../ops/memory/linear-store.ts";
import { expectAddress, readTile, type TileShape, tileCount, writeTile } from "../../ops/memory/traffic.ts";
import { scalar, type TileValue } from "../../stream/value.ts";
import type { Site } from "../machine.ts";
import { bareTag, isBare, stopOf, valueTag } from "../slot-tag.ts";
import { TimedNode } from "../timed-node.ts";
import { elementBytes } from "../value-pool.ts";

/** A loader or a store: the last output asks the memory, the last input hears from it. */
abstract class MemoryUser extends TimedNode {
  protected readonly site: Site;
  readonly #write: boolean;
  readonly #request: number;
  readonly #response: readonly number[];
  // Whether a request is under way.
  protected waiting = false;

  constructor(site: Site, access: "read" | "write") {
    const port = site.port(access, site.node.attributes.number("dispatch", 1));
    super(site.node.id, [...site.inputs, port.response], [...site.outputs, port.request]);
    this.site = site;
    this.#write = access === "write";
    this.#request = site.outputs.length;
    this.#response = [site.inputs.length];
  }

  protected awaits(): readonly number[] {
    return this.waiting ? this.#response : this.operands();
  }

  /** Inputs that the next request needs. */
  protected abstract operands(): readonly number[];

  /** Asks for a tile or hands one over: each row takes whole bursts. */
  protected ask(tensor: string, index: number, [rows, columns]: TileShape, bytes: number): void {
    const bursts = rows * Math.ceil((columns * bytes) / this.site.burstBytes);
    const address = this.site.tensorAddress(tensor) + index * bursts * this.site.burstBytes;
    this.write(this.#request, address, this.#write ? -bursts : bursts);
    this.waiting = true;
  }

  /** Tile number `index` of a tensor; `size` is its handle in timing mode. */
  protected tileAt(tensor: string, shape: TileShape, index: number, size: number): number {
    const contents = this.site.tensors?.get(tensor);
    return contents === undefined ? size : this.site.pool.hold(readTile(contents, shape, index));
  }

  /** Takes the answer. */
  protected hear(): void {
    this.freeNow(this.#response[0]!);
    this.waiting = false;
  }

  protected end(): void {}
}

/** A tile that a load has asked for: its payload, the stop behind it, and whether it is the last of its sweep. */
interface AskedTile {
  readonly payload: number;
  readonly stop: number;
  readonly last: boolean;
}

/** Loads tiles in an affine order, once or per reference element. */
export class TimedLinearLoad extends MemoryUser {
  readonly #shape = this.site.node.attributes.integers("shape");
  readonly #stride = this.site.node.attributes.integers("stride");
  readonly #tile = this.site.node.attributes.integers("tile") as TileShape;
  readonly #tensor = this.site.node.attributes.word("tensor");
  readonly #tiles = tileCount(this.site.node.tensor(this.#tensor), this.#tile);
  readonly #size = sizeHandle(this.site, this.#tile);
  readonly #bytes = elementBytes(this.site.node.outputs[0]!.element, this.site.options.bytesPerF32);
  readonly #base = this.site.node.attributes.number("base");
  readonly #operands: readonly number[] = this.site.inputs.length > 0 ? [0] : [];
  readonly #most = this.site.quirks.loads === "two-tiles" ? 2 : 1;
  readonly #place = this.#shape.map(() => 0);
  // Tiles under way, the oldest first.
  readonly #asked: AskedTile[] = [];
  // Whether the last tile of the sweep is asked for and not yet written.
  #swept = false;

  constructor(site: Site) {
    super(site, "read");
  }

  protected operands(): readonly number[] {
    return this.#operands;
  }

  protected step(): void {
    if (this.waiting) this.#take();
    else {
      const tag = this.#operands.length > 0 ? this.input(0).headTag : 0;
      if (isBare(tag)) {
        this.write(0, 0, bareTag(stopOf(tag) + this.#shape.length));
        this.free(0);
        return;
      }
      this.#askNext(stopOf(tag));
    }
    this.waiting = this.#swept || this.#asked.length >= this.#most;
  }

  /** Asks for the tile at the current place; `outer` is the stop behind the sweep. */
  #askNext(outer: number): void {
    const place = this.#place.reduce((sum, at, dimension) => sum + at * this.#stride[dimension]!, this.#base);
    const index = place % this.#tiles;
    const payload = this.tileAt(this.#tensor, this.#tile, index, this.#size);
    this.ask(this.#tensor, index, this.#tile, this.#bytes);
    const ended = this.#advance();
    this.#swept = ended === this.#shape.length;
    this.#asked.push({ payload, stop: this.#swept ? ended + outer : ended, last: this.#swept });
  }

  /** Takes the oldest tile and hands it on. */
  #take(): void {
    this.hear();
    const { payload, stop, last } = this.#asked.shift()!;
    this.write(0, payload, valueTag(stop, true));
    if (!last) return;
    this.#swept = false;
    if (this.#operands.length > 0) this.free(0);
    else this.conclude();
  }

  /** Moves on to the next tile; how many dimensions end with the last one. */
  #advance(): number {
    let ended = 0;
    for (let dimension = this.#shape.length - 1; dimension >= 0; dimension--) {
      this.#place[dimension]! += 1;
      if (this.#place[dimension]! < this.#shape[dimension]!) break;
      this.#place[dimension] = 0;
      ended += 1;
    }
    return ended;
  }
}

/** Loads one tile per address; an address is taken before its tile is asked for. */
export class TimedRandomLoad extends MemoryUser {
  readonly #tile = this.site.node.attributes.integers("tile") as TileShape;
  readonly #tensor = this.site.node.attributes.word("tensor");
  readonly #size = sizeHandle(this.site, this.#tile);
  readonly #bytes = elementBytes(this.site.node.outputs[0]!.element, this.site.options.bytesPerF32);
  // The tile under way, and the stop behind its address.
  #loaded = 0;
  #stop = 0;

  constructor(site: Site) {
    super(site, "read");
  }

  protected operands(): readonly number[] {
    return addressOnly;
  }

  protected step(): void {
    if (this.waiting) {
      this.hear();
      this.write(0, this.#loaded, valueTag(this.#stop, true));
      return;
    }
    const { headPayload, headTag } = this.input(0);
    this.freeNow(0);
    if (isBare(headTag)) this.write(0, 0, headTag);
    else {
      const { node } = this.site;
      expectAddress(node, node.tensor(this.#tensor), this.#tile, headPayload);
      this.#stop = stopOf(headTag);
      this.#loaded = this.tileAt(this.#tensor, this.#tile, headPayload, this.#size);
      this.ask(this.#tensor, headPayload, this.#tile, this.#bytes);
    }
  }
}

/** The handle of tiles of this size in timing mode; in functional mode each tile gets its own. */
function sizeHandle({ pool }: Site, [rows, columns]: TileShape): number {
  return pool.functional ? 0 : pool.tile(rows, columns);
}

const addressOnly: readonly number[] = [0];
const addressAndTile: readonly number[] = [0, 1];
const acknowledgement: TileValue = scalar(1);

/** Stores the tiles of a stream, in order or by address; by address each is acknowledged. */
export class TimedStore extends MemoryUser {
  readonly #byAddress = this.site.inputs.length === 2;
  readonly #tile = storedTile(this.site.node, this.#byAddress ? 1 : 0);
  readonly #tensor = this.site.node.attributes.word("tensor");
  readonly #bytes = elementBytes(this.site.node.inputs.at(-1)!.element, this.site.options.bytesPerF32);
  #index = this.site.node.attributes.number("base");

  constructor(site: Site) {
    super(site, "write");
  }

  protected operands(): readonly number[] {
    return this.#byAddress ? addressAndTile : addressOnly;
  }

  protected step(): void {
    const { headPayload, headTag } = this.input(0);
    if (!this.waiting && !isBare(headTag)) {
      this.#put(this.#byAddress ? headPayload : this.#index++);
      return;
    }
    if (this.waiting) this.hear();
    if (this.#byAddress) {
      this.write(0, isBare(headTag) ? 0 : this.site.pool.hold(acknowledgement), headTag);
      this.free(1);
    }
    this.free(0);
  }

  #put(index: number): void {
    const { node, tensors, pool } = this.site;
    expectAddress(node, node.tensor(this.#tensor), this.#tile, index);
    const contents = tensors?.get(this.#tensor);
    const input = this.input(this.#byAddress ? 1 : 0);
    if (contents !== undefined) writeTile(contents, pool.contentOf(input.headPayload), index);
    this.ask(this.#tensor, index, this.#tile, this.#bytes);
  }
}
