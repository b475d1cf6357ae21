import type { IndentedPrinter } from "@millrace/ir-text";
import type { BinaryOperator, Expression, FaultReason, Nest, Statement, UnaryOperator } from "../nest/nest.ts";
import { setLocals } from "../nest/walk.ts";

const infix: Readonly<Record<string, string>> = {
  add: "+",
  subtract: "-",
  multiply: "*",
  divide: "/",
  remainder: "%",
  and: "&",
  or: "|",
  "exclusive-or": "^",
  equal: "==",
  "not-equal": "!=",
  less: "<",
  "less-equal": "<=",
  greater: ">",
  "greater-equal": ">=",
};

const functions: Partial<Record<UnaryOperator, string>> = {
  absolute: "abs",
  "square-root": "sqrt",
  floor: "floor",
  ceiling: "ceil",
  truncate: "trunc",
  nearest: "round",
  "population-count": "countOneBits",
  "trailing-zeros": "countTrailingZeros",
};

/** Writes the statements of a nest in WGSL. */
export class WgslWriter {
  readonly #nest: Nest;
  readonly #printer: IndentedPrinter;
  readonly #sites: FaultReason[];

  constructor(nest: Nest, printer: IndentedPrinter, sites: FaultReason[]) {
    this.#nest = nest;
    this.#printer = printer;
    this.#sites = sites;
  }

  buffer(buffer: number): string {
    return `${this.#nest.buffers[buffer]!.name}_b${buffer}`;
  }

  scalar(scalar: number): string {
    return `${this.#nest.scalars[scalar]!.name}_s${scalar}`;
  }

  /** Declarations of the locals; loops declare their own variables. */
  locals(): void {
    const set = setLocals(this.#nest);
    for (const [local, { type }] of this.#nest.locals.entries()) {
      if (set.has(local)) this.#printer.line(`var ${this.#local(local)}: ${type as string};`);
    }
  }

  block(body: readonly Statement[]): void {
    for (const statement of body) this.#statement(statement);
  }

  #local(local: number): string {
    return `${this.#nest.locals[local]!.name.replaceAll(/\W/g, "_")}_${local}`;
  }

