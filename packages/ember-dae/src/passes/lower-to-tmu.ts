/**
 * From DLC to a configuration of a tensor marshaling unit: each loop takes a layer, each lane of it a traversal unit, and
 * what a layer reads of an outer one is forwarded to it. Streams of a lane share its storage in equal queues.
 *
 * Layers are given out in the order of the loops; sibling loops take one each, since both stay configured. A scalar layer
 * whose loop feeds a vector loop broadcasts, a vector layer runs its lanes in lockstep.
 *
 * Source of the mechanisms and of the sizes: the Tensor Marshaling Unit, MICRO 2023, as far as they are known here; streams
 * that store are an addition.
 */
import { EmberError } from "../errors.ts";
import { type Block, cloneOp, makeBlock, makeOp, type Op, type Program, resultOf, type Value } from "../ir/op.ts";
import { asVector, heldBy } from "../ir/types.ts";

/** What a unit has. */
export interface TmuSize {
  readonly layers: number;
  readonly lanes: number;
  /** Bytes for the streams of a lane. */
  readonly storageBytes: number;
}

/** The unit of the publication. */
export const publishedTmu: TmuSize = { layers: 4, lanes: 8, storageBytes: 2048 };

/** Names at this level, by those of DLC. */
const names: Readonly<Record<string, string>> = {
  "dlc.induction": "tmu.set_ite_str",
  "dlc.mask": "tmu.set_msk_str",
  "slc.mem_stream": "tmu.set_mem_str",
  "slcv.mem_stream": "tmu.set_mem_str",
  "slc.alu_stream": "tmu.set_alu_str",
  "slcv.alu_stream": "tmu.set_alu_str",
  "slc.store_stream": "tmu.set_store_str",
  "slcv.store_stream": "tmu.set_store_str",
  "dlc.push": "tmu.set_operand",
  "dlc.token": "tmu.set_control_token",
};

/**
 * Lowers a program of the DLC level.
 *
 * @throws {EmberError} `machine` where the unit has too few layers or lanes, or too little storage
 */
export function lowerToTmu(program: Program, size: TmuSize = publishedTmu): Program {
  const body = makeBlock(program.body.args.map(({ type }) => type));
  const map = new Map(program.body.args.map((arg, place) => [arg, body.args[place] as Value] as const));
  for (const op of program.body.ops) {
    if (op.name === "dlc.access") body.ops.push(configure(op.regions[0] as Block, map, size));
    else if (op.name === "dlc.execute") body.ops.push({ ...cloneOp(op, map), name: "tmu.execute" });
    else body.ops.push(cloneOp(op, map));
  }
  return { name: program.name, body };
}

function configure(access: Block, outer: ReadonlyMap<Value, Value>, size: TmuSize): Op {
  const units = access.ops.filter(({ name }) => name === "dlc.tu");
  const lanes = Math.max(1, ...units.map(({ attributes }) => Number(attributes.lanes ?? 1)));
  const wanted = (what: string, needed: number, held: number, help: string) => {
    if (needed > held)
      throw new EmberError("machine", `the program needs ${needed} ${what} of a unit with ${held}`, { help });
  };
  wanted("layers", units.length, size.layers, "there is one for each loop; take fewer loops, or a larger unit");
  wanted("lanes", lanes, size.lanes, "compile for vectors of at most as many elements");
  const block = makeBlock();
  const configuration = new Configuration(block, new Map(outer), units);
  for (const op of access.ops) configuration.add(op);
  const bytes = block.ops.reduce((sum, op) => sum + laneBytes(op), 0);
  const entries = Math.floor(size.storageBytes / Math.max(1, bytes));
  // A stream that is read while it is filled needs room for two.
  if (entries < 2)
    wanted("bytes of storage a lane", 2 * bytes, size.storageBytes, "take fewer streams, or more storage");
  const attributes = { layers: units.length, lanes, entries, storage: size.storageBytes };
  return makeOp("tmu.configure", [], { regions: [block], attributes });
}

// What one turn of a stream takes in the storage of a lane.
function laneBytes(op: Op): number {
  const held = op.results[0] === undefined ? undefined : heldBy("stream", op.results[0].type);
  if (held === undefined) return 0;
  const element = asVector(held)?.element ?? held;
  if (element === "i1" || element === "i8") return 1;
  if (element === "f16" || element === "bf16") return 2;
  return element === "f32" || element === "i32" ? 4 : 8;
}

class Configuration {
  readonly #block: Block;
  readonly #map: Map<Value, Value>;
  readonly #layers = new Map<Value, number>();
  readonly #vectorParents: ReadonlySet<Value | undefined>;
  /** The unit to which each stream belongs. */
  readonly #owners = new Map<Value, Value>();
  readonly #forwarded = new Map<string, Value>();

  constructor(block: Block, map: Map<Value, Value>, units: readonly Op[]) {
    this.#block = block;
    this.#map = map;
    const known = new Set(units.map(resultOf));
    const parentOf = ({ operands }: Op) => operands.find((operand) => known.has(operand));
    this.#vectorParents = new Set(units.filter(({ attributes }) => attributes.lanes !== undefined).map(parentOf));
  }

  add(op: Op): void {
    if (op.name === "dlc.tu") this.#unit(op);
    else if (op.name === "dlc.push" || op.name === "dlc.token" || op.operands.length === 1)
      this.#part(op, op.operands[0]);
    else this.#part(op, op.operands.at(-1));
  }

  #unit(op: Op): void {
    const layer = this.#layers.size;
    const unit = resultOf(op);
    this.#layers.set(unit, layer);
    const dense = op.operands.every(({ type }) => heldBy("stream", type) === undefined);
    const copy = cloneOp(op, this.#map);
    const attributes = { ...op.attributes, layer };
    this.#block.ops.push({ ...copy, attributes, name: dense ? "tmu.set_dns_tu" : "tmu.set_rng_tu" });
    const vector = op.attributes.lanes !== undefined;
    const kind = vector ? "lockstep" : this.#vectorParents.has(unit) ? "bcast" : "single";
    this.#block.ops.push(makeOp(`tmu.set_${kind}_layer`, [resultOf(copy)], { attributes: { layer } }));
  }

  #part(op: Op, unit: Value | undefined): void {
    if (unit === undefined) return;
    const map = new Map(this.#map);
    for (const operand of op.operands) {
      const owner = this.#owners.get(operand);
      if (owner !== undefined && owner !== unit) map.set(operand, this.#forward(operand, unit));
    }
    const copy = cloneOp(op, map);
    for (const [place, result] of op.results.entries()) {
      this.#map.set(result, copy.results[place] as Value);
      this.#owners.set(result, unit);
    }
    this.#block.ops.push({ ...copy, name: names[op.name] ?? op.name });
  }

  #forward(stream: Value, unit: Value): Value {
    const from = this.#map.get(stream) as Value;
    const key = `${this.#layers.get(unit)} ${[...this.#owners.keys()].indexOf(stream)}`;
    const known = this.#forwarded.get(key);
    if (known !== undefined) return known;
    const op = makeOp("tmu.set_fwd_str", [from, this.#map.get(unit) as Value], { results: [from.type] });
    this.#block.ops.push(op);
    this.#forwarded.set(key, resultOf(op));
    return resultOf(op);
  }
}
