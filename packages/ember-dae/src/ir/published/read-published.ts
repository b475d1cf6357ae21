/**
 * Reads programs as the published compiler prints them, in syntaxes of their own for each operation: its SCF, SLC, SLCV and
 * DLC levels. Streams of constants become the constants, a vector loop's mask goes to its streams, what a loop carries is a
 * variable of the execute unit, and its results and those of callbacks are that variable too.
 *
 * Source: the artefact of Ember (github.com/bsc-loca/ember), the syntax of its sample programs.
 */
import type { Source } from "@millrace/ir-text";
import { canonicalName } from "../aliases.ts";
import { append, makeBlock, makeOp, type Program, Value } from "../op.ts";
import { TextCursor } from "../text-cursor.ts";
import { asMemory, streamOf, vectorOf } from "../types.ts";
import { caseOps, DecoupledReader } from "./decoupled.ts";
import { type Meaning, type Place, readValue } from "./place.ts";
import { arithmetic, simpleOps } from "./simple-ops.ts";

/** Whether a text looks like a program of the published compiler: not in generic form, with operations of its dialects. */
export function isPublishedSyntax(text: string): boolean {
  return /^\s*(?:%[\w$.-]+\s*=\s*)?(?:slc|slcvec|slcv|dlc)\.\w/m.test(text);
}

/**
 * Reads a program that the published compiler printed; it is not verified.
 *
 * @throws {DiagnosticError} at the first thing that is not read
 */
export function readPublished(source: Source): Program {
  const reader = new PublishedReader(source);
  return reader.program();
}

const deepest = 100;

