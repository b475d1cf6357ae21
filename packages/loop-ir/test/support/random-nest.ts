import {
  type BinaryOperator,
  type BufferArray,
  type BufferValue,
  type ComparisonOperator,
  type LocalValue,
  type MaskType,
  type Nest,
  NestBuilder,
  type ScalarType,
  type Type,
  type UnaryOperator,
  type Value,
  type VectorType,
} from "../../src/index.ts";
import { valueTypeOf } from "../../src/nest/types.ts";
import { randomNumbers } from "./matrices.ts";

const entries = 16;
const scalarTypes: readonly ScalarType[] = ["bool", "i32", "i64", "f32", "f64"];
const vectorTypes: readonly VectorType[] = [
  { lane: "f64", lanes: 2 },
  { lane: "f32", lanes: 4 },
  { lane: "i32", lanes: 4 },
  { lane: "i64", lanes: 2 },
  { lane: "f32", lanes: 8 },
];

/** A nest of random loops, branches and expressions that always ends and, without faults of division, always works. */
export class RandomNest {
  readonly #random: () => number;
  readonly #b: NestBuilder;
  readonly #buffers: BufferValue[] = [];
  readonly #scalars: Value[] = [];
  /** Locals that have a value here. */
  #locals: LocalValue[] = [];
  /** Loop variables: read but never set. */
  #fixed: Value[] = [];
  #budget = 40;

  constructor(seed: number) {
    this.#random = randomNumbers(seed);
    this.#b = new NestBuilder(`random_${seed}`);
  }

  build(): Nest {
    const b = this.#b;
    for (const type of scalarTypes) this.#scalars.push(b.scalar(`s_${type}`, type));
    for (const element of [...scalarTypes, "i8"] as const) {
      this.#buffers.push(b.buffer(`in_${element}`, element, { extent: b.i32(entries) }));
      this.#buffers.push(b.buffer(`out_${element}`, element, { access: "read-write", extent: b.i32(entries) }));
    }
    for (const element of ["f16", "bf16"] as const)
      this.#buffers.push(b.buffer(`in_${element}`, element, { extent: b.i32(entries) }));
    for (const type of scalarTypes) this.#locals.push(b.local(`v_${type}`, this.#expression(type, 2)));
    for (const type of vectorTypes) this.#locals.push(b.local(`w_${type.lane}`, this.#expression(type, 2)));
    this.#statements(3);
    for (const local of this.#locals) this.#storeAll(local);
    return b.finish();
  }

  #pick<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.#random() * choices.length)]!;
  }

