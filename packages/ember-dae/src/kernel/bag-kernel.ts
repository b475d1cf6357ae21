/**
 * Bags at machine speed: the access stream of the decoupled program as prefetches that run ahead across the ends of bags,
 * every line of a row, into the second cache; the execute unit as accumulators in registers, specialised to a width.
 *
 * Elements are added in the order of the loop nest, so results have its bits.
 */
import { type LocalValue, type Nest, NestBuilder, type Value, type VectorType } from "@millrace/loop-ir";
import { EmberError } from "../errors.ts";
import { accumulatorOf, type Operation } from "../operation/operation.ts";

/** How a kernel is specialised. */
export interface BagKernelOptions {
  /** Elements of a row. */
  readonly width: number;
  /** Bytes of a vector: 16 for WebAssembly, 64 where the processor may have them. */
  readonly vectorBytes: 16 | 32 | 64;
  /** Lines that prefetches run ahead; 0 for none. */
  readonly runAheadLines: number;
}

/** Accumulators that are held at once. */
const mostAccumulators = 8;
const lineBytes = 64;

/**
 * The nest of a bag; buffers `ptr`, `idx`, `val` if weighted, `table`, `out`, scalars `bags`, `rows`. Units share the bags.
 *
 * @throws {EmberError} `unsupported` for tables of `f16`, `bf16` and `i8`, and ids that are neither `i32` nor `i64`
 */
export function bagKernel(operation: Operation, options: BagKernelOptions): Nest {
  const { table: element, index } = operation;
  if (operation.kind !== "bag" || (element !== "f32" && element !== "f64") || index === "index") {
    throw new EmberError("unsupported", `${operation.kind} over ${element} has no compiled kernel`, {
      help: "bags over f32 and f64 are compiled; every operation is interpreted",
    });
  }
  const type: "f32" | "f64" = element;
  const b = new NestBuilder("bag");
  const [bags, rows] = [b.scalar("bags", "i64"), b.scalar("rows", index)];
  const ptr = b.buffer("ptr", index, { extent: b.add(bags, b.i64(1)) });
  const idx = b.buffer("idx", index, { within: rows });
  const val =
    operation.weights === "none" ? undefined : b.buffer("val", accumulatorOf(operation), { extent: b.length(idx) });
  const wide = (value: Value) => (index === "i64" ? value : b.convert("i64", value));
  const width = b.i64(options.width);
  const table = b.buffer("table", element, { extent: b.multiply(wide(rows), width) });
  const out = b.buffer("out", element, { access: "read-write", extent: b.multiply(bags, width) });
  const units = b.convert("i64", b.units);
  const share = (unit: Value) => b.divide(b.multiply(unit, bags), units);
  const first = share(b.convert("i64", b.unit));
  const last = share(b.add(b.convert("i64", b.unit), b.i64(1)));
  const parts = rowParts(element, options);
  const ahead = runAhead(element, options);
  b.for("bag", first, last, (bag) => {
    const [from, to] = [wide(b.load(ptr, bag)), wide(b.load(ptr, b.add(bag, b.i64(1))))];
    const start = b.multiply(bag, width);
    for (const [at, group] of parts.entries()) {
      const held = group.map(({ offset, type, mask }, place) =>
        b.local(`held${at}_${place}`, b.load(out, b.add(start, b.i64(offset)), { type, ...masked(b, type, mask) })),
      );
      b.for("p", from, to, (p) => {
        if (at === 0) prefetchRow(p);
        const row = b.multiply(wide(b.load(idx, p)), width);
        const weight = val === undefined ? undefined : b.load(val, p);
        for (const [place, { offset, type, mask }] of group.entries()) {
          const x = b.load(table, b.add(row, b.i64(offset)), { type, ...masked(b, type, mask) });
          const met = weight === undefined ? x : meet(weight, x, type);
          b.set(held[place] as LocalValue, b.binary(operation.reduce, held[place] as LocalValue, met));
        }
      });
      for (const [place, { offset, type, mask }] of group.entries()) {
        const whole = finished(held[place] as LocalValue, type, b.subtract(to, from));
        b.store(out, b.add(start, b.i64(offset)), whole, masked(b, type, mask).mask);
      }
    }
  });
  return b.finish();

  function prefetchRow(p: Value): void {
    if (ahead === 0) return;
    const end = b.subtract(b.length(idx), b.i64(1));
    const later = b.minimum(b.add(p, b.i64(ahead)), end);
    const row = b.multiply(wide(b.load(idx, later)), width);
    const step = lineBytes / bytesOf(type);
    for (let at = 0; at < options.width; at += step) b.prefetch(table, b.add(row, b.i64(at)), 2);
  }

  function meet(weight: Value, x: Value, type: VectorType): Value {
    const spread = b.splat(type, weight);
    return operation.kind === "bag" && operation.weights === "add" ? b.add(spread, x) : b.multiply(spread, x);
  }

  function finished(value: Value, type: VectorType, count: Value): Value {
    const { finish } = operation as Operation & { kind: "bag" };
    if (finish === "none") return value;
    if (finish === "zero-empty") {
      const zero = b.splat(type, b.constant(type.lane, 0));
      return b.select(b.equal(count, b.i64(0)), zero, value);
    }
    const counted = b.convert(type.lane, b.maximum(count, b.i64(1)));
    return b.divide(value, b.splat(type, finish === "sqrtn" ? b.unary("square-root", counted) : counted));
  }
}

interface Part {
  readonly offset: number;
  readonly type: VectorType;
  /** Lanes that count, where the row ends inside of the vector. */
  readonly mask: number | undefined;
}

function bytesOf(element: "f32" | "f64"): number {
  return element === "f64" ? 8 : 4;
}

// A row as groups of vectors that are accumulated together.
function rowParts(element: "f32" | "f64", { width, vectorBytes }: BagKernelOptions): Part[][] {
  const lanes = vectorBytes / bytesOf(element);
  const type: VectorType = { lane: element, lanes };
  const groups: Part[][] = [];
  for (let offset = 0; offset < width; offset += lanes) {
    const mask = width - offset < lanes ? width - offset : undefined;
    if ((offset / lanes) % mostAccumulators === 0) groups.push([]);
    (groups[groups.length - 1] as Part[]).push({ offset, type, mask });
  }
  return groups;
}

function masked(b: NestBuilder, type: VectorType, count: number | undefined): { mask?: Value } {
  if (count === undefined) return {};
  return { mask: b.firstLanes({ bits: type.lane === "f64" ? 64 : 32, lanes: type.lanes }, b.i32(count)) };
}

// Rows ahead, from lines ahead: what is under way at once is a number of lines, whatever the width.
function runAhead(element: "f32" | "f64", { width, runAheadLines }: BagKernelOptions): number {
  const lines = Math.max(1, Math.ceil((width * bytesOf(element)) / lineBytes));
  return runAheadLines === 0 ? 0 : Math.max(1, Math.round(runAheadLines / lines));
}