class PublishedReader extends TextCursor {
  readonly #constants = new Map<Value, number>();
  readonly #decoupled = new DecoupledReader({
    cursor: this,
    constants: this.#constants,
    statement: (place) => this.#statement(place),
  });

  program(): Program {
    const wrapped = this.accept("module");
    if (wrapped) this.expect("{");
    this.expect("func.func");
    const name = (this.match(/@[\w$.-]+/y) ?? this.fail("expected the name of a function")).slice(1);
    const names = new Map<string, Meaning>();
    const types = this.#arguments();
    const body = makeBlock(types.map(([, type]) => type));
    for (const [at, [arg]] of types.entries()) names.set(arg, body.args[at] as Value);
    if (this.accept("->")) this.type();
    this.#block({ block: body, names, mask: undefined, depth: 0 });
    if (wrapped) this.expect("}");
    this.end();
    return { name: name.replaceAll(/\W/g, "_"), body };
  }

  // A descriptor of a sparse tensor is its number of rows.
  #arguments(): [name: string, type: string][] {
    const found: [string, string][] = [];
    this.expect("(");
    while (this.peek("%")) {
      const name = this.valueName();
      this.expect(":");
      const type = this.type();
      found.push([name, asMemory(type) === undefined ? "index" : type]);
      if (!this.accept(",")) break;
    }
    this.expect(")");
    return found;
  }

  /** What is yielded at the end of the block. */
  #block(place: Place): Meaning[] {
    if (place.depth > deepest) this.fail(`blocks are nested more than ${deepest} deep`);
    let yielded: Meaning[] = [];
    this.expect("{");
    while (!this.accept("}")) yielded = this.#statement(place);
    return yielded;
  }

  #statement(place: Place): Meaning[] {
    const result = this.peek("%") ? this.valueName() : undefined;
    if (result !== undefined) this.expect("=");
    const start = this.skip();
    const word = this.match(/[a-z]+\.\w+|return/y) ?? this.fail("expected an operation");
    const name = canonicalName(word);
    if (name.endsWith(".yield")) return this.#yield(place);
    if (name === "return" || name === "func.return") {
      this.valueName();
      this.expect(":");
      this.type();
      place.block.ops.push(makeOp("func.return", []));
      return [];
    }
    const meaning = this.#operation({ name, word, start, result }, place);
    if (result !== undefined) {
      if (meaning === undefined) this.fail(`${word} gives nothing`, start);
      place.names.set(result, meaning as Meaning);
    }
    return [];
  }

  #operation(
    op: { readonly name: string; readonly word: string; readonly start: number; readonly result: string | undefined },
    place: Place,
  ): Meaning | undefined {
    const { name, word, start, result } = op;
    if (name === "slc.for" || name === "scf.for") return this.#loop(name, place);
    if (name === "slcv.for") return this.#vectorLoop(place);
    if (name === "slc.callback") return this.#callback(place);
    if (name === "dlc.access") {
      this.#decoupled.access(place);
      return undefined;
    }
    if (name === "dlc.execute") return this.#decoupled.execute(place);
    const inCase = place.counter === undefined ? undefined : caseOps[name];
    if (inCase !== undefined) return inCase(this, place);
    const simple = simpleOps[name] ?? arithmetic(name);
    if (simple !== undefined) {
      const value = simple(this, place, result);
      const made = place.block.ops.at(-1);
      if (name === "arith.constant" && value !== undefined && made !== undefined)
        this.#constants.set(value, Number(made.attributes.value));
      return value;
    }
    return this.fail(`${word} is not read in this syntax: it can be given in the generic form of MLIR`, start);
  }

  #yield({ names }: Place): Meaning[] {
    const yielded: Meaning[] = [];
    while (this.peek("%")) {
      const start = this.skip();
      const name = this.valueName();
      yielded.push(names.get(name) ?? this.fail(`${name} is not defined here`, start));
      if (!this.accept(",")) break;
    }
    if (yielded.length > 0) {
      this.expect(":");
      do this.type();
      while (this.accept(","));
    }
    return yielded;
  }

  #bounds(place: Place): [from: Value, to: Value, step: Value] {
    this.expect("=");
    const from = readValue(this, place);
    this.expect("to");
    const to = readValue(this, place);
    this.expect("step");
    return [from, to, readValue(this, place)];
  }

  #loop(name: "slc.for" | "scf.for", place: Place): Meaning | undefined {
    const start = this.skip();
    const index = this.valueName();
    const bounds = this.#bounds(place);
    const carried = this.accept("init_args") ? this.#carried(place, start) : undefined;
    if (this.accept(":")) {
      this.type();
      this.expect("->");
      this.type();
    }
    const block = makeBlock([name === "slc.for" ? streamOf("index") : "index"]);
    const names = new Map(place.names).set(index, block.args[0] as Value);
    if (carried !== undefined) names.set(carried.name, { variable: carried.variable });
    const yielded = this.#block({ ...place, block, names, mask: undefined, depth: place.depth + 1 });
    this.#attributes();
    const [next] = yielded;
    if (carried !== undefined) {
      if (yielded.length !== 1 || next === undefined || !("given" in next))
        return this.fail("a loop that carries a value yields what one of its callbacks gives", start);
      next.callback.ops.push(makeOp("slc.set", [next.given, carried.variable]));
    }
    if (name === "scf.for") block.ops.push(makeOp("scf.yield", []));
    place.block.ops.push(makeOp(name, bounds, { regions: [block] }));
    return carried === undefined ? undefined : { variable: carried.variable };
  }

  #carried(place: Place, start: number): { readonly name: string; readonly variable: Value } {
    if (place.depth > 0) this.fail("only an outermost loop may carry a value in this syntax", start);
    this.expect("(");
    const name = this.valueName();
    this.expect("=");
    const initial = readValue(this, place);
    this.expect(")");
    this.expect("->");
    this.typeList();
    const type = `!slc.variable<${initial.type}>`;
    return { name, variable: append(place.block, "slc.variable", [initial], { type }) };
  }

  #vectorLoop(place: Place): undefined {
    this.expect("<");
    const lanes = Number(this.match(/\d+/y) ?? this.fail("expected a number of lanes"));
    this.expect(">");
    this.expect("(");
    const index = this.valueName();
    this.expect("xx");
    const mask = this.valueName();
    this.expect(")");
    const start = this.skip();
    const [from, to, step] = this.#bounds(place);
    const stride = this.#constants.get(step);
    if (stride !== undefined && stride !== 1 && stride !== lanes)
      this.fail(
        `a loop over vectors of ${lanes} goes on by ${lanes} elements, or by 1 vector, not by ${stride}`,
        start,
      );
    this.expect("mask");
    readValue(this, place);
    this.#pairOfTypes();
    const block = makeBlock([streamOf(vectorOf(lanes, "index")), streamOf(vectorOf(lanes, "i1"))]);
    const [indices, active] = block.args as [Value, Value];
    const names = new Map(place.names).set(index, indices).set(mask, active);
    this.#block({ block, names, mask: active, depth: place.depth + 1 });
    this.#attributes();
    place.block.ops.push(makeOp("slcv.for", [from, to], { attributes: { lanes }, regions: [block] }));
    return undefined;
  }

  #pairOfTypes(): void {
    this.expect(":");
    for (const arrow of [true, false]) {
      this.expect("(");
      this.type();
      this.expect("xx");
      this.type();
      this.expect(")");
      if (arrow) this.expect("->");
    }
  }

  #callback(place: Place): Meaning | undefined {
    const start = this.skip();
    const block = makeBlock();
    const [given] = this.#block({ block, names: new Map(place.names), mask: undefined, depth: place.depth + 1 });
    if (this.accept(":")) this.type();
    place.block.ops.push(makeOp("slc.callback", [], { regions: [block] }));
    if (given === undefined) return undefined;
    if (!(given instanceof Value)) return this.fail("a callback yields a number that it computes", start);
    return { given, callback: block };
  }

  // `{"Emitted from" = "linalg.generic"}`, `{loopConfig = #slcvec<loop_config bcast>}`
  #attributes(): void {
    this.match(/\{\s*(?:"[^"\n]*"|\w+)\s*=\s*(?:"[^"\n]*"|#?[\w.]+(?:<[^>\n]*>)?)\s*\}/y);
  }
}
