/**
 * From structured programs to two units and their queues: each loop becomes a traversal unit, each callback a case of the
 * execute unit, entered by a token.
 *
 * A callback before an inner loop is the `beg` event of that loop's unit, behind it the `end` event (both fire for loops
 * without turns), in an innermost loop the `ite` event. What a callback reads is pushed at its event in the order of its
 * pops; if it also takes vectors out of a buffer, what it reads before them is pushed at `beg`, ahead of the vectors.
 */
import { type Block, cloneOp, makeBlock, makeOp, type Op, type Program, resultOf, type Value, walk } from "../ir/op.ts";
import { bodyOf, isAccessLoop } from "./loops.ts";

/** Lowers a program of the SLC or SLCV level. */
export function lowerToDlc(program: Program): Program {
  const body = makeBlock(program.body.args.map(({ type }) => type));
  const map = new Map(program.body.args.map((arg, place) => [arg, body.args[place] as Value] as const));
  const { ops } = program.body;
  for (const [at, op] of ops.entries()) {
    if (isAccessLoop(op)) {
      const behind = ops[at + 1];
      const late = behind !== undefined && takesBuffers(behind) ? behind : undefined;
      body.ops.push(...new Lowering(map).machine(op, late));
    } else if (op.name === "slc.callback") {
      if (!takesBuffers(op)) for (const inner of (op.regions[0] as Block).ops) body.ops.push(cloneOp(inner, map));
    } else if (op.name !== "slcv.buffer") body.ops.push(cloneOp(op, map));
  }
  return { name: program.name, body };
}

function takesBuffers(op: Op): boolean {
  return (
    op.name === "slc.callback" && [...walk(op.regions[0] as Block)].some(({ name }) => name === "slcv.from_buffer")
  );
}

type Event = "beg" | "ite" | "end";

class Lowering {
  readonly #map: Map<Value, Value>;
  readonly #access = makeBlock();
  readonly #cases: Block[] = [];

  constructor(map: ReadonlyMap<Value, Value>) {
    this.#map = new Map(map);
  }

  machine(loop: Op, late: Op | undefined): Op[] {
    const unit = this.#loop(loop, undefined);
    if (late !== undefined) this.#callback(late, unit, "end");
    return [makeOp("dlc.access", [], { regions: [this.#access] }), makeOp("dlc.execute", [], { regions: this.#cases })];
  }

  #now(value: Value): Value {
    return this.#map.get(value) ?? value;
  }

  #loop(loop: Op, parent: Value | undefined): Value {
    const operands = loop.operands.map((operand) => this.#now(operand));
    const attributes = loop.name === "slcv.for" ? { lanes: loop.attributes.lanes as number } : {};
    const op = makeOp("dlc.tu", [...operands, ...(parent === undefined ? [] : [parent])], {
      results: ["!dlc.tu"],
      attributes,
    });
    const unit = resultOf(op);
    this.#access.ops.push(op);
    for (const [place, arg] of bodyOf(loop).args.entries()) {
      const head = makeOp(place === 0 ? "dlc.induction" : "dlc.mask", [unit], { results: [arg.type] });
      this.#access.ops.push(head);
      this.#map.set(arg, resultOf(head));
    }
    this.#body(bodyOf(loop), unit);
    return unit;
  }

  #body(block: Block, unit: Value): void {
    const innermost = !block.ops.some(isAccessLoop);
    let last: Value | undefined;
    for (const [at, op] of block.ops.entries()) {
      if (isAccessLoop(op)) {
        const before = this.#waiting(block, at);
        last = this.#loop(op, unit);
        // Entries of one unit keep their order: what fires at its begin was written before the loop.
        if (before !== undefined) this.#callback(before, last, "beg");
      } else if (op.name === "slc.callback") {
        if (innermost) this.#callback(op, unit, "ite");
        else if (last !== undefined) this.#callback(op, last, "end");
      } else if (op.name === "slcv.to_buffer") this.#push(unit, this.#now(op.operands[0] as Value), "ite");
      else if (op.name !== "slcv.buffer") this.#stream(op, unit);
    }
  }

  // A callback that stands before the first inner loop; later ones belong to the loop that they follow.
  #waiting(block: Block, at: number): Op | undefined {
    const before = block.ops.slice(0, at);
    return before.some(isAccessLoop) ? undefined : before.find(({ name }) => name === "slc.callback");
  }

  // Streams and stores belong to the unit in whose loop they stand.
  #stream(op: Op, unit: Value): void {
    const copy = cloneOp(op, this.#map);
    this.#access.ops.push({ ...copy, operands: [...copy.operands, unit] });
  }

  #push(unit: Value, stream: Value, event: Event): void {
    this.#access.ops.push(makeOp("dlc.push", [unit, stream], { attributes: { event } }));
  }

  #callback(op: Op, unit: Value, event: Event): void {
    const { ops } = op.regions[0] as Block;
    const fromBuffers = ops.findIndex((inner) => inner.regions.some((region) => [...walk(region)].some(isTake)));
    for (const [at, inner] of ops.entries()) {
      if (inner.name !== "slc.from_stream") continue;
      this.#push(unit, this.#now(inner.operands[0] as Value), at < fromBuffers ? "beg" : event);
    }
    const entry = makeBlock();
    for (const inner of ops) entry.ops.push(popped(cloneOp(inner, this.#map)));
    this.#access.ops.push(makeOp("dlc.token", [unit], { attributes: { event, id: this.#cases.length } }));
    this.#cases.push(entry);
  }
}

function isTake({ name }: Op): boolean {
  return name === "slcv.from_buffer";
}

function popped(op: Op): Op {
  if (op.name === "slc.from_stream" || isTake(op)) return { ...op, name: "dlc.pop", operands: [], attributes: {} };
  for (const region of op.regions) for (const [at, inner] of region.ops.entries()) region.ops[at] = popped(inner);
  return op;
}
