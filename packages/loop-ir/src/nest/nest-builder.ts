import { LoopError } from "../errors.ts";
import { ExpressionBuilder, expectType, type Operand } from "./expression-builder.ts";
import type {
  Access,
  BufferDeclaration,
  Expression,
  LocalDeclaration,
  Nest,
  ScalarDeclaration,
  Statement,
} from "./nest.ts";
import { type ElementType, isInteger, type ScalarType, type Type, typeName, valueTypeOf } from "./types.ts";
import { verifyNest } from "./verify.ts";

/** A value in a nest under construction. */
export type Value = Expression;

/** A buffer of a nest under construction. */
export interface BufferValue extends BufferDeclaration {
  /** Its place in `Nest.buffers`. */
  readonly buffer: number;
}

/** A variable of a nest under construction: a value that can be set. */
export type LocalValue = Extract<Expression, { readonly kind: "local" }>;

/** How a buffer is declared; see {@link BufferDeclaration}. */
export interface BufferOptions {
  /** `read` unless given. */
  readonly access?: Access;
  readonly extent?: Operand;
  readonly within?: Operand;
}

/**
 * Builds a nest statement by statement. Callbacks build the bodies of loops and branches; every operation checks its
 * types as it is written and throws a {@link LoopError} `nest-type` where they do not fit.
 *
 * @example
 * ```ts
 * const b = new NestBuilder("scale");
 * const n = b.scalar("n", "i32");
 * const x = b.buffer("x", "f64", { access: "read-write", extent: n });
 * b.for("i", 0, n, (i) => b.store(x, i, b.multiply(b.load(x, i), 2)));
 * const values = Float64Array.of(1, 2, 3);
 * compileInterpreter(b.finish()).bind({ n: 3, x: values }).run();
 * [...values]; // => [2, 4, 6]
 * ```
 */
export class NestBuilder extends ExpressionBuilder {
  readonly #name: string;
  readonly #buffers: BufferDeclaration[] = [];
  readonly #scalars: ScalarDeclaration[] = [];
  readonly #locals: LocalDeclaration[] = [];
  #statements: Statement[] = [];

  constructor(name: string) {
    super();
    this.#name = name;
  }

