/**
 * The DLC level as the published compiler prints it: an access engine of traversal units, and a loop over cases.
 *
 * What that syntax leaves unsaid is taken to be so: a unit whose bounds are constants stands in the unit above it; a unit
 * that goes on by more than one element reads vectors of as many; a stream belongs to the innermost unit that it depends on;
 * pushes of one event come in the order of their lines; and there is one counter.
 */
import { append, type Block, makeBlock, makeOp, type Op, type Value } from "../op.ts";
import type { TextCursor } from "../text-cursor.ts";
import { vectorOf } from "../types.ts";
import { type Meaning, type Place, readValue } from "./place.ts";

/** What decoupled programs are read with. */
export interface DecoupledReading {
  readonly cursor: TextCursor;
  /** What is known of constants. */
  readonly constants: ReadonlyMap<Value, number>;
  /** Reads one statement into a place. */
  statement(place: Place): void;
}

interface Unit {
  readonly value: Value;
  readonly depth: number;
  readonly lanes: number | undefined;
  readonly mask: Value | undefined;
}

/** The access engine that was read last, whose tokens wait for the cases that they name. */
export class DecoupledReader {
  readonly #reading: DecoupledReading;
  readonly #owners = new Map<Value, Unit>();
  readonly #tokens: { readonly at: number; readonly unit: Value; readonly event: string; readonly id: number }[] = [];
  #block: Block = makeBlock();

  constructor(reading: DecoupledReading) {
    this.#reading = reading;
  }

  /** Reads `{ … } : types`, behind the name of the operation. */
  access(place: Place): void {
    const { cursor } = this.#reading;
    this.#block = makeBlock();
    let last: Unit | undefined;
    cursor.expect("{");
    while (!cursor.accept("}")) {
      const start = cursor.skip();
      const inner: Place = { ...place, block: this.#block, mask: last?.mask, depth: place.depth + 1 };
      const name = cursor.match(/%[\w$.-]+(?=\s*=\s*dlc\.)/y);
      if (name !== undefined) cursor.expect("=");
      const word = cursor.match(/dlc\.\w+/y);
      if (word === "dlc.new_tu") {
        last = this.#unit(inner, last);
        place.names.set(name ?? "", last.value);
      } else if (word === "dlc.get_ind_var") place.names.set(name ?? "", this.#induction(inner));
      else if (word === "dlc.register_operand") this.#push(inner);
      else if (word === "dlc.register_callback") this.#token(inner);
      else if (word !== undefined) cursor.fail(`${word} has no place in an access engine`, start);
      else this.#stream(inner);
    }
    cursor.expect(":");
    while (cursor.match(/index\b(?!\w)/y) !== undefined) cursor.accept(",");
    place.block.ops.push(makeOp("dlc.access", [], { regions: [this.#block] }));
  }

  /** Reads `-> types case k { … } …`, behind the name of the operation. */
  execute(place: Place): Meaning {
    const { cursor } = this.#reading;
    const start = cursor.skip();
    if (place.block.ops.at(-1)?.name !== "dlc.access")
      cursor.fail("the loop over cases follows the access engine whose tokens it takes", start);
    if (cursor.accept("->"))
      do cursor.type();
      while (cursor.accept(","));
    const head = makeBlock();
    const zero = append(head, "arith.constant", [], { type: "index", attributes: { value: 0 } });
    const one = append(head, "arith.constant", [], { type: "index", attributes: { value: 1 } });
    const variable = append(head, "slc.variable", [zero], { type: "!slc.variable<index>" });
    place.block.ops.splice(place.block.ops.length - 1, 0, ...head.ops);
    const cases = new Map<number, Block>();
    while (cursor.match(/case\b/y) !== undefined) {
      const id = Number(cursor.match(/\d+/y) ?? cursor.fail("expected the number of a case"));
      if (cases.has(id)) cursor.fail(`case ${id} stands here twice`);
      cases.set(id, this.#case(place, { variable, one }));
    }
    this.#placeTokens([...cases.keys()], start);
    place.block.ops.push(makeOp("dlc.execute", [], { regions: [...cases.values()] }));
    return { variable };
  }

  #unit(place: Place, above: Unit | undefined): Unit {
    const { cursor, constants } = this.#reading;
    const from = readValue(cursor, place);
    cursor.expect("to");
    const to = readValue(cursor, place);
    cursor.expect("step");
    const step = readValue(cursor, place);
    cursor.expect(":");
    cursor.type();
    cursor.expect("into");
    cursor.type();
    const parent = this.#ownerOf([from, to, step]) ?? above;
    const by = constants.get(step) ?? 1;
    const lanes = by > 1 ? by : undefined;
    const bounds = lanes === undefined ? [from, to, step] : [from, to];
    const value = append(place.block, "dlc.tu", parent === undefined ? bounds : [...bounds, parent.value], {
      ...{ type: "!dlc.tu", attributes: lanes === undefined ? {} : { lanes } },
    });
    const mask =
      lanes === undefined
        ? undefined
        : append(place.block, "dlc.mask", [value], { type: `!slc.stream<${vectorOf(lanes, "i1")}>` });
    const unit = { value, lanes, mask, depth: (parent?.depth ?? 0) + 1 };
    this.#owners.set(value, unit);
    return unit;
  }

  #induction(place: Place): Value {
    const { cursor } = this.#reading;
    const unit = this.#readUnit(place);
    cursor.expect(":");
    cursor.type();
    const type = `!slc.stream<${unit.lanes === undefined ? "index" : vectorOf(unit.lanes, "index")}>`;
    const value = append(place.block, "dlc.induction", [unit.value], { type });
    this.#owners.set(value, unit);
    return value;
  }

  #stream(place: Place): void {
    const { cursor } = this.#reading;
    const start = cursor.skip();
    this.#reading.statement(place);
    const op = place.block.ops.at(-1) as Op;
    const unit = this.#ownerOf(op.operands) ?? cursor.fail(`${op.name} depends on no traversal unit`, start);
    op.operands = [...op.operands, unit.value];
    for (const result of op.results) this.#owners.set(result, unit);
  }

  #push(place: Place): void {
    const { cursor } = this.#reading;
    const unit = this.#readUnit(place);
    const event = this.#event();
    cursor.expect(",");
    const stream = readValue(cursor, place);
    this.#typesOf(2);
    place.block.ops.push(makeOp("dlc.push", [unit.value, stream], { attributes: { event } }));
  }

  #token(place: Place): void {
    const { cursor } = this.#reading;
    const unit = this.#readUnit(place);
    const event = this.#event();
    cursor.expect("{");
    cursor.expect("id");
    cursor.expect("=");
    const id = Number(cursor.match(/\d+/y) ?? cursor.fail("expected the number of a case"));
    if (cursor.accept(":")) cursor.type();
    cursor.expect("}");
    this.#typesOf(1);
    this.#tokens.push({ at: place.block.ops.length, unit: unit.value, event, id });
    place.block.ops.push(makeOp("dlc.token", [unit.value]));
  }

  #event(): string {
    const { cursor } = this.#reading;
    cursor.expect(",");
    return cursor.match(/(?:beg|ite|end)\b/y) ?? cursor.fail("expected beg, ite or end");
  }

  #typesOf(count: number): void {
    const { cursor } = this.#reading;
    cursor.expect(":");
    for (let at = 0; at < count; at++) {
      if (at > 0) cursor.expect(",");
      cursor.type();
    }
  }