  #storeAll(value: Value): void {
    const b = this.#b;
    const type = value.type;
    const element = typeof type === "string" ? type : "lane" in type ? type.lane : "bool";
    const buffer = this.#buffers.find(({ name }) => name === `out_${element}`)!;
    const size = typeof type === "object" ? type.lanes : 1;
    b.store(buffer, b.i32(Math.floor(this.#random() * (entries - size))), value);
  }

  #statements(depth: number): void {
    const count = 1 + Math.floor(this.#random() * 4);
    for (let place = 0; place < count && this.#budget > 0; place++) this.#statement(depth);
  }

  #statement(depth: number): void {
    this.#budget--;
    const b = this.#b;
    const kind = this.#random();
    if (depth === 0 || kind < 0.35) {
      const local = this.#pick(this.#locals);
      b.set(local, this.#expression(local.type, 3));
    } else if (kind < 0.5) {
      this.#store();
    } else if (kind < 0.65) {
      const scope = () => this.#scope(() => this.#statements(depth - 1));
      b.if(this.#expression("bool", 2), scope, this.#random() < 0.5 ? scope : undefined);
    } else if (kind < 0.85) {
      this.#for(depth);
    } else {
      this.#while(depth);
    }
  }

  #for(depth: number): void {
    const b = this.#b;
    const type = this.#pick(["i32", "i64"] as const);
    const from = b.binary("remainder", this.#expression(type, 1), b.constant(type, 4));
    const to = b.binary("remainder", this.#expression(type, 1), b.constant(type, 9));
    const step = this.#pick([1, 1, 1, 2, 3]);
    b.for(
      "i",
      from,
      to,
      (index) => {
        this.#scope(() => {
          this.#fixed.push(index);
          this.#statements(depth - 1);
        });
      },
      { step },
    );
  }

  #while(depth: number): void {
    const b = this.#b;
    const left = b.local("left", b.i32(Math.floor(this.#random() * 6)));
    const test = this.#random() < 0.5;
    b.while(
      () => {
        if (test) this.#scope(() => this.#statements(0));
        return b.and(b.compare("greater", left, 0), this.#expression("bool", 1));
      },
      () => {
        b.set(left, b.subtract(left, 1));
        this.#scope(() => this.#statements(depth - 1));
      },
    );
  }

  #scope(body: () => void): void {
    const [locals, fixed] = [[...this.#locals], [...this.#fixed]];
    body();
    this.#locals = locals;
    this.#fixed = fixed;
  }

  #store(): void {
    const b = this.#b;
    const buffer = this.#pick(this.#buffers.filter(({ access }) => access !== "read"));
    const { element } = buffer;
    const vectors = vectorTypes.filter(({ lane }) => lane === element);
    if (vectors.length > 0 && this.#random() < 0.3) {
      const type = this.#pick(vectors);
      const mask = this.#random() < 0.5 ? this.#mask(type, 1) : undefined;
      b.store(buffer, this.#index(entries - type.lanes), this.#expression(type, 2), mask);
    } else {
      b.store(buffer, this.#index(entries - 1), this.#expression(valueTypeOf(element), 3));
    }
  }

  /** An index of at most `last`. */
  #index(last: number): Value {
    const b = this.#b;
    const type = this.#pick(["i32", "i64"] as const);
    if (last === entries - 1 && this.#random() < 0.7) return b.and(this.#expression(type, 1), b.constant(type, last));
    return b.minimum(b.and(this.#expression(type, 1), b.constant(type, 15)), b.constant(type, last));
  }

  #mask(type: VectorType, depth: number): Value {
    const b = this.#b;
    const bits = type.lane === "f64" || type.lane === "i64" ? 64 : 32;
    const mask: MaskType = { bits, lanes: type.lanes };
    if (this.#random() < 0.4) return b.firstLanes(mask, b.and(this.#expression("i32", 1), 7));
    const operator: ComparisonOperator = this.#pick(["equal", "not-equal", "less", "less-equal", "greater"]);
    const compared = b.compare(operator, this.#expression(type, depth), this.#expression(type, depth));
    return this.#random() < 0.3 ? b.not(compared) : compared;
  }

  #expression(type: Type, depth: number): Value {
    if (typeof type === "object")
      return "lane" in type ? this.#vector(type, depth) : this.#mask(vectorTypes[1]!, depth);
    return depth === 0 ? this.#leaf(type) : this.#scalar(type, depth);
  }

  #leaf(type: ScalarType): Value {
    const b = this.#b;
    const known = [...this.#scalars, ...this.#locals, ...this.#fixed].filter((value) => value.type === type);
    if (known.length > 0 && this.#random() < 0.6) return this.#pick(known);
    switch (type) {
      case "bool":
        return b.constant("bool", this.#random() < 0.5);
      case "i32":
        return b.i32(this.#pick([0, 1, -1, 7, 31, 1000, -(2 ** 31), 2 ** 31 - 1, Math.floor(this.#random() * 100)]));
      case "i64":
        return b.i64(this.#pick([0n, 1n, -1n, 63n, -(2n ** 63n), 2n ** 63n - 1n, 2n ** 40n]));
      default:
        return b.constant(
          type,
          this.#pick([0, -0, 1, -1.5, 2.5, 3e9, -1e20, 1e-40, Number.POSITIVE_INFINITY, Number.NaN, this.#random()]),
        );
    }
  }

  #scalar(type: ScalarType, depth: number): Value {
    const b = this.#b;
    const kind = this.#random();
    const inner = (of: Type) => this.#expression(of, depth - 1);
    if (kind < 0.1) return this.#leaf(type);
    if (kind < 0.25) {
      const buffers = this.#buffers.filter(({ element }) => valueTypeOf(element) === type);
      return b.load(this.#pick(buffers), this.#index(entries - 1));
    }
    if (kind < 0.35) return b.select(inner("bool"), inner(type), inner(type));
    if (kind < 0.45) return b.convert(type, inner(this.#pick(scalarTypes)));
    if (kind < 0.5 && type !== "bool") {
      const vector = inner(this.#pick(vectorTypes.filter(({ lane }) => lane === type)));
      if (this.#random() < 0.5) return b.lane(vector, 1);
      return b.reduce(this.#pick(["add", "multiply", "minimum", "maximum"]), vector);
    }
    if (kind < 0.65) return this.#unary(type, inner);
    return this.#binary(type, inner);
  }

  #unary(type: ScalarType, inner: (type: Type) => Value): Value {
    const b = this.#b;
    const float = type === "f32" || type === "f64";
    const operators: readonly UnaryOperator[] =
      type === "bool"
        ? ["not"]
        : float
          ? ["negate", "absolute", "square-root", "floor", "ceiling", "truncate", "nearest"]
          : ["negate", "absolute", "not", "population-count", "trailing-zeros"];
    return b.unary(this.#pick(operators), inner(type));
  }

  #binary(type: ScalarType, inner: (type: Type) => Value): Value {
    const b = this.#b;
    if (type === "bool") {
      if (this.#random() < 0.5) return b.binary(this.#pick(["and", "or", "exclusive-or"]), inner(type), inner(type));
      const of = this.#pick(scalarTypes.filter((each) => each !== "bool"));
      const operator: ComparisonOperator = this.#pick([
        "equal",
        "not-equal",
        "less",
        "less-equal",
        "greater",
        "greater-equal",
      ]);
      return b.compare(operator, inner(of), inner(of));
    }
    const plain: readonly BinaryOperator[] = ["add", "subtract", "multiply", "minimum", "maximum"];
    if (type === "f32" || type === "f64") return b.binary(this.#pick([...plain, "divide"]), inner(type), inner(type));
    const operator = this.#pick<BinaryOperator>([
      ...plain,
      "divide",
      "remainder",
      "and",
      "or",
      "exclusive-or",
      "shift-left",
      "shift-right",
      "shift-right-unsigned",
    ]);
    if (operator !== "divide" && operator !== "remainder") return b.binary(operator, inner(type), inner(type));
    // Mostly divisors of at least 1; the rest may end the run, in the same way everywhere.
    const divisor = this.#random() < 0.9 ? b.or(b.and(inner(type), 127), 1) : inner(type);
    return b.binary(operator, inner(type), divisor);
  }

  #vector(type: VectorType, depth: number): Value {
    const b = this.#b;
    const kind = this.#random();
    const known = this.#locals.filter(
      (local) => typeof local.type === "object" && JSON.stringify(local.type) === JSON.stringify(type),
    );
    if (known.length > 0 && (depth === 0 || kind < 0.2)) return this.#pick(known);
    if (depth === 0 || kind < 0.35) return b.splat(type, this.#expression(type.lane, 1));
    const inner = (of: Type) => this.#expression(of, depth - 1);
    if (kind < 0.5) {
      const buffer = this.#pick(this.#buffers.filter(({ element }) => valueTypeOf(element) === type.lane));
      const mask = this.#random() < 0.4 ? { mask: this.#mask(type, depth - 1) } : {};
      return b.load(buffer, this.#index(entries - type.lanes), { type, ...mask });
    }
    if (kind < 0.6) return b.select(this.#mask(type, depth - 1), inner(type), inner(type));
    if (kind < 0.65) return b.select(inner("bool"), inner(type), inner(type));
    if (kind < 0.7 && type.lane === "f32" && type.lanes === 4) return b.convert(type, inner({ lane: "i32", lanes: 4 }));
    const float = type.lane === "f32" || type.lane === "f64";
    if (kind < 0.75)
      return b.unary(
        this.#pick(float ? ["negate", "absolute", "square-root", "nearest"] : ["negate", "not"]),
        inner(type),
      );
    if (!float && kind < 0.8) return b.iota(type);
    const operators: readonly BinaryOperator[] = float
      ? ["add", "subtract", "multiply", "divide", "minimum", "maximum"]
      : ["add", "subtract", "multiply", "minimum", "maximum", "and", "or", "exclusive-or"];
    return b.binary(this.#pick(operators), inner(type), inner(type));
  }
}

/** Arguments for a random nest: the same for the same seed, in fresh arrays. */
export function randomArguments(seed: number): Record<string, BufferArray | number | bigint | boolean> {
  const random = randomNumbers(seed + 77);
  const small = () => Math.floor(random() * 40) - 20;
  const fill = <T extends BufferArray>(array: T, value: () => number | bigint): T => {
    for (let place = 0; place < array.length; place++) (array as { [place: number]: unknown })[place] = value();
    return array;
  };
  const fresh = (prefix: string) => ({
    [`${prefix}_bool`]: fill(new Uint8Array(entries), () => (random() < 0.5 ? 0 : 1)),
    [`${prefix}_i32`]: fill(new Int32Array(entries), small),
    [`${prefix}_i64`]: fill(new BigInt64Array(entries), () => BigInt(small()) * 2n ** 33n),
    [`${prefix}_f32`]: fill(new Float32Array(entries), () => random() * 10 - 5),
    [`${prefix}_f64`]: fill(new Float64Array(entries), () => random() * 10 - 5),
    [`${prefix}_i8`]: fill(new Int8Array(entries), small),
  });
  return {
    s_bool: random() < 0.5,
    s_i32: small(),
    s_i64: BigInt(small()),
    s_f32: random() * 8,
    s_f64: random() * 8,
    ...fresh("in"),
    in_f16: fill(new Uint16Array(entries), () => random() * 65536),
    in_bf16: fill(new Uint16Array(entries), () => random() * 65536),
    ...fresh("out"),
  };
}

/** What a run left behind, as text: every entry with its sign and exact value; NaNs are all alike. */
export function outcomeOf(run: () => void, given: ReturnType<typeof randomArguments>): string {
  let ended = "finished";
  try {
    run();
  } catch (error) {
    // A unit that ends early may have written less or more before it did.
    ended = error instanceof Error ? error.message : String(error);
    return ended;
  }
  const arrays = Object.entries(given).filter(([name]) => name.startsWith("out_"));
  const text = (value: unknown) => (Object.is(value, -0) ? "-0" : String(value));
  return [ended, ...arrays.map(([name, array]) => `${name}: ${Array.from(array as never, text).join(" ")}`)].join("\n");
}
