/**
 * Products of pairs of rows at machine speed: sampled products (SDDMM), and those fused with the sum of messages (FusedMM).
 *
 * A product is a sum in the order of the row, as in the loop nest, so it cannot be cut into lanes; four pairs are computed
 * side by side instead. The second reading of a row, for its message, finds it in the first cache.
 */
import type { BufferValue, LocalValue, Nest, Value } from "@millrace/loop-ir";
import type { Operation } from "../operation/operation.ts";
import { exponentialExpression } from "./float-expressions.ts";
import { LookupWriter } from "./lookup-writer.ts";
import { type KernelOptions, loadPart, rowParts, spread } from "./row-parts.ts";

const sideBySide = 4;
/** Accumulators of messages that stay in registers; wider rows are added up in memory. */
const mostAccumulators = 8;

/**
 * The nest of a sampled or fused product; buffers `idx`, `ptr`, `val` if weighted, `x`, `y`, `out`; scalars `rows` (of `y`)
 * and `bags` (rows of `x`). Units share the rows of `x`.
 */
export function pairKernel(operation: Operation & { kind: "sddmm" | "fused" }, options: KernelOptions): Nest {
  const writer = new LookupWriter(operation, options);
  const { b, width, type, idx } = writer;
  const bags = b.scalar("bags", "i64");
  const ptr = writer.offsets(bags);
  const val = writer.weights();
  const x = b.buffer("x", operation.table, { extent: b.multiply(bags, width) });
  const y = writer.table("y");
  const extent = operation.kind === "sddmm" ? b.length(idx) : b.multiply(bags, width);
  const out = b.buffer("out", type, { access: operation.kind === "sddmm" ? "write" : "read-write", extent });
  const take = operation.kind === "sddmm" ? sampling(writer, out, val) : undefined;
  writer.share(
    bags,
    (i) => {
      const [from, to] = writer.bounds(ptr, i);
      const start = b.local("start", b.multiply(i, width));
      const message = operation.kind === "fused" ? messages(writer, { out, y, start }) : undefined;
      const pairs = (p: Value, count: number) => {
        const places = Array.from({ length: count }, (_, k) => (k === 0 ? p : b.add(p, b.i64(k))));
        const rows = places.map((place) => writer.rowStart(place));
        for (const place of places) writer.runAhead(y, place);
        for (const [k, sum] of products(writer, { x, y, start }, rows).entries()) {
          take?.(places[k] as Value, sum);
          if (operation.kind === "fused") message?.add(weightOf(writer, operation, sum), rows[k] as Value);
        }
      };
      const even = b.multiply(b.divide(b.subtract(to, from), b.i64(sideBySide)), b.i64(sideBySide));
      const last = b.local("last", b.add(from, even));
      b.for("p", from, last, (p) => pairs(p, sideBySide), { step: sideBySide });
      b.for("p", last, to, (p) => pairs(p, 1));
      message?.store();
    },
    (first) => writer.startAhead(y, b.convert("i64", b.load(ptr, b.minimum(first, bags)))),
  );
  return b.finish();
}

/** Stores products, times the entries of the sampled matrix where it has any. */
function sampling({ b }: LookupWriter, out: BufferValue, val: BufferValue | undefined) {
  return (p: Value, sum: Value): void => b.store(out, p, val === undefined ? sum : b.multiply(b.load(val, p), sum));
}

interface Pair {
  readonly x: BufferValue;
  readonly y: BufferValue;
  /** Where the row of `x` begins. */
  readonly start: Value;
}

/** The products of a row of `x` with rows of `y`, each added up from its first element on. */
function products({ b, type, options }: LookupWriter, { x, y, start }: Pair, rows: readonly Value[]): LocalValue[] {
  const sums = rows.map(() => b.local("sum", b.constant(type, 0)));
  b.for("j", b.i64(0), b.i64(options.width), (j) => {
    const left = b.local("left", b.convert(type, b.load(x, b.add(start, j))));
    for (const [k, row] of rows.entries()) {
      const right = b.convert(type, b.load(y, b.add(row, j)));
      b.set(sums[k] as LocalValue, b.add(sums[k] as LocalValue, b.multiply(left, right)));
    }
  });
  return sums;
}

/** Adds weighted rows of `y` to the row of `out` that begins at `start`. */
function messages(
  { b, type, options }: LookupWriter,
  { out, y, start }: { readonly out: BufferValue; readonly y: BufferValue; readonly start: Value },
) {
  const parts = rowParts(type, options);
  const inRegisters = parts.length <= mostAccumulators;
  const held = inRegisters ? parts.map((part) => b.local("held", loadPart(b, out, start, part))) : [];
  return {
    add(weight: Value, row: Value): void {
      for (const [place, part] of parts.entries()) {
        const message = b.multiply(spread(b, part, weight), loadPart(b, y, row, part));
        const local = held[place];
        if (local !== undefined) b.set(local, b.add(local, message));
        else b.store(out, b.add(start, b.i64(part.offset)), b.add(loadPart(b, out, start, part), message));
      }
    },
    store(): void {
      for (const [place, local] of held.entries()) b.store(out, b.add(start, b.i64(parts[place]?.offset ?? 0)), local);
    },
  };
}

function weightOf({ b, type }: LookupWriter, operation: Operation & { kind: "fused" }, sum: Value): Value {
  if (operation.activation === "identity") return sum;
  const power = exponentialExpression(b, b.unary("negate", sum), type);
  return b.local("weight", b.divide(b.constant(type, 1), b.add(b.constant(type, 1), power)));
}
