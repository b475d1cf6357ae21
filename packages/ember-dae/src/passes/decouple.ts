/**
 * From SCF to SLC: what only reads and computes addresses becomes streams of the access unit, the rest becomes callbacks
 * of the execute unit between and inside the loops.
 *
 * A load is read-only if nothing stores to its memory; memories of different arguments do not overlap. A loop is offloaded
 * if its bounds are known to the access unit and a read-only load lies in it. Sibling loops are taken one after the
 * other. A value that one callback computes for another, or that a loop carries, lives in a variable of the execute unit.
 */
import {
  append,
  type Block,
  cloneOp,
  makeBlock,
  makeOp,
  type Op,
  operandAt,
  type Program,
  resultOf,
  type Value,
  walk,
} from "../ir/op.ts";
import { streamOf } from "../ir/types.ts";

/** Separates access from execution. */
export function decouple(program: Program): Program {
  const body = makeBlock(program.body.args.map(({ type }) => type));
  const written = new Set(
    [...walk(program.body)].filter(({ name }) => name === "memref.store").map((op) => op.operands[1]),
  );
  const decoupler = new Decoupler(body, written);
  for (const [place, arg] of program.body.args.entries()) decoupler.known(arg, body.args[place] as Value);
  decoupler.functionBody(program.body);
  return { name: program.name, body };
}

type Place =
  | { readonly kind: "known"; readonly value: Value }
  | { readonly kind: "stream"; readonly value: Value }
  | { readonly kind: "computed"; readonly value: Value; readonly callback: Callback }
  | { readonly kind: "variable"; readonly value: Value };

/** Execute-unit code that is being collected: heads of streams are read at its front, once each. */
interface Callback {
  readonly block: Block;
  readonly heads: Map<Value, Value>;
}

const address: Readonly<Record<string, string>> = {
  "arith.addi": "addi",
  "arith.subi": "subi",
  "arith.muli": "muli",
  "arith.index_cast": "index_cast",
};

class Decoupler {
  readonly #places = new Map<Value, Place>();
  readonly #body: Block;
  readonly #written: ReadonlySet<Value | undefined>;
  #variables = 0;

  constructor(body: Block, written: ReadonlySet<Value | undefined>) {
    this.#body = body;
    this.#written = written;
  }

  known(from: Value, to: Value): void {
    this.#places.set(from, { kind: "known", value: to });
  }

