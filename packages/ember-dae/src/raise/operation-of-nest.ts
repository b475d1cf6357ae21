/** The operation that a loop nest is, where it has the form of a bag: rows of ids between two offsets, combined by element. */
import type { Block, Op, Program, Value } from "../ir/op.ts";
import { asMemory } from "../ir/types.ts";
import type { IndexElement, Operation, TableElement } from "../operation/operation.ts";

/** An operation, and which argument of the program is which of its memories. */
export interface NestOperation {
  readonly operation: Operation & { readonly kind: "bag" };
  /** Places of arguments: the number of bags where it is an argument of its own. */
  readonly places: Readonly<Record<"ptr" | "idx" | "table" | "out", number>> & {
    readonly val: number | undefined;
    readonly bags: number | undefined;
  };
}

/** Recognises a nest; undefined if it is no bag in one of the semirings that kernels have. */
export function operationOfNest(program: Program): NestOperation | undefined {
  return new NestReader(program).read();
}

const reductions: Readonly<Record<string, "add" | "maximum" | "minimum">> = {
  "arith.addf": "add",
  "arith.maxf": "maximum",
  "arith.minf": "minimum",
};

class NestReader {
  readonly #program: Program;
  readonly #makers = new Map<Value, Op>();

  constructor(program: Program) {
    this.#program = program;
    this.#collect(program.body);
  }

  read(): NestOperation | undefined {
    const outer = this.#onlyLoop(this.#program.body);
    const middle = outer === undefined ? undefined : this.#onlyLoop(outer.regions[0] as Block);
    const inner = middle === undefined ? undefined : this.#onlyLoop(middle.regions[0] as Block);
    if (outer === undefined || middle === undefined || inner === undefined) return undefined;
    const [i, p, j] = [outer, middle, inner].map(({ regions }) => regions[0]?.args[0] as Value) as [
      Value,
      Value,
      Value,
    ];
    const ptr = this.#range(middle, i);
    const body = (inner.regions[0] as Block).ops;
    const store = body.find(({ name }) => name === "memref.store");
    const stores = this.#everyOp().filter(({ name }) => name === "memref.store");
    if (ptr === undefined || store === undefined || stores.length !== 1 || this.#constant(inner.operands[0]) !== 0)
      return undefined;
    const [value, out, ...at] = store.operands as [Value, Value, ...Value[]];
    const joined = this.#makers.get(value);
    const reduce = reductions[joined?.name ?? ""];
    if (joined === undefined || reduce === undefined || at.length !== 2 || at[0] !== i || at[1] !== j) return undefined;
    const held = this.#load(joined.operands[0]);
    if (held?.operands[0] !== out || held.operands[1] !== i || held.operands[2] !== j) return undefined;
    const row = this.#met(joined.operands[1] as Value, p, j);
    return row === undefined ? undefined : this.#operation({ ...row, outer, ptr, out, reduce });
  }

  #operation(found: {
    readonly outer: Op;
    readonly ptr: Value;
    readonly idx: Value;
    readonly table: Value;
    readonly val: Value | undefined;
    readonly out: Value;
    readonly weights: "none" | "multiply" | "add";
    readonly reduce: "add" | "maximum" | "minimum";
  }): NestOperation | undefined {
    const { args } = this.#program.body;
    const place = (value: Value) => args.indexOf(value);
    const element = (value: Value) => asMemory(value.type)?.element;
    const table = element(found.table) as TableElement;
    const index = element(found.idx) as IndexElement;
    const same = element(found.ptr) === index && element(found.out) === (table === "f64" ? "f64" : "f32");
    if (!same || this.#constant(found.outer.operands[0]) !== 0) return undefined;
    const { weights, reduce } = found;
    return {
      operation: { kind: "bag", weights, reduce, finish: "none", table, index },
      places: {
        ...{ ptr: place(found.ptr), idx: place(found.idx), table: place(found.table), out: place(found.out) },
        val: found.val === undefined ? undefined : place(found.val),
        bags: this.#argumentBehind(found.outer.operands[1]),
      },
    };
  }

  // `table[idx[p], j]`, alone or with `val[p]`.
  #met(value: Value, p: Value, j: Value) {
    const alone = this.#row(value, p, j);
    if (alone !== undefined) return { ...alone, val: undefined, weights: "none" as const };
    const combine = this.#makers.get(value);
    const weights = ({ "arith.mulf": "multiply", "arith.addf": "add" } as const)[combine?.name ?? ""];
    if (combine === undefined || weights === undefined) return undefined;
    for (const [left, right] of [combine.operands, [...combine.operands].reverse()] as [Value, Value][]) {
      const [weight, row] = [this.#load(left), this.#row(right, p, j)];
      if (row !== undefined && weight?.operands.length === 2 && weight.operands[1] === p)
        return { ...row, val: weight.operands[0] as Value, weights };
    }
    return undefined;
  }

  #row(value: Value, p: Value, j: Value): { table: Value; idx: Value } | undefined {
    const row = this.#load(value);
    const id = this.#load(row?.operands[1]);
    if (row?.operands.length !== 3 || row.operands[2] !== j || id?.operands[1] !== p || id.operands.length !== 2)
      return undefined;
    return { table: row.operands[0] as Value, idx: id.operands[0] as Value };
  }

  // A loop from `ptr[i]` to `ptr[i + 1]`.
  #range(loop: Op, i: Value): Value | undefined {
    const [from, to] = [this.#load(loop.operands[0]), this.#load(loop.operands[1])];
    const next = this.#makers.get(to?.operands[1] as Value);
    const follows = next?.name === "arith.addi" && next.operands[0] === i && this.#constant(next.operands[1]) === 1;
    return from?.operands[1] === i && follows && from.operands[0] === to?.operands[0] ? from.operands[0] : undefined;
  }

  /** The load that a value is, behind widening and casts. */
  #load(value: Value | undefined): Op | undefined {
    let op = value === undefined ? undefined : this.#makers.get(value);
    while (op !== undefined && /^arith\.(?:index_cast|extf|sitofp)$/.test(op.name))
      op = this.#makers.get(op.operands[0] as Value);
    return op?.name === "memref.load" ? op : undefined;
  }

  #argumentBehind(value: Value | undefined): number | undefined {
    const op = value === undefined ? undefined : this.#makers.get(value);
    if (op?.name === "arith.index_cast") return this.#argumentBehind(op.operands[0]);
    const place = this.#program.body.args.indexOf(value as Value);
    return place < 0 ? undefined : place;
  }

  #constant(value: Value | undefined): number | undefined {
    const op = value === undefined ? undefined : this.#makers.get(value);
    return op?.name === "arith.constant" ? Number(op.attributes.value) : undefined;
  }

  #onlyLoop(block: Block): Op | undefined {
    const [loop, ...others] = block.ops.filter(({ regions }) => regions.length > 0);
    const plain = loop?.name === "scf.for" && loop.operands.length === 3 && this.#constant(loop.operands[2]) === 1;
    return others.length === 0 && plain ? loop : undefined;
  }

  #everyOp(block: Block = this.#program.body): Op[] {
    return block.ops.flatMap((op) => [op, ...op.regions.flatMap((region) => this.#everyOp(region))]);
  }

  #collect(block: Block): void {
    for (const op of this.#everyOp(block)) for (const result of op.results) this.#makers.set(result, op);
  }
}
