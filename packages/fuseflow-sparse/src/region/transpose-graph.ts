/**
 * A graph that copies a tensor into another order of its modes: coordinates are held to the length of the innermost level,
 * stops are dropped, and a point accumulator sorts.
 */
import type { SamGraph, SamLevelKind, TileWork } from "../sam/graph.ts";
import { tileWork } from "../sam/tile-work.ts";
import { Netlist, type OutPort, type StoredTensor, toGraph } from "./netlist.ts";

/** The storage of the copy: dense if the tensor is, compressed elsewhere. */
export function transposedStorage(stored: StoredTensor, modeOrder: readonly number[]): StoredTensor {
  const dense = stored.levels.every((kind) => kind === "dense");
  const complete = stored.complete.every(Boolean);
  const kind: SamLevelKind = dense ? "dense" : "compressed";
  const { shape, entries, tile } = stored;
  const levels = modeOrder.map(() => kind);
  const [full, some] = [modeOrder.map(() => complete), modeOrder.map((mode) => complete && shape[mode]! > 0)];
  return {
    levels,
    modeOrder,
    shape,
    complete: full,
    nonempty: some,
    ...(entries !== undefined && { entries }),
    ...(tile && { tile }),
  };
}

/** The graph that makes `copy`, stored as `to`, of `tensor`, stored as `from`. */
export function transposeGraph(
  tensor: string,
  from: StoredTensor,
  { copy, to }: { readonly copy: string; readonly to: StoredTensor },
): SamGraph {
  const netlist = new Netlist();
  const name = (mode: number): string => `m${mode}`;
  const root = netlist.add(`root-${tensor}`, { type: "root", tensor }, {});
  let ref: OutPort = { block: root, port: "ref", kind: "ref" };
  const crds: OutPort[] = [];
  for (const [level, mode] of from.modeOrder.entries()) {
    const index = name(mode);
    const format = from.levels[level]!;
    const block = netlist.add(`scan-${index}`, { type: "scanner", tensor, level, index, format }, { ref });
    let inner: OutPort = { block, port: "crd", kind: "crd" };
    ref = { block, port: "ref", kind: "ref" };
    for (const [outer, crd] of crds.entries()) {
      const pair = { outer: name(from.modeOrder[outer]!), inner: index };
      const hold = netlist.add(`hold-${pair.outer}-${index}`, { type: "crdhold", ...pair }, { outer: crd, inner });
      crds[outer] = { block: hold, port: "outer", kind: "crd" };
      inner = { block: hold, port: "inner", kind: "crd" };
    }
    crds.push(inner);
  }
  const axes = from.shape.map((_, mode) => name(mode)).filter((_, mode) => (from.tile?.[mode] ?? 1) > 1);
  const size = Math.max(...(from.tile ?? [1]));
  const tile = (inputs: number): { readonly tile?: TileWork } =>
    from.tile === undefined ? {} : { tile: tileWork(size, Array(inputs).fill(axes), axes) };
  const array = netlist.add(`array-${tensor}`, { type: "array", tensor, ...tile(0) }, { ref });
  const flat = (stream: OutPort, of: string): OutPort => {
    const block = netlist.add(`flat-${of}`, { type: "stop-drop" }, { in: stream });
    return { block, port: "out", kind: stream.kind };
  };
  const inner = to.modeOrder.toReversed();
  const inputs: Record<string, OutPort> = { val: flat({ block: array, port: "val", kind: "val" }, "values") };
  for (const [at, mode] of inner.entries()) inputs[`crd${at}`] = flat(crds[from.modeOrder.indexOf(mode)]!, name(mode));
  const order = inner.length;
  const sort = netlist.add(
    "sort",
    { type: "spacc", form: "points", order, indices: inner.map(name), ...tile(1) },
    inputs,
  );
  for (const [level, mode] of to.modeOrder.entries()) {
    const crd: OutPort = { block: sort, port: `crd${order - 1 - level}`, kind: "crd" };
    const format = to.levels[level]!;
    const block = {
      type: "write-level",
      tensor: copy,
      level,
      index: name(mode),
      format,
      mergeEmptyFibers: false,
    } as const;
    netlist.add(`write-${copy}-${name(mode)}`, block, { crd });
  }
  netlist.add(
    `write-${copy}-values`,
    { type: "write-values", tensor: copy, ...tile(1) },
    { val: { block: sort, port: "val", kind: "val" } },
  );
  const tensors = {
    [tensor]: { levels: from.levels, modeOrder: from.modeOrder, ...(from.tile && { tile: from.tile }) },
    [copy]: { levels: to.levels, modeOrder: to.modeOrder, ...(to.tile && { tile: to.tile }) },
  };
  return toGraph(netlist.blocks, { name: `copy-${copy}`, expression: `${copy} = ${tensor}`, tensors });
}
