/**
 * Innermost loops by vectors of `lanes` elements: streams along the last index become streams of vectors with a mask, and
 * the callback computes on vectors. No operation changes its order: a carried sum is added up lane by lane, first to last.
 */
import { arithmeticNames } from "../interpret/arithmetic.ts";
import {
  append,
  type Block,
  cloneProgram,
  makeBlock,
  makeOp,
  type Op,
  type Program,
  resultOf,
  type Value,
} from "../ir/op.ts";
import { asMemory, heldBy, streamOf, vectorOf } from "../ir/types.ts";
import { bodyOf, constantOf, eachLoop, isAccessLoop, replace } from "./loops.ts";

/** Vectorises every innermost loop for which that changes no result; the others stay as they are. */
export function vectorize(program: Program, lanes: number): Program {
  const copy = cloneProgram(program);
  eachLoop(copy, (loop, parent) => {
    if (bodyOf(loop).ops.some(isAccessLoop) || constantOf(copy, loop.operands[2] as Value) !== 1) return;
    const vector = new LoopVectorizer(loop, lanes).run();
    if (vector !== undefined) replace(parent, loop, [vector]);
  });
  return copy;
}

class LoopVectorizer {
  readonly #loop: Op;
  readonly #lanes: number;
  readonly #body: Block;
  /** Values of the old loop that became vectors. */
  readonly #vectors = new Map<Value, Value>();
  /** Values of the old loop that stay scalars, in their copies. */
  readonly #scalars = new Map<Value, Value>();

  constructor(loop: Op, lanes: number) {
    this.#loop = loop;
    this.#lanes = lanes;
    this.#body = makeBlock([streamOf(vectorOf(lanes, "index")), streamOf(vectorOf(lanes, "i1"))]);
    this.#vectors.set(bodyOf(loop).args[0] as Value, this.#body.args[0] as Value);
  }

