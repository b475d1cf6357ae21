/** Shapes behind joins, repeats and located levels. */
import type { SamBlock } from "../../graph.ts";
import type { Axis, StreamShape } from "./axes.ts";
import type { ShapeScope } from "./shape-scope.ts";

/** The join of all operands, whose outer levels must be the same. */
export function joinOperands(scope: ShapeScope, block: Extract<SamBlock, { type: "intersect" | "union" }>): void {
  const operands: StreamShape[] = [];
  for (let k = 0; k < block.arity; k++) {
    const [crd, ref] = [scope.input(block, `crd${k}`), scope.input(block, `ref${k}`)];
    if (crd === undefined) continue;
    if (ref !== undefined) scope.expectSame(block, { first: crd, second: ref, what: `crd${k} and ref${k}` });
    if (crd.axes.length === 0) scope.tooShallow(block, `crd${k}`, crd);
    else operands.push(crd);
  }
  const [first] = operands;
  if (first === undefined) return;
  const prefix = (shape: StreamShape): StreamShape => ({ axes: shape.axes.slice(0, -1), flat: shape.flat });
  for (const [k, operand] of operands.entries()) {
    const what = `the levels outside of crd0 and crd${k}`;
    if (k > 0) scope.expectSame(block, { first: prefix(first), second: prefix(operand), what });
  }
  const axis = joinedAxis(
    scope,
    block,
    operands.map((shape) => shape.axes.at(-1) as Axis),
  );
  const joined = { axes: [...first.axes.slice(0, -1), axis], flat: false };
  scope.put(block, "crd", joined);
  for (let k = 0; k < block.arity; k++) scope.put(block, `ref${k}`, joined);
}

/** A dense level does not restrict an intersection, and fills a union. Joins in any order or grouping give the same axis. */
function joinedAxis(
  scope: ShapeScope,
  block: Extract<SamBlock, { type: "intersect" | "union" }>,
  all: readonly Axis[],
): Axis {
  const union = block.type === "union";
  const dense = all.filter((axis) => scope.axes.origin(axis).dense);
  const sparse = all.filter((axis) => !scope.axes.origin(axis).dense);
  const deciding = union ? (dense.length > 0 ? dense : sparse) : sparse.length > 0 ? sparse : dense;
  const members = new Set(
    deciding.flatMap((axis) => {
      const { joined } = scope.axes.origin(axis);
      return joined?.type === block.type ? joined.members : [axis];
    }),
  );
  // What a union has of an intersection is in its operands already: a union (a intersect b) is a.
  const absorbed = (axis: Axis): boolean => {
    const { joined } = scope.axes.origin(axis);
    return (
      union && joined?.type === "intersect" && joined.members.some((member) => member !== axis && members.has(member))
    );
  };
  const sorted = [...members].filter((axis) => !absorbed(axis)).toSorted((a, b) => a - b);
  const [only] = sorted;
  if (sorted.length === 1 && only !== undefined) return only;
  return scope.axes.axis(`${block.type} ${sorted.join(" ")}`, {
    index: block.index,
    dense: dense.length === all.length,
    mayBeEmpty: !union && sparse.length > 0,
    joined: { type: block.type, members: sorted },
    block: block.id,
  });
}

/** A repeated stream has the shape of its signal, whose fibres must be the tokens to repeat. */
export function repeat(scope: ShapeScope, block: Extract<SamBlock, { type: "repeat" }>): void {
  const [repeated, signal] = [scope.input(block, "ref"), scope.input(block, "repsig")];
  if (repeated !== undefined && signal !== undefined) {
    const outer = { axes: signal.axes.slice(0, -1), flat: signal.flat };
    if (signal.axes.length === 0) scope.tooShallow(block, "repsig", signal);
    else scope.expectSame(block, { first: repeated, second: outer, what: "ref and the fibres of repsig" });
  }
  scope.put(block, "ref", signal);
}

/** A located level has the shape of the coordinates that are looked up. */
export function locate(scope: ShapeScope, block: Extract<SamBlock, { type: "locate" }>): void {
  const [crd, ref, parent] = [scope.input(block, "crd"), scope.input(block, "ref"), scope.input(block, "parent")];
  if (crd !== undefined && ref !== undefined) scope.expectSame(block, { first: crd, second: ref, what: "crd and ref" });
  if (crd !== undefined && parent !== undefined) {
    const outer = { axes: crd.axes.slice(0, -1), flat: crd.flat };
    scope.expectSame(block, { first: parent, second: outer, what: "parent and the levels outside of crd" });
  }
  for (const port of ["crd", "ref0", "ref1"]) scope.put(block, port, crd ?? ref);
}
