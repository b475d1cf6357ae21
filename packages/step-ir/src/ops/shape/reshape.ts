import { StepError } from "../../errors.ts";
import { ceilDivide, sumOverGroups, symbol } from "../../extent/arithmetic.ts";
import { build, type NodeName } from "../../program/build.ts";
import type { NodeContext, Operator } from "../../program/operator.ts";
import type { Stream } from "../../program/program.ts";
import { expectRank, ruleError, shapeNote } from "../../program/rules.ts";
import { type Dimension, regular, staticExtent } from "../../stream/dimension.ts";
import { type ElementType, isNumber, tile } from "../../stream/element-type.ts";
import { dimensionAt, innerDimensions, outerDimensions } from "../../stream/shape.ts";
import { scalar, TileValue, type Value } from "../../stream/value.ts";

/**
 * Splits dimension `rank` into chunks. The innermost one may have any extent: its last chunk is filled up with tiles of
 * `pad`, and the second output says which elements are padding.
 */
export const reshapeOperator: Operator = {
  name: "reshape",
  about: "Splits a dimension into chunks, padding the last.",
  ports: ["input"],
  attributes: {
    chunk: { kind: "integer", about: "elements of a chunk", least: 1 },
    rank: { kind: "integer", about: "the dimension to split; 0 unless given", optional: true },
    pad: { kind: "number", about: "the number that padding is filled with; 0 unless given", optional: true },
  },
  infer(node) {
    const [rank, chunk] = [node.attributes.number("rank"), node.attributes.number("chunk")];
    expectRank(node, rank);
    const { shape, element } = node.inputs[0]!;
    const chunks = split(node, dimensionAt(shape, rank), rank, chunk);
    const parts = [chunks, regular(chunk)];
    const reshaped = [...outerDimensions(shape, rank + 1), ...parts, ...innerDimensions(shape, rank)];
    return [
      { shape: reshaped, element },
      { shape: reshaped, element: tile("bool", 1, 1) },
    ];
  },
  *interpret(node, wires) {
    const [rank, chunk] = [node.attributes.number("rank"), node.attributes.number("chunk")];
    const emit = (value: Value | undefined, stop: number, padding: boolean): void => {
      wires.emit(0, value, stop);
      wires.emit(1, value === undefined ? undefined : scalar(padding ? 1 : 0), stop);
    };
    let count = 0;
    for (;;) {
      const slot = yield* wires.take(0);
      if (slot === undefined) break;
      const ends = rank === 0 ? slot.value !== undefined : slot.stop >= rank;
      if (ends) count += 1;
      const full = count === chunk;
      if (slot.stop > rank) {
        const short = rank === 0 && count > 0 && !full;
        emit(slot.value, short ? 0 : slot.stop + 1, false);
        if (short) fill(node, chunk - count, slot.stop + 1, emit);
        count = 0;
      } else if (ends && full) {
        emit(slot.value, rank + 1, false);
        count = 0;
      } else emit(slot.value, slot.stop, false);
    }
    // Only the outermost dimension ends without a stop.
    if (count > 0) fill(node, chunk - count, rank + 1, emit);
  },
};

function split(node: NodeContext, dimension: Dimension, rank: number, chunk: number): Dimension {
  const extent = ceilDivide(dimension.extent, chunk);
  if (rank === 0) return { extent, ...totalOf(node, dimension, chunk, extent) };
  const size = staticExtent(dimension);
  if (size !== undefined && size % chunk === 0) return { extent };
  throw ruleError(node, {
    code: size === undefined ? "dimension-dynamic" : "shape-mismatch",
    fault: size === undefined ? `dim ${rank} is dynamic` : `${chunk} does not divide the ${size} of dim ${rank}`,
    dimension: rank,
    shapes: [shapeNote(node, 0, "input")],
    rule: "only the innermost dimension can be padded: any other must be static and divisible by the chunk",
  });
}

/** All chunks of a ragged dimension: a sum, unless the stream has other groups than the symbol, as one of several ways has. */
function totalOf(
  node: NodeContext,
  { extent, total }: Dimension,
  chunk: number,
  chunks: Dimension["extent"],
): { readonly total?: Dimension["extent"] } {
  if (total === undefined) return {};
  if (total === sumOverGroups(extent)) return { total: sumOverGroups(chunks) };
  return { total: chunk === 1 ? total : symbol(node.fresh("total")) };
}

type Emit = (value: Value | undefined, stop: number, padding: boolean) => void;

function fill(node: NodeContext, count: number, stop: number, emit: Emit): void {
  for (let at = 1; at <= count; at++) emit(paddingTile(node), at === count ? stop : 0, true);
}

/** The tile that fills up chunks. @throws {StepError} `value-shape` unless its rows and columns are static. */
export function paddingTile(node: NodeContext): TileValue {
  const element: ElementType = node.inputs[0]!.element;
  const rows = element.kind === "tile" ? element.rows.value : undefined;
  const columns = element.kind === "tile" ? element.columns.value : undefined;
  if (rows === undefined || columns === undefined) {
    const message = `reshape "${node.id}" must pad, which needs tiles of static rows and columns`;
    throw new StepError("value-shape", message, { node: node.id });
  }
  const numbers = new Float64Array(rows * columns).fill(node.attributes.number("pad"));
  return new TileValue(rows, columns, numbers, isNumber(element) ? 1 : 0);
}

/** Adds a node that splits a dimension; the result is the chunks, and which of their elements are padding. */
export function reshape(
  input: Stream,
  options: NodeName & { chunk: number; rank?: number; pad?: number },
): { readonly chunks: Stream; readonly padding: Stream } {
  const [chunks, padding] = build(reshapeOperator, [input], { ...options }).outputs as [Stream, Stream];
  return { chunks, padding };
}
