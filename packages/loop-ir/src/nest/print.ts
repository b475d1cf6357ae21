import { IndentedPrinter } from "@millrace/ir-text";
import type { BinaryOperator, ComparisonOperator, Expression, Nest, Statement } from "./nest.ts";
import { typeName } from "./types.ts";

/**
 * A nest as text, for people and for goldens; the text is not read back.
 *
 * @example
 * ```ts
 * const b = new NestBuilder("fill");
 * const y = b.buffer("y", "i32", { access: "write" });
 * b.store(y, b.unit, 7);
 * printNest(b.finish()); // => "nest fill {\n  buffer y: i32[] write\n  y[unit] = 7\n}\n"
 * ```
 */
export function printNest(nest: Nest): string {
  const names = new Names(nest);
  const printer = new IndentedPrinter();
  printer.block(`nest ${nest.name} {`, "}", () => {
    for (const { name, type } of nest.scalars) printer.line(`scalar ${name}: ${type}`);
    for (const { name, element, access, extent, within } of nest.buffers) {
      const length = extent === undefined ? "" : names.expression(extent);
      const range = within === undefined ? "" : ` within ${names.expression(within)}`;
      printer.line(`buffer ${name}: ${element}[${length}] ${access}${range}`);
    }
    const declared = new Set<number>();
    for (const statement of nest.body) printStatement(printer, statement, { names, declared });
  });
  return printer.toString();
}

/** One expression as text, with the names of `nest`. */
export function printExpression(nest: Nest, expression: Expression): string {
  return new Names(nest).expression(expression);
}

interface Printing {
  readonly names: Names;
  /** Locals whose type has been shown. */
  readonly declared: Set<number>;
}

function printStatement(printer: IndentedPrinter, statement: Statement, printing: Printing): void {
  const { names } = printing;
  const body = (statements: readonly Statement[]) => () => {
    for (const inner of statements) printStatement(printer, inner, printing);
  };
  switch (statement.kind) {
    case "set": {
      const type = printing.declared.has(statement.local) ? "" : `: ${names.typeOf(statement.local)}`;
      printing.declared.add(statement.local);
      printer.line(`${names.local(statement.local)}${type} = ${names.expression(statement.value)}`);
      return;
    }
    case "store": {
      const { mask } = statement;
      const where = mask === undefined ? "" : ` where ${names.expression(mask)}`;
      printer.line(`${names.entry(statement)} = ${names.expression(statement.value)}${where}`);
      return;
    }
    case "if":
      printer.line(`if ${names.expression(statement.condition)} {`).indented(body(statement.whenTrue));
      if (statement.whenFalse.length > 0) printer.line("} else {").indented(body(statement.whenFalse));
      printer.line("}");
      return;
    case "for": {
      const step = statement.step === 1 ? "" : ` step ${statement.step}`;
      const range = `${names.expression(statement.from)} .. ${names.expression(statement.to)}${step}`;
      printer.block(`for ${names.local(statement.local)} in ${range} {`, "}", body(statement.body));
      return;
    }
    case "while":
      if (statement.head.length === 0) {
        printer.block(`while ${names.expression(statement.condition)} {`, "}", body(statement.body));
        return;
      }
      printer.block("loop {", "}", () => {
        body(statement.head)();
        printer.line(`while ${names.expression(statement.condition)}`);
        body(statement.body)();
      });
      return;
    case "prefetch":
      printer.line(`prefetch ${names.entry(statement)} level ${statement.level}`);
      return;
    case "check":
      printer.line(`check ${names.expression(statement.condition)} else ${names.reason(statement.reason)}`);
      return;
    case "bound": {
      const { end, lanes } = statement;
      const range = end === undefined ? (lanes === 1 ? "" : ` +${lanes}`) : ` .. ${names.expression(end)}`;
      printer.line(`bound ${names.buffer(statement.buffer)}[${names.expression(statement.index)}${range}]`);
      return;
    }
    case "step":
      printer.line("step");
  }
}

