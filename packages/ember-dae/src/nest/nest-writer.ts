/** Writes loop nests at the SCF level. */
import { append, type Block, makeBlock, makeOp, type Program, type Value } from "../ir/op.ts";
import { asMemory, type Element, type IrType, memoryOf } from "../ir/types.ts";

/** A program that is being written; operations go to the innermost open block. */
export class NestWriter {
  readonly #body: Block;
  #block: Block;
  readonly #constants = new Map<string, Value>();

  constructor(args: readonly { readonly rank: number; readonly element: Element }[]) {
    this.#body = makeBlock(args.map(({ rank, element }) => memoryOf(rank, element)));
    this.#block = this.#body;
  }

  /** The memory that is argument number `place`. */
  arg(place: number): Value {
    return this.#body.args[place] as Value;
  }

  /** A constant, at the start of the function; equal ones are the same value. */
  constant(value: number, type: IrType): Value {
    const key = `${Object.is(value, -0) ? "-0" : value}:${type}`;
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const op = makeOp("arith.constant", [], { results: [type], attributes: { value } });
    this.#body.ops.splice(this.#constants.size, 0, op);
    const result = op.results[0] as Value;
    this.#constants.set(key, result);
    return result;
  }

  /** Extent of a memory. */
  extent(memory: Value, dimension: number): Value {
    return append(this.#block, "memref.dim", [memory, this.constant(dimension, "index")], { type: "index" });
  }

  /** A binary or unary operation whose result has the type of its first operand, unless given. */
  op(name: string, operands: readonly Value[], type?: IrType, attributes: Record<string, number | string> = {}): Value {
    return append(this.#block, name, operands, { type: type ?? (operands[0] as Value).type, attributes });
  }

  /** Reads an element; ids become `index`. */
  load(memory: Value, indices: readonly Value[]): Value {
    const element = asMemory(memory.type)?.element ?? "index";
    return append(this.#block, "memref.load", [memory, ...indices], { type: element });
  }

  /** Reads a row id or an offset as an `index`. */
  loadIndex(memory: Value, indices: readonly Value[]): Value {
    const loaded = this.load(memory, indices);
    return loaded.type === "index" ? loaded : this.op("arith.index_cast", [loaded], "index");
  }

  /** Reads a number and widens it to the type that is computed in. */
  loadFloat(memory: Value, indices: readonly Value[], type: "f32" | "f64"): Value {
    const loaded = this.load(memory, indices);
    if (loaded.type === type) return loaded;
    return this.op(loaded.type === "i8" ? "arith.sitofp" : "arith.extf", [loaded], type);
  }

  store(value: Value, memory: Value, indices: readonly Value[]): void {
    this.#block.ops.push(makeOp("memref.store", [value, memory, ...indices]));
  }

  /** A loop from `from` up to `to`; with `carried`, the body takes and gives values that go from one turn to the next. */
  for(
    from: Value,
    to: Value,
    body: (index: Value, carried: readonly Value[]) => readonly Value[] | undefined,
    carried: readonly Value[] = [],
  ): readonly Value[] {
    const types = carried.map(({ type }) => type);
    const region = makeBlock(["index", ...types]);
    const outer = this.#block;
    const step = this.constant(1, "index");
    this.#block = region;
    const given = body(region.args[0] as Value, region.args.slice(1)) ?? [];
    region.ops.push(makeOp("scf.yield", given));
    this.#block = outer;
    const op = makeOp("scf.for", [from, to, step, ...carried], { results: types, regions: [region] });
    outer.ops.push(op);
    return op.results;
  }

  finish(name: string): Program {
    this.#body.ops.push(makeOp("func.return", []));
    return { name, body: this.#body };
  }
}