  run(): Op | undefined {
    for (const op of bodyOf(this.#loop).ops) {
      const done = op.name === "slc.callback" ? this.#callback(op) : this.#stream(op);
      if (!done) return undefined;
    }
    const bounds = this.#loop.operands.slice(0, 2);
    return makeOp("slcv.for", bounds, { attributes: { lanes: this.#lanes }, regions: [this.#body] });
  }

  get #mask(): Value {
    return this.#body.args[1] as Value;
  }

  #stream(op: Op): boolean {
    if (op.name === "slc.store_stream") return this.#storeStream(op);
    const along = op.operands.filter((operand) => this.#vectors.has(operand));
    if (along.length === 0) {
      const copy = makeOp(
        op.name,
        op.operands.map((operand) => this.#scalars.get(operand) ?? operand),
        {
          results: op.results.map(({ type }) => type),
          attributes: op.attributes,
        },
      );
      this.#body.ops.push(copy);
      this.#scalars.set(resultOf(op), resultOf(copy));
      return true;
    }
    if (op.name !== "slc.mem_stream" || !this.#lastOnly(op)) return false;
    const operands = op.operands.map((operand) => this.#now(operand));
    const type = streamOf(vectorOf(this.#lanes, heldBy("stream", resultOf(op).type) ?? "index"));
    const result = append(this.#body, "slcv.mem_stream", [...operands, this.#mask], {
      type,
      attributes: op.attributes,
    });
    this.#vectors.set(resultOf(op), result);
    return true;
  }

  #storeStream(op: Op): boolean {
    const [value] = op.operands;
    if (value === undefined || !this.#vectors.has(value) || !this.#vectors.has(op.operands.at(-1) as Value))
      return false;
    if (op.operands.slice(1, -1).some((operand) => this.#vectors.has(operand))) return false;
    const operands = op.operands.map((operand) => this.#now(operand));
    this.#body.ops.push(makeOp("slcv.store_stream", [...operands, this.#mask]));
    return true;
  }

  // Only the last index of a load or a store moves along the loop.
  #lastOnly(op: Op): boolean {
    return op.operands.slice(0, -1).every((operand) => !this.#vectors.has(operand));
  }

  #now(value: Value): Value {
    return this.#vectors.get(value) ?? this.#scalars.get(value) ?? value;
  }

  #callback(op: Op): boolean {
    const block = makeBlock();
    const execute = new CallbackVectorizer(block, this.#vectors, this.#scalars, this.#lanes);
    const { ops } = op.regions[0] as Block;
    const mask = append(block, "slc.from_stream", [this.#mask], { type: vectorOf(this.#lanes, "i1") });
    if (!execute.run(ops, mask)) return false;
    this.#body.ops.push(makeOp("slc.callback", [], { regions: [block] }));
    return true;
  }
}

class CallbackVectorizer {
  readonly #block: Block;
  readonly #vectors: Map<Value, Value>;
  readonly #scalars: Map<Value, Value>;
  readonly #lanes: number;
  #ops: readonly Op[] = [];

  constructor(block: Block, vectors: Map<Value, Value>, scalars: Map<Value, Value>, lanes: number) {
    this.#block = block;
    this.#vectors = vectors;
    this.#scalars = scalars;
    this.#lanes = lanes;
  }

  run(ops: readonly Op[], mask: Value): boolean {
    this.#ops = ops;
    const stored = new Map(
      ops.filter(({ name }) => name === "memref.store").map((op) => [op.operands[1], op] as const),
    );
    return ops.every((op) => {
      const along = op.operands.some((operand) => this.#vectors.has(operand));
      if (op.name === "memref.store") return this.#store(op, mask);
      if (op.name === "memref.load") return this.#load(op, mask, stored.get(op.operands[0]));
      if (op.name === "slc.set") return this.#set(op);
      if (!along) return this.#plain(op);
      if (op.name === "slc.from_stream") return this.#head(op);
      return arithmeticNames.has(op.name) && (this.#reduction(op, mask) || this.#lanewise(op));
    });
  }

  #emit(name: string, operands: readonly Value[], type: string, attributes: Op["attributes"] = {}): Value {
    return append(this.#block, name, operands, { type, attributes });
  }

  #plain(op: Op): boolean {
    if (op.regions.length > 0) return false;
    const copy = makeOp(
      op.name,
      op.operands.map((operand) => this.#scalars.get(operand) ?? operand),
      {
        results: op.results.map(({ type }) => type),
        attributes: op.attributes,
      },
    );
    this.#block.ops.push(copy);
    for (const [place, result] of op.results.entries()) this.#scalars.set(result, copy.results[place] as Value);
    return true;
  }

  #head(op: Op): boolean {
    const stream = this.#vectors.get(op.operands[0] as Value) as Value;
    this.#vectors.set(resultOf(op), this.#emit("slc.from_stream", [stream], heldBy("stream", stream.type) as string));
    return true;
  }

  #lanewise(op: Op): boolean {
    const operands = op.operands.map((operand) => this.#wide(operand));
    const type = vectorOf(this.#lanes, resultOf(op).type);
    this.#vectors.set(resultOf(op), this.#emit(op.name, operands, type, op.attributes));
    return true;
  }

  #wide(value: Value): Value {
    const vector = this.#vectors.get(value);
    if (vector !== undefined) return vector;
    return this.#emit("slcv.broadcast", [this.#scalars.get(value) ?? value], vectorOf(this.#lanes, value.type));
  }

  // A carried value that meets a vector, and is carried on: `set(get() op x)`.
  #reduction(op: Op, mask: Value): boolean {
    const [held, lane] = op.operands;
    const source = this.#ops.find(({ results }) => results[0] === held);
    const sink = this.#ops.find(({ name, operands }) => name === "slc.set" && operands[0] === resultOf(op));
    if (source?.name !== "slc.get" || sink?.operands[1] !== source.operands[0] || lane === undefined) return false;
    const vector = this.#vectors.get(lane);
    if (vector === undefined) return false;
    const start = this.#scalars.get(held as Value) ?? (held as Value);
    const attributes = { operator: op.name };
    const operands = [start, vector, mask];
    this.#scalars.set(resultOf(op), this.#emit("slcv.ordered_reduction", operands, resultOf(op).type, attributes));
    return true;
  }

  #set(op: Op): boolean {
    const [value, variable] = op.operands as [Value, Value];
    if (this.#vectors.has(value)) return false;
    this.#block.ops.push(makeOp("slc.set", [this.#scalars.get(value) ?? value, variable]));
    return true;
  }

  #load(op: Op, mask: Value, store: Op | undefined): boolean {
    const indices = op.operands.slice(1);
    // Where the same memory is stored to, lanes may only meet the elements that they store themselves.
    const same = store === undefined || store.operands.slice(2).every((index, axis) => index === indices[axis]);
    const last = indices.at(-1);
    if (!same || indices.slice(0, -1).some((index) => this.#vectors.has(index))) return false;
    if (last === undefined || !this.#vectors.has(last)) return store === undefined && this.#plain(op);
    const operands = [op.operands[0] as Value, ...indices.map((index) => this.#now(index)), mask];
    const type = vectorOf(this.#lanes, asMemory((op.operands[0] as Value).type)?.element ?? "index");
    this.#vectors.set(resultOf(op), this.#emit("slcv.load", operands, type, op.attributes));
    return true;
  }

  #store(op: Op, mask: Value): boolean {
    const [value, memory, ...indices] = op.operands as [Value, Value, ...Value[]];
    const last = indices.at(-1);
    if (last === undefined || !this.#vectors.has(last)) return false;
    if (indices.slice(0, -1).some((index) => this.#vectors.has(index))) return false;
    const wide = this.#wide(value);
    const operands = [wide, memory, ...indices.map((index) => this.#now(index)), mask];
    this.#block.ops.push(makeOp("slcv.store", operands));
    return true;
  }

  #now(value: Value): Value {
    return this.#vectors.get(value) ?? this.#scalars.get(value) ?? value;
  }
}
