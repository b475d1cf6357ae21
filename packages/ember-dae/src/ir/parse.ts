/** Reads the text of {@link printProgram}: the generic form of MLIR. */
import type { Source } from "@millrace/ir-text";
import { canonicalName } from "./aliases.ts";
import { type Attribute, type Block, makeBlock, type Op, type Program, Value } from "./op.ts";
import { TextCursor } from "./text-cursor.ts";

/**
 * Reads a program of any level; it is not verified. Operations may have the names of the paper, or of its compiler.
 *
 * @throws {DiagnosticError} where the text is not one function in generic form
 */
export function parseProgram(input: string | Source): Program {
  const source = typeof input === "string" ? { name: "program", text: input } : input;
  const reader = new Reader(source);
  const op = reader.operation(new Map());
  reader.end();
  const body = op.regions[0];
  if (op.name !== "func.func" || body === undefined) return reader.fail("expected one func.func with a body", 0);
  const name = op.attributes.sym_name;
  return { name: typeof name === "string" ? name : "main", body };
}

type Scope = Map<string, Value>;

const deepest = 200;

class Reader extends TextCursor {
  #depth = 0;

  operation(scope: Scope): Op {
    this.#depth += 1;
    if (this.#depth > deepest) this.fail(`blocks are nested more than ${deepest} deep`);
    const names: string[] = [];
    while (this.peek("%")) {
      names.push(this.valueName());
      if (!this.accept(",")) break;
    }
    if (names.length > 0) this.expect("=");
    const name = canonicalName(this.string("the name of an operation, in quotes"));
    this.expect("(");
    const operands: Value[] = [];
    while (this.peek("%")) {
      operands.push(this.#use(scope));
      if (!this.accept(",")) break;
    }
    this.expect(")");
    const regions: Block[] = [];
    if (this.accept("(")) {
      do regions.push(this.#region(scope));
      while (this.accept(","));
      this.expect(")");
    }
    const attributes = this.accept("{") ? this.#attributes() : {};
    this.expect(":");
    const start = this.skip();
    const inputs = this.typeList();
    this.expect("->");
    const outputs = this.peek("(") ? this.typeList() : [this.type()];
    const wrong = operands.findIndex(({ type }, place) => type !== inputs[place]);
    if (wrong >= 0 || inputs.length !== operands.length)
      this.fail(`${name} takes operands of types (${operands.map(({ type }) => type).join(", ")}), not these`, start);
    if (outputs.length !== names.length)
      this.fail(`${name} gives ${outputs.length} results, not ${names.length}`, start);
    const results = outputs.map((type) => new Value(type));
    for (const [place, result] of results.entries()) scope.set(names[place] as string, result);
    this.#depth -= 1;
    return { name, operands, results, attributes, regions };
  }

  #region(outer: Scope): Block {
    const scope = new Map(outer);
    this.expect("{");
    let block = makeBlock();
    if (this.accept("^bb0")) {
      const args: Value[] = [];
      this.expect("(");
      while (this.peek("%")) {
        const name = this.valueName();
        this.expect(":");
        const value = new Value(this.type());
        scope.set(name, value);
        args.push(value);
        if (!this.accept(",")) break;
      }
      this.expect(")");
      this.expect(":");
      block = { args, ops: [] };
    }
    while (!this.accept("}")) block.ops.push(this.operation(scope));
    return block;
  }

  #attributes(): Record<string, Attribute> {
    const attributes: Record<string, Attribute> = {};
    while (!this.accept("}")) {
      const key = this.match(/[A-Za-z_][\w.]*/y) ?? this.fail("expected the name of an attribute");
      this.expect("=");
      if (key === "function_type") {
        this.typeList();
        this.expect("->");
        this.typeList();
      } else attributes[key] = this.#attribute();
      if (!this.accept(",")) {
        this.expect("}");
        break;
      }
    }
    return attributes;
  }

  #attribute(): Attribute {
    if (this.peek('"')) return this.string("a text");
    const word = this.match(/true|false/y);
    if (word !== undefined) return word === "true";
    const number = this.match(/0x[0-9A-Fa-f]+|-?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?/y) ?? this.fail("expected a constant");
    const type = this.accept(":") ? this.type() : "i64";
    if (!number.startsWith("0x") || !/^b?f\d/.test(type)) return Number(number);
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, BigInt(number) & 0xffff_ffff_ffff_ffffn);
    return type === "f64" ? view.getFloat64(0) : view.getFloat32(4);
  }

  #use(scope: Scope): Value {
    const start = this.skip();
    const name = this.valueName();
    return scope.get(name) ?? this.fail(`${name} is not defined here`, start);
  }
}