  functionBody(block: Block): void {
    // Outside of loops both units see a value, unless it was read from memory that is written.
    let callback: Callback | undefined;
    const flush = () => {
      this.#close(callback, this.#body);
      callback = undefined;
    };
    for (const op of block.ops) {
      const pure = op.regions.length === 0 && op.name !== "memref.store" && op.name !== "func.return";
      if (this.#offloaded(op)) {
        callback = this.#loopEntry(op, callback);
        flush();
        this.#loop(op, this.#body);
      } else if (op.name === "func.return") {
        flush();
        this.#body.ops.push(makeOp("func.return", []));
      } else if (pure && this.#allKnown(op) && !this.#readsWritten(op)) {
        const map = new Map(op.operands.map((operand) => [operand, this.#known(operand)] as const));
        const copy = cloneOp(op, map);
        this.#body.ops.push(copy);
        for (const [place, result] of op.results.entries()) this.known(result, copy.results[place] as Value);
      } else callback = this.#execute(op, callback);
    }
  }

  #loop(op: Op, parent: Block): void {
    const region = op.regions[0] as Block;
    const inner = makeBlock([streamOf("index")]);
    this.#places.set(region.args[0] as Value, { kind: "stream", value: inner.args[0] as Value });
    const bounds = op.operands.slice(0, 3).map((operand) => this.#accessible(operand));
    let callback: Callback | undefined;
    for (const step of region.ops) {
      if (step.name === "scf.yield") callback = this.#carry(op, step, callback);
      else if (this.#offloaded(step)) {
        callback = this.#loopEntry(step, callback);
        this.#close(callback, inner);
        callback = undefined;
        this.#loop(step, inner);
      } else if (this.#isStream(step)) this.#stream(step, inner);
      else callback = this.#execute(step, callback);
    }
    this.#close(callback, inner);
    parent.ops.push(makeOp("slc.for", bounds, { regions: [inner] }));
  }

  // What the loop carries starts in variables; inside and after it, reading it is reading them.
  #loopEntry(op: Op, callback: Callback | undefined): Callback | undefined {
    const region = op.regions[0] as Block;
    let current = callback;
    for (const [place, initial] of op.operands.slice(3).entries()) {
      const variable = this.#variable(initial.type);
      current ??= newCallback();
      current.block.ops.push(makeOp("slc.set", [this.#executed(initial, current), variable]));
      this.#places.set(region.args[place + 1] as Value, { kind: "variable", value: variable });
      this.#places.set(op.results[place] as Value, { kind: "variable", value: variable });
    }
    return current;
  }

  #carry(op: Op, step: Op, callback: Callback | undefined): Callback | undefined {
    if (step.operands.length === 0) return callback;
    const current = callback ?? newCallback();
    const values = step.operands.map((operand) => this.#executed(operand, current));
    for (const [place, value] of values.entries()) {
      const variable = this.#places.get(op.results[place] as Value) as Place;
      current.block.ops.push(makeOp("slc.set", [value, variable.value]));
    }
    return current;
  }

  #isStream(op: Op): boolean {
    const reads = op.name === "memref.load" && !this.#written.has(operandAt(op, 0));
    if (!reads && address[op.name] === undefined) return false;
    return op.operands.every((operand) => {
      const place = this.#places.get(operand)?.kind;
      return place === "known" || place === "stream";
    });
  }

  #stream(op: Op, block: Block): void {
    const operands = op.operands.map((operand) => (this.#places.get(operand) as Place).value);
    const type = streamOf(resultOf(op).type);
    const operator = address[op.name];
    const hint = op.attributes.nontemporal === true ? { nontemporal: true } : {};
    const value =
      operator === undefined
        ? append(block, "slc.mem_stream", operands, { type, attributes: hint })
        : append(block, "slc.alu_stream", operands, { type, attributes: { operator } });
    this.#places.set(resultOf(op), { kind: "stream", value });
  }

  #execute(op: Op, callback: Callback | undefined): Callback {
    const current = callback ?? newCallback();
    const map = new Map<Value, Value>();
    for (const operand of outerOperands(op)) map.set(operand, this.#executed(operand, current));
    const copy = cloneOp(op, map);
    current.block.ops.push(copy);
    for (const [place, result] of op.results.entries())
      this.#places.set(result, { kind: "computed", value: copy.results[place] as Value, callback: current });
    return current;
  }

  /** A value as code of a callback sees it. */
  #executed(value: Value, callback: Callback): Value {
    const place = this.#places.get(value) as Place;
    if (place.kind === "known") return place.value;
    if (place.kind === "computed" && place.callback === callback) return place.value;
    if (place.kind === "stream") {
      const known = callback.heads.get(place.value);
      if (known !== undefined) return known;
      const op = makeOp("slc.from_stream", [place.value], { results: [value.type] });
      callback.block.ops.splice(callback.heads.size, 0, op);
      callback.heads.set(place.value, resultOf(op));
      return resultOf(op);
    }
    const variable = place.kind === "computed" ? this.#shared(value, place) : place.value;
    return append(callback.block, "slc.get", [variable], { type: value.type });
  }

  #shared(value: Value, place: Place & { kind: "computed" }): Value {
    const variable = this.#variable(value.type);
    place.callback.block.ops.push(makeOp("slc.set", [place.value, variable]));
    this.#places.set(value, { kind: "variable", value: variable });
    return variable;
  }

  #variable(type: string): Value {
    const zero = makeOp("arith.constant", [], { results: [type], attributes: { value: 0 } });
    const op = makeOp("slc.variable", [resultOf(zero)], { results: [`!slc.variable<${type}>`] });
    this.#body.ops.splice(this.#variables, 0, zero, op);
    this.#variables += 2;
    return resultOf(op);
  }

  #accessible(value: Value): Value {
    return (this.#places.get(value) as Place).value;
  }

  #known(value: Value): Value {
    return (this.#places.get(value) as Place).value;
  }

  #allKnown(op: Op): boolean {
    return op.operands.every((operand) => this.#places.get(operand)?.kind === "known");
  }

  #readsWritten(op: Op): boolean {
    return op.name === "memref.load" && this.#written.has(operandAt(op, 0));
  }

  #offloaded(op: Op): boolean {
    if (op.name !== "scf.for") return false;
    const bounds = op.operands.slice(0, 3).every((operand) => {
      const kind = this.#places.get(operand)?.kind;
      return kind === "known" || kind === "stream";
    });
    const reads = [...walk(op.regions[0] as Block)].some(
      (inner) => inner.name === "memref.load" && !this.#written.has(operandAt(inner, 0)),
    );
    return bounds && reads;
  }

  #close(callback: Callback | undefined, block: Block): void {
    if (callback !== undefined) block.ops.push(makeOp("slc.callback", [], { regions: [callback.block] }));
  }
}

function newCallback(): Callback {
  return { block: makeBlock(), heads: new Map() };
}

// Operands of an operation and of what is nested in it, without values that are defined inside.
function outerOperands(op: Op): Set<Value> {
  const inner = new Set<Value>();
  const used = new Set(op.operands);
  for (const region of op.regions) {
    for (const arg of region.args) inner.add(arg);
    for (const nested of walk(region)) {
      for (const operand of nested.operands) used.add(operand);
      for (const result of nested.results) inner.add(result);
      for (const deeper of nested.regions) for (const arg of deeper.args) inner.add(arg);
    }
  }
  for (const value of inner) used.delete(value);
  return used;
}
