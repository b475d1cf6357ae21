/**
 * The shapes of all streams of a graph: how deep each is nested, and over which loops. A scanner nests one level deeper, a
 * repeat follows the shape of its signal, a reduction takes the innermost level away; joins, arithmetic and droppers need
 * streams that line up.
 *
 * Source: Hsu et al., "The Sparse Abstract Machine", ASPLOS 2023, §3; the rule that stops of one data set line up is what the
 * blocks of its simulators assert while running.
 */
import type { SamBlock } from "../../graph.ts";
import { named } from "../check-connections.ts";
import type { GraphFaults } from "../graph-faults.ts";
import type { Wiring } from "../wiring.ts";
import { accumulateFibers, accumulatePoints } from "./accumulator-shapes.ts";
import type { AxisTable, StreamShape } from "./axes.ts";
import { dropEmpty, dropEmptyFibers, dropZeros, mask } from "./drop-shapes.ts";
import { joinOperands, locate, repeat } from "./join-shapes.ts";
import { fork, gather } from "./lane-shapes.ts";
import { ShapeScope } from "./shape-scope.ts";

/** Deepest nesting that is followed; stops have ten orders in SAM, so real graphs stay far below. */
const deepest = 64;

/** Shapes by output port, `block.port`; absent where a fault hides them. */
export interface StreamShapes {
  readonly axes: AxisTable;
  readonly byOutput: ReadonlyMap<string, StreamShape>;
}

/** Works out the shapes of all streams, and reports where streams do not line up. `order` has producers first. */
export function inferShapes(wiring: Wiring, order: readonly SamBlock[], faults: GraphFaults): StreamShapes {
  const scope = new ShapeScope(wiring, faults);
  for (const block of order) infer(scope, block);
  return scope;
}

function infer(scope: ShapeScope, block: SamBlock): void {
  switch (block.type) {
    case "root":
      scope.put(block, "ref", { axes: [], flat: false });
      return;
    case "scanner":
      scan(scope, block);
      return;
    case "intersect":
    case "union":
      joinOperands(scope, block);
      return;
    case "repeat":
      repeat(scope, block);
      return;
    case "alu": {
      const [first, second] = [scope.input(block, "val0"), scope.input(block, "val1")];
      if (first !== undefined && second !== undefined)
        scope.expectSame(block, { first, second, what: "val0 and val1" });
      scope.put(block, "val", first ?? second);
      return;
    }
    case "reduce":
      reduce(scope, block);
      return;
    case "spacc":
      if (block.form === "points") accumulatePoints(scope, block);
      else accumulateFibers(scope, block);
      return;
    case "crdhold": {
      const held = scope.input(block, "inner");
      scope.pair(block);
      for (const port of ["outer", "inner"]) scope.put(block, port, held);
      return;
    }
    case "crddrop":
      dropEmpty(scope, block);
      return;
    case "mask":
      mask(scope, block);
      return;
    case "val-drop":
      dropZeros(scope, block);
      return;
    case "stop-drop": {
      const shape = scope.input(block, "in");
      if (shape !== undefined) scope.put(block, "out", { axes: shape.axes, flat: true });
      return;
    }
    case "empty-fiber-drop":
      dropEmptyFibers(scope, block);
      return;
    case "split":
      split(scope, block);
      return;
    case "locate":
      locate(scope, block);
      return;
    case "fork":
      fork(scope, block);
      return;
    case "join":
      gather(scope, block);
      return;
    default:
      passOn(scope, block);
  }
}

/** A reduction takes the innermost level away; the coordinates that guide it, if any, have what is left. */
function reduce(scope: ShapeScope, block: SamBlock): void {
  const [shape, guide] = [scope.input(block, "val"), scope.input(block, "crd")];
  if (shape === undefined) return;
  if (shape.axes.length === 0) {
    scope.tooShallow(block, "val", shape);
    return;
  }
  const around = { axes: shape.axes.slice(0, -1), flat: false };
  if (guide !== undefined) {
    scope.expectSame(block, { first: guide, second: around, what: "crd and the fibres of val" });
  }
  scope.put(block, "val", around);
}

/** Blocks whose outputs have the shape of their one input. */
function passOn(scope: ShapeScope, block: SamBlock): void {
  const passed = {
    repsiggen: ["crd", "repsig"],
    array: ["ref", "val"],
    unary: ["val", "val"],
    "gen-ref": ["crd", "ref"],
    // A word stands for its coordinates.
    "pack-bits": ["crd", "bv"],
  };
  if (block.type === "broadcast") {
    const shape = scope.input(block, "in");
    for (let way = 0; way < block.ways; way++) scope.put(block, `out${way}`, shape);
    return;
  }
  const [from = "", to = ""] = (passed as Readonly<Record<string, readonly string[]>>)[block.type] ?? [];
  if (to !== "") scope.put(block, to, scope.input(block, from));
}

function scan(scope: ShapeScope, block: Extract<SamBlock, { type: "scanner" }>): void {
  const shape = scope.input(block, "ref");
  if (shape === undefined) return;
  if (shape.axes.length >= deepest) {
    scope.report("depth", `${named(block)} nests deeper than ${deepest} levels`, { block: block.id });
    return;
  }
  const dense = block.format === "dense";
  const key = dense ? `dense ${block.index || `${block.tensor} ${block.level}`}` : `scan ${block.id}`;
  const axis = scope.axes.axis(key, { index: block.index, dense, mayBeEmpty: false, block: block.id });
  const scanned = { axes: [...shape.axes, axis], flat: false };
  for (const port of ["crd", "bv", "ref"]) scope.put(block, port, scanned);
  if (block.format !== "bitvector") return;
  // Words stand for their coordinates, but each has only the reference of its first.
  const first = scope.axes.axis(`words ${block.id}`, { ...scope.axes.origin(axis), mayBeEmpty: false });
  scope.put(block, "ref", { axes: [...shape.axes, first], flat: false });
}

/** Chunks in the place of a level, and its coordinates a level deeper. The same level split alike twice is the same. */
function split(scope: ShapeScope, block: Extract<SamBlock, { type: "split" }>): void {
  const shape = scope.input(block, "crd");
  const whole = shape?.axes.at(-1);
  if (shape === undefined) return;
  if (whole === undefined || shape.flat) {
    scope.tooShallow(block, "crd", shape);
    return;
  }
  const { mayBeEmpty } = scope.axes.origin(whole);
  const made = { dense: false, block: block.id };
  const { axes } = scope;
  const chunks = axes.axis(`chunks ${whole} ${block.width}`, { ...made, index: block.outer, mayBeEmpty });
  const inside = { ...made, index: block.inner, mayBeEmpty: false, chunksOf: whole };
  const around = [...shape.axes.slice(0, -1), chunks];
  scope.put(block, "outer", { axes: around, flat: false });
  const within = axes.axis(`within ${whole} ${block.width}`, inside);
  scope.put(block, "inner", { axes: [...around, within], flat: false });
}