const infix: Partial<Record<BinaryOperator | ComparisonOperator, string>> = {
  add: "+",
  subtract: "-",
  multiply: "*",
  divide: "/",
  remainder: "%",
  and: "&",
  or: "|",
  "exclusive-or": "^",
  "shift-left": "<<",
  "shift-right": ">>",
  "shift-right-unsigned": ">>>",
  equal: "==",
  "not-equal": "!=",
  less: "<",
  "less-equal": "<=",
  greater: ">",
  "greater-equal": ">=",
};

class Names {
  readonly #nest: Nest;
  readonly #locals: readonly string[];

  constructor(nest: Nest) {
    this.#nest = nest;
    const taken = new Map<string, number>([...nest.buffers, ...nest.scalars].map(({ name }) => [name, 1]));
    this.#locals = nest.locals.map(({ name }) => {
      const times = taken.get(name) ?? 0;
      taken.set(name, times + 1);
      return times === 0 ? name : `${name}.${times}`;
    });
  }

  local(local: number): string {
    return this.#locals[local] ?? `local.${local}`;
  }

  typeOf(local: number): string {
    const declared = this.#nest.locals[local];
    return declared === undefined ? "?" : typeName(declared.type);
  }

  entry({ buffer, index }: { readonly buffer: number; readonly index: Expression }): string {
    return `${this.buffer(buffer)}[${this.expression(index)}]`;
  }

  reason(reason: Extract<Statement, { kind: "check" }>["reason"]): string {
    if (reason.code === "out-of-bounds") return `out-of-bounds ${this.buffer(reason.buffer)}`;
    return reason.code === "fault" ? JSON.stringify(reason.message) : reason.code;
  }

  expression(expression: Expression): string {
    switch (expression.kind) {
      case "constant":
        return typeof expression.value === "number" && expression.type !== "i32"
          ? floatText(expression.value)
          : String(expression.value);
      case "local":
        return this.local(expression.local);
      case "scalar":
        return this.#nest.scalars[expression.scalar]?.name ?? `scalar.${expression.scalar}`;
      case "unit":
      case "units":
      case "worker":
        return expression.kind;
      case "length":
        return `length(${this.buffer(expression.buffer)})`;
      case "load": {
        const type = typeof expression.type === "object" ? `:${typeName(expression.type)}` : "";
        const mask = expression.mask === undefined ? "" : ` where ${this.expression(expression.mask)}`;
        return `${this.entry(expression)}${type}${mask}`;
      }
      case "unary":
        return `${expression.operator}(${this.expression(expression.operand)})`;
      case "binary":
      case "compare": {
        const [left, right] = [this.expression(expression.left), this.expression(expression.right)];
        const sign = infix[expression.operator];
        return sign === undefined ? `${expression.operator}(${left}, ${right})` : `(${left} ${sign} ${right})`;
      }
      case "select": {
        const parts = [expression.condition, expression.whenTrue, expression.whenFalse].map((part) =>
          this.expression(part),
        );
        return `select(${parts.join(", ")})`;
      }
      case "convert":
      case "splat":
        return `${typeName(expression.type)}(${this.expression(expression.operand)})`;
      case "iota":
        return `iota:${typeName(expression.type)}`;
      case "first-lanes":
        return `first(${this.expression(expression.count)}):${typeName(expression.type)}`;
      case "lane":
        return `${this.expression(expression.operand)}.${expression.lane}`;
      case "reduce":
        return `reduce-${expression.operator}(${this.expression(expression.operand)})`;
    }
  }

  buffer(buffer: number): string {
    return this.#nest.buffers[buffer]?.name ?? `buffer.${buffer}`;
  }
}

function floatText(value: number): string {
  if (Object.is(value, -0)) return "-0.0";
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? value.toFixed(1) : String(value);
}
