import { multiply } from "../../extent/arithmetic.ts";
import type { Extent } from "../../extent/extent.ts";
import type { FlatMapFunction } from "../../functions/function.ts";
import { flatMapFunction } from "../../functions/registry.ts";
import { HeldEmitter } from "../../interpret/held-emitter.ts";
import { build, type NodeName } from "../../program/build.ts";
import type { NodeContext, Operator } from "../../program/operator.ts";
import type { Stream } from "../../program/program.ts";
import { expectTileInput } from "../../program/rules.ts";
import { type Dimension, isRagged, ragged, regular } from "../../stream/dimension.ts";
import { outerDimensions, type Shape } from "../../stream/shape.ts";
import type { TileValue } from "../../stream/value.ts";
import { named } from "./arguments.ts";

/**
 * Replaces each element by the elements that a function makes of it. With `rank` 0 they are put one after the other; with
 * `rank` b each argument's results are a group of b dimensions, of which all but the innermost are 1.
 */
export const flatMapOperator: Operator = {
  name: "flat-map",
  about: "Replaces each element by any number of elements.",
  ports: ["input"],
  attributes: {
    fn: { kind: "function", about: "the function" },
    rank: {
      kind: "integer",
      about: "dimensions of what the function makes of one element; 0 unless given",
      optional: true,
    },
    parameter: { kind: "integer", about: "a number for the function; 1 unless given", optional: true, least: 1 },
  },
  infer(node) {
    const type = expectTileInput(node);
    const { element, count } = named(node, () => {
      const fn = flatMapFunction(node.attributes.fn("fn"));
      return fn.infer(type, node.attributes.number("parameter", 1));
    });
    return [{ shape: spreadShape(node, node.inputs[0]!.shape, count), element }];
  },
  *interpret(node, wires) {
    const fn = flatMapFunction(node.attributes.fn("fn"));
    const rank = node.attributes.number("rank");
    const parameter = node.attributes.number("parameter", 1);
    const out = new HeldEmitter(wires);
    for (;;) {
      const slot = yield* wires.take(0);
      if (slot === undefined) break;
      const tile = slot.value as TileValue | undefined;
      const made = tile === undefined ? [] : named(node, () => fn.apply(tile, parameter));
      const stop = slot.stop > 0 || tile === undefined ? slot.stop + rank : rank;
      for (const [place, value] of made.entries()) out.emit(value, place === made.length - 1 ? stop : 0);
      if (made.length === 0) out.emit(undefined, stop);
    }
    out.end();
  },
};

function spreadShape(node: NodeContext, shape: Shape, count: Extent | undefined): Shape {
  const rank = node.attributes.number("rank");
  const outer = outerDimensions(shape, 1);
  const last = shape.at(-1)!;
  if (rank === 0) {
    if (count !== undefined && !isRagged(last)) return [...outer, regular(multiply(last.extent, count))];
    // All there is, if nothing is outside: a single extent, though not a known one.
    const inner: Dimension = ragged(node.fresh("n"));
    return [...outer, outer.length === 0 ? regular(inner.extent) : inner];
  }
  const ones = Array.from({ length: rank - 1 }, () => regular(1));
  return [...shape, ...ones, count === undefined ? ragged(node.fresh("n")) : regular(count)];
}

/** Adds a node that spreads elements. */
export function flatMap(
  input: Stream,
  options: NodeName & { fn: string | FlatMapFunction; rank?: number; parameter?: number },
): Stream {
  return build(flatMapOperator, [input], { ...options }).outputs[0]!;
}