  #statement(statement: Statement): void {
    const printer = this.#printer;
    const inner = (body: readonly Statement[]) => () => this.block(body);
    switch (statement.kind) {
      case "set":
        printer.line(`${this.#local(statement.local)} = ${this.#text(statement.value)};`);
        return;
      case "store":
        printer.line(`${this.#entry(statement)} = ${this.#text(statement.value)};`);
        return;
      case "if":
        printer.line(`if (${this.#text(statement.condition)}) {`).indented(inner(statement.whenTrue));
        if (statement.whenFalse.length > 0) printer.line("} else {").indented(inner(statement.whenFalse));
        printer.line("}");
        return;
      case "for":
        this.#for(statement);
        return;
      case "while":
        printer.block("loop {", "}", () => {
          this.block(statement.head);
          printer.line(`if (!(${this.#text(statement.condition)})) { break; }`);
          this.block(statement.body);
        });
        return;
      case "check":
        printer.line(`if (!(${this.#text(statement.condition)})) ${this.#leave(statement.reason)}`);
        return;
      case "bound":
        this.#bound(statement);
        return;
      case "prefetch":
      case "step":
        return;
    }
  }

  #for(statement: Extract<Statement, { kind: "for" }>): void {
    const index = this.#local(statement.local);
    const { step } = statement;
    this.#printer.block("{", "}", () => {
      this.#printer.line(`let ${index}_end = ${this.#text(statement.to)};`);
      const head = `for (var ${index}: i32 = ${this.#text(statement.from)}; ${index} < ${index}_end;`;
      if (step === 1) {
        this.#printer.block(`${head} ${index}++) {`, "}", () => this.block(statement.body));
        return;
      }
      this.#printer.block(`${head}) {`, "}", () => {
        this.block(statement.body);
        this.#printer.line(`if (u32(${index}_end) - u32(${index}) <= ${step}u) { break; }`);
        this.#printer.line(`${index} += ${step};`);
      });
    });
  }

  #bound(statement: Extract<Statement, { kind: "bound" }>): void {
    const { buffer, lanes } = statement;
    const length = `arrayLength(&${this.buffer(buffer)})`;
    const fault = this.#leave({ code: "out-of-bounds", buffer });
    const [index, further] = this.#plain(statement.index);
    const first = `u32(${index}) + ${further}u`;
    if (statement.end === undefined) {
      const last = lanes + further - 1;
      this.#printer.line(`if (${index} < 0 || u32(${index}) + ${last}u >= ${length}) ${fault}`);
      return;
    }
    const [end, beyond] = this.#plain(statement.end);
    const some = further === beyond ? `${index} < ${end}` : `${first} < u32(${end}) + ${beyond}u`;
    this.#printer.line(`if (${some} && (${index} < 0 || u32(${end}) + ${beyond}u > ${length})) ${fault}`);
  }

  /** An index that may have been moved on in 64 bits: the 32-bit index, and by how much. */
  #plain(index: Expression): [string, number] {
    if (index.kind === "binary" && index.type === "i64" && index.left.kind === "convert") {
      const by = index.right.kind === "constant" ? Number(index.right.value) : 0;
      return [this.#text(index.left.operand), by];
    }
    return [this.#text(index), 0];
  }

  #leave(reason: FaultReason): string {
    const known = this.#sites.findIndex((site) => JSON.stringify(site) === JSON.stringify(reason));
    return `{ return ${known < 0 ? this.#sites.push(reason) : known + 1}; }`;
  }

  #entry({ buffer, index }: { readonly buffer: number; readonly index: Expression }): string {
    return `${this.buffer(buffer)}[${this.#text(index)}]`;
  }

  #text(expression: Expression): string {
    switch (expression.kind) {
      case "constant":
        return constantText(expression);
      case "local":
        return this.#local(expression.local);
      case "scalar": {
        const scalar = `scalars.${this.scalar(expression.scalar)}`;
        return expression.type === "bool" ? `(${scalar} != 0u)` : scalar;
      }
      case "unit":
      case "units":
      case "worker":
        return expression.kind;
      case "length":
        return `i32(arrayLength(&${this.buffer(expression.buffer)}))`;
      case "load":
        return this.#entry(expression);
      case "unary":
        return this.#unary(expression);
      case "binary":
        if (expression.operator === "exclusive-or" && expression.type === "bool") {
          return `(${this.#text(expression.left)} != ${this.#text(expression.right)})`;
        }
        return this.#binary(expression.operator, this.#text(expression.left), this.#text(expression.right));
      case "compare":
        return `(${this.#text(expression.left)} ${infix[expression.operator]} ${this.#text(expression.right)})`;
      case "select": {
        const parts = [expression.whenFalse, expression.whenTrue, expression.condition].map((part) => this.#text(part));
        return `select(${parts.join(", ")})`;
      }
      case "convert":
        if (expression.operand.kind === "length") return this.#text(expression.operand);
        return `${expression.type as string}(${this.#text(expression.operand)})`;
      default:
        throw new TypeError(`no such expression in WGSL: ${expression.kind}`);
    }
  }

  #unary({ operator, operand, type }: Extract<Expression, { kind: "unary" }>): string {
    const text = this.#text(operand);
    if (operator === "negate") return `(-${text})`;
    if (operator === "not") return type === "bool" ? `(!${text})` : `(~${text})`;
    return `${functions[operator]}(${text})`;
  }

  #binary(operator: BinaryOperator, left: string, right: string): string {
    const sign = infix[operator];
    if (sign !== undefined) return `(${left} ${sign} ${right})`;
    switch (operator) {
      case "minimum":
        return `min(${left}, ${right})`;
      case "maximum":
        return `max(${left}, ${right})`;
      case "shift-left":
        return `(${left} << u32(${right} & 31))`;
      case "shift-right":
        return `(${left} >> u32(${right} & 31))`;
      default:
        return `i32(u32(${left}) >> u32(${right} & 31))`;
    }
  }
}

function constantText({ type, value }: Extract<Expression, { kind: "constant" }>): string {
  if (type === "bool") return String(value);
  if (type !== "f32") return Number(value) === -(2 ** 31) ? "i32(-2147483648)" : `${value}`;
  const number = Number(value);
  if (Number.isNaN(number)) return "bitcast<f32>(0x7fc00000u)";
  if (!Number.isFinite(number)) return `bitcast<f32>(${number > 0 ? "0x7f800000u" : "0xff800000u"})`;
  return Object.is(number, -0) ? "-0.0f" : `${number}f`;
}
