/**
 * Bags at machine speed: the access stream of the decoupled program as prefetches that run ahead across the ends of bags,
 * every line of a row, into the second cache; the execute unit as accumulators in registers, specialised to a width.
 *
 * Elements are added in the order of the loop nest, so results have its bits.
 */
import type { LocalValue, Nest, Value } from "@millrace/loop-ir";
import type { Operation } from "../operation/operation.ts";
import { LookupWriter } from "./lookup-writer.ts";
import { type KernelOptions, loadPart, type RowPart, rowParts, spread } from "./row-parts.ts";

/** Accumulators that are held at once. */
const mostAccumulators = 8;

/** What a bag without rows holds, before it is finished. */
const nothing = { add: 0, maximum: Number.NEGATIVE_INFINITY, minimum: Number.POSITIVE_INFINITY } as const;

/** The nest of a bag; buffers `idx`, `ptr`, `val` if weighted, `table`, `out`; scalars `rows`, `bags`. Units share the bags. */
export function bagKernel(operation: Operation & { kind: "bag" }, options: KernelOptions): Nest {
  const writer = new LookupWriter(operation, options);
  const { b, width, type } = writer;
  const bags = b.scalar("bags", "i64");
  const ptr = writer.offsets(bags);
  const val = writer.weights();
  const table = writer.table("table");
  const out = b.buffer("out", type, {
    access: options.fresh === true ? "write" : "read-write",
    extent: b.multiply(bags, width),
  });
  const parts = rowParts(type, options);
  writer.share(
    bags,
    (bag) => {
      const [from, to] = writer.bounds(ptr, bag);
      const start = b.local("start", b.multiply(bag, width));
      for (let first = 0; first < parts.length; first += mostAccumulators) {
        const group = parts.slice(first, first + mostAccumulators);
        const held = group.map((part) => b.local("held", started(part, start)));
        b.for("p", from, to, (p) => {
          if (first === 0) writer.runAhead(table, p);
          const row = writer.rowStart(p);
          const weight = val === undefined ? undefined : b.local("weight", b.load(val, p));
          for (const [place, part] of group.entries()) {
            const met = meet(part, weight, loadPart(b, table, row, part));
            b.set(held[place] as LocalValue, b.binary(operation.reduce, held[place] as LocalValue, met));
          }
        });
        for (const [place, part] of group.entries()) {
          const whole = finished(held[place] as LocalValue, part, b.subtract(to, from));
          b.store(out, b.add(start, b.i64(part.offset)), whole);
        }
      }
    },
    (first) => writer.startAhead(table, b.convert("i64", b.load(ptr, b.minimum(first, bags)))),
  );
  return b.finish();

  function started(part: RowPart, start: Value): Value {
    if (options.fresh !== true) return loadPart(b, out, start, part);
    return spread(b, part, b.constant(type, nothing[operation.reduce]));
  }

  function meet(part: RowPart, weight: Value | undefined, x: Value): Value {
    if (weight === undefined) return x;
    const wide = spread(b, part, weight);
    return operation.weights === "add" ? b.add(wide, x) : b.multiply(wide, x);
  }

  function finished(value: Value, part: RowPart, count: Value): Value {
    const { finish } = operation;
    if (finish === "none") return value;
    if (finish === "zero-empty") return b.select(b.equal(count, b.i64(0)), spread(b, part, b.constant(type, 0)), value);
    const counted = b.convert(type, b.maximum(count, b.i64(1)));
    return b.divide(value, spread(b, part, finish === "sqrtn" ? b.unary("square-root", counted) : counted));
  }
}