  /** Declares a number that the kernel is given. */
  scalar(name: string, type: ScalarType): Value {
    this.#refuseTwice(name);
    this.#scalars.push({ name, type });
    return { kind: "scalar", type, scalar: this.#scalars.length - 1 };
  }

  /** Declares an array that the kernel is given. */
  buffer(name: string, element: ElementType, options: BufferOptions = {}): BufferValue {
    this.#refuseTwice(name);
    const declaration: BufferDeclaration = {
      name,
      element,
      access: options.access ?? "read",
      ...(options.extent === undefined ? {} : { extent: this.#index(options.extent) }),
      ...(options.within === undefined ? {} : { within: this.#index(options.within) }),
    };
    this.#buffers.push(declaration);
    return { ...declaration, buffer: this.#buffers.length - 1 };
  }

  /** How many entries a buffer has, an i64. */
  length(buffer: BufferValue): Value {
    return { kind: "length", type: "i64", buffer: buffer.buffer };
  }

  /** Declares a variable and sets it to `value`. */
  local(name: string, value: Value): LocalValue {
    const local = this.declare(name, value.type);
    this.set(local, value);
    return local;
  }

  /** Declares a variable without a value; it must be set before it is used. */
  declare(name: string, type: Type): LocalValue {
    this.#locals.push({ name, type });
    return { kind: "local", type, local: this.#locals.length - 1 };
  }

  /** Gives a variable a new value. */
  set(local: LocalValue, value: Operand): void {
    this.#statements.push({ kind: "set", local: local.local, value: this.#operand("set", local.type, value) });
  }

  /** The entry at `index`, or the vector that begins there (`type`), without the lanes that `mask` leaves out. */
  load(buffer: BufferValue, index: Operand, options: { readonly type?: Type; readonly mask?: Value } = {}): Value {
    const type = options.type ?? valueTypeOf(buffer.element);
    const load: Value = { kind: "load", type, buffer: buffer.buffer, index: this.#index(index) };
    return options.mask === undefined ? load : { ...load, mask: options.mask };
  }

  /** Writes an entry, or as many as a vector has lanes; only the lanes that `mask` lets through. */
  store(buffer: BufferValue, index: Operand, value: Operand, mask?: Value): void {
    const stored = typeof value === "object" ? value : this.constant(valueTypeOf(buffer.element), value);
    const store: Statement = { kind: "store", buffer: buffer.buffer, index: this.#index(index), value: stored };
    this.#statements.push(mask === undefined ? store : { ...store, mask });
  }

  /** Writes `value` at `cursor` and moves the cursor on by one. */
  append(buffer: BufferValue, cursor: LocalValue, value: Operand): void {
    this.store(buffer, cursor, value);
    this.set(cursor, this.add(cursor, 1));
  }

  /** Runs `then` if the condition holds, `otherwise` if not. */
  if(condition: Value, then: () => void, otherwise?: () => void): void {
    expectType("if", "bool", condition);
    const whenTrue = this.#block(then);
    const whenFalse = otherwise === undefined ? [] : this.#block(otherwise);
    this.#statements.push({ kind: "if", condition, whenTrue, whenFalse });
  }

  /** Runs the body for `from, from + step, …` below `to`; the type is that of whichever end is an expression. */
  for(
    name: string,
    from: Operand,
    to: Operand,
    body: (index: LocalValue) => void,
    options: { readonly step?: number } = {},
  ): void {
    const type = typeof from === "object" ? from.type : typeof to === "object" ? to.type : "i32";
    const local = this.declare(name, type);
    const first = this.#operand("for", type, from);
    const end = this.#operand("for", type, to);
    const inner = this.#block(() => body(local));
    this.#statements.push({
      kind: "for",
      local: local.local,
      from: first,
      to: end,
      step: options.step ?? 1,
      body: inner,
    });
  }

  /** Runs the body while the condition holds; statements built in `condition` run before each test of it. */
  while(condition: () => Value, body: () => void): void {
    let test: Value | undefined;
    const head = this.#block(() => {
      test = condition();
    });
    if (test === undefined) throw new LoopError("nest-structure", "a while loop has no condition");
    expectType("while", "bool", test);
    this.#statements.push({ kind: "while", head, condition: test, body: this.#block(body) });
  }

  /** Ends the run with a `fault` that says `message` unless the condition holds. */
  check(condition: Value, message: string): void {
    expectType("check", "bool", condition);
    this.#statements.push({ kind: "check", condition, reason: { code: "fault", message } });
  }

  /** Hints that an entry will be read soon. */
  prefetch(buffer: BufferValue, index: Operand, level: 0 | 1 | 2 | 3 = 1): void {
    this.#statements.push({ kind: "prefetch", buffer: buffer.buffer, index: this.#index(index), level });
  }

  /** Counts one step of the unit, for the interpreter's statistics. */
  step(): void {
    this.#statements.push({ kind: "step" });
  }

  /**
   * The nest, verified.
   *
   * @throws {LoopError} `nest-structure` or `nest-type` with every fault found.
   */
  finish(): Nest {
    const nest: Nest = {
      name: this.#name,
      buffers: this.#buffers,
      scalars: this.#scalars,
      locals: this.#locals,
      body: this.#statements,
    };
    const [first, ...rest] = verifyNest(nest);
    if (first === undefined) return nest;
    const more = rest.map(({ message }) => `\n${message}`).join("");
    throw new LoopError(first.code, `nest ${this.#name}: ${first.message}${more}`);
  }

  #block(build: () => void): Statement[] {
    const outer = this.#statements;
    this.#statements = [];
    try {
      build();
      return this.#statements;
    } finally {
      this.#statements = outer;
    }
  }

  #index(operand: Operand): Expression {
    if (typeof operand !== "object") return this.constant(typeof operand === "bigint" ? "i64" : "i32", operand);
    if (typeof operand.type === "string" && isInteger(operand.type)) return operand;
    throw new LoopError("nest-type", `an index is an i32 or i64, not ${typeName(operand.type)}`);
  }

  #operand(what: string, type: Type, operand: Operand): Expression {
    if (typeof operand === "object") return expectType(what, type, operand);
    return typeof type === "string" ? this.constant(type, operand) : this.splat(type as never, operand);
  }

  #refuseTwice(name: string): void {
    if ([...this.#buffers, ...this.#scalars].some((declared) => declared.name === name)) {
      throw new LoopError("nest-structure", `nest ${this.#name} declares ${name} twice`);
    }
  }
}
