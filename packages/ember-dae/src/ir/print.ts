/** Programs as text: the generic form of MLIR, which tools of MLIR read at the SCF level. */
import { IndentedPrinter } from "@millrace/ir-text";
import type { Attribute, Block, Op, Program, Value } from "./op.ts";
import { isFloat } from "./types.ts";

/** Prints a program; {@link parseProgram} reads it back. */
export function printProgram(program: Program): string {
  const printer = new Printer();
  printer.program(program);
  return printer.out.toString();
}

class Printer {
  readonly out = new IndentedPrinter();
  readonly #names = new Map<Value, string>();
  #args = 0;
  #results = 0;

  program({ name, body }: Program): void {
    const inputs = body.args.map(({ type }) => type).join(", ");
    this.out.line(`"func.func"() ({`);
    this.#block(body);
    this.out.line(`}) {function_type = (${inputs}) -> (), sym_name = "${name}"} : () -> ()`);
  }

  #block(block: Block): void {
    if (block.args.length > 0) {
      const args = block.args.map((arg) => `${this.#name(arg, "arg")}: ${arg.type}`);
      this.out.line(`^bb0(${args.join(", ")}):`);
    }
    this.out.indented(() => {
      for (const op of block.ops) this.#op(op);
    });
  }

  #op(op: Op): void {
    const results = op.results.map((result) => this.#name(result, "result"));
    const left = results.length === 0 ? "" : `${results.join(", ")} = `;
    const operands = op.operands.map((operand) => this.#names.get(operand) ?? "%undefined").join(", ");
    const tail = `${attributesText(op)} : (${op.operands.map(({ type }) => type).join(", ")}) -> ${resultTypes(op)}`;
    if (op.regions.length === 0) {
      this.out.line(`${left}"${op.name}"(${operands})${tail}`);
      return;
    }
    this.out.line(`${left}"${op.name}"(${operands}) ({`);
    for (const [place, region] of op.regions.entries()) {
      if (place > 0) this.out.line("}, {");
      this.#block(region);
    }
    this.out.line(`})${tail}`);
  }

  #name(value: Value, kind: "arg" | "result"): string {
    const name = kind === "arg" ? `%arg${this.#args++}` : `%${this.#results++}`;
    this.#names.set(value, name);
    return name;
  }
}

function resultTypes({ results }: Op): string {
  const types = results.map(({ type }) => type);
  return types.length === 1 ? (types[0] as string) : `(${types.join(", ")})`;
}

function attributesText(op: Op): string {
  const entries = Object.entries(op.attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return "";
  return ` {${entries.map(([key, value]) => `${key} = ${attributeText(op, key, value)}`).join(", ")}}`;
}

function attributeText(op: Op, key: string, value: Attribute): string {
  if (typeof value === "string") return `"${value}"`;
  if (typeof value === "boolean") return String(value);
  const type = key === "value" ? (op.results[0]?.type ?? "i64") : "i64";
  return `${isFloat(type) ? floatText(value, type) : value} : ${type}`;
}

// Literals of MLIR have a point; what is no number is written as its bits.
function floatText(value: number, type: string): string {
  if (!Number.isFinite(value)) {
    const view = new DataView(new ArrayBuffer(8));
    if (type === "f64") view.setFloat64(0, value);
    else view.setFloat32(0, value);
    const bits = type === "f64" ? view.getBigUint64(0) : BigInt(view.getUint32(0));
    return `0x${bits
      .toString(16)
      .toUpperCase()
      .padStart(type === "f64" ? 16 : 8, "0")}`;
  }
  const text = Object.is(value, -0) ? "-0" : String(value);
  if (text.includes(".")) return text;
  return text.includes("e") ? text.replace("e", ".0e") : `${text}.0`;
}