  #readUnit(place: Place): Unit {
    const { cursor } = this.#reading;
    const start = cursor.skip();
    const value = readValue(cursor, place);
    const unit = this.#owners.get(value);
    return unit?.value === value ? unit : cursor.fail("expected a traversal unit", start);
  }

  #ownerOf(values: readonly Value[]): Unit | undefined {
    const units = values.map((value) => this.#owners.get(value)).filter((unit) => unit !== undefined);
    return units.reduce<Unit | undefined>(
      (inner, unit) => (inner === undefined || unit.depth > inner.depth ? unit : inner),
      undefined,
    );
  }

  #case(place: Place, { variable, one }: { readonly variable: Value; readonly one: Value }): Block {
    const { cursor } = this.#reading;
    const block = makeBlock();
    const names = new Map(place.names);
    const inner: Place = { block, names, mask: undefined, depth: place.depth + 1, counter: { variable, one } };
    cursor.expect("{");
    while (!cursor.accept("}")) if (cursor.match(/dlc\.yield\b/y) === undefined) this.#reading.statement(inner);
    return block;
  }

  // Cases are taken by their place.
  #placeTokens(ids: readonly number[], start: number): void {
    for (const { at, unit, event, id } of this.#tokens.splice(0)) {
      const place = ids.indexOf(id);
      if (place < 0) this.#reading.cursor.fail(`no case takes the token ${id}`, start);
      this.#block.ops[at] = makeOp("dlc.token", [unit], { attributes: { event, id: place } });
    }
  }
}

/** What a case may do besides computing: pop, and read or advance the counter. */
export const caseOps: Readonly<Record<string, (cursor: TextCursor, place: Place) => Meaning | undefined>> = {
  "dlc.pop": (cursor, { block }) => {
    cursor.expect(":");
    const type = cursor.type();
    // A buffer is popped vector by vector, where it is read.
    return type.startsWith("memref<") ? { popped: type } : append(block, "dlc.pop", [], { type });
  },
  "dlc.get_var": (cursor, { block, counter }) => {
    cursor.expect(":");
    cursor.type();
    return counter === undefined ? undefined : append(block, "slc.get", [counter.variable], { type: "index" });
  },
  "dlc.increment_var": (_cursor, { block, counter }) => {
    if (counter === undefined) return undefined;
    const held = append(block, "slc.get", [counter.variable], { type: "index" });
    const next = append(block, "arith.addi", [held, counter.one], { type: "index" });
    block.ops.push(makeOp("slc.set", [next, counter.variable]));
    return undefined;
  },
};
