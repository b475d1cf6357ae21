/**
 * Lowers a fused region to blocks: every output is walked along the loop order, with writers at its end.
 */

import type { FusedRegion } from "../fuse/expand.ts";
import type { FusedNode, ReduceNode } from "../fuse/fused-node.ts";
import type { SamLevelKind } from "../sam/graph.ts";
import { tileWork } from "../sam/tile-work.ts";
import { CombineCursor } from "./combine-cursor.ts";
import { axesIn, combineValues } from "./combine-values.ts";
import { type Cursor, inLoopOrder, type LoweringScope, type OpenLoop, open } from "./cursor.ts";
import { LeafCursor } from "./leaf-cursor.ts";
import { resolve } from "./loop-join.ts";
import { type NetBlock, Netlist, type OutPort, type StoredTensor } from "./netlist.ts";
import { ReduceCursor } from "./reduce-cursor.ts";
import { knowsExtent, tileScopeOf, withExtent } from "./tile-scope.ts";

/** How a region is to be lowered. */
export interface LowerRegionOptions {
  /** All variables, outermost loop first. */
  readonly order: readonly string[];
  /** Storage of every tensor from outside. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** How results are stored: `auto`, dense where every coordinate occurs; or `compressed` throughout. */
  readonly results: "auto" | "compressed";
  readonly guides: LoweringScope["guides"];
}

/** Blocks of a region, and how its results are stored. */
export interface LoweredRegion {
  readonly blocks: readonly NetBlock[];
  /** Inputs, fillers and outputs. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Dense tensors of ones that fill loops, by name: their extents. */
  readonly fillers: ReadonlyMap<string, number>;
}

/**
 * Lowers every output of a region in one graph. Blocks that do the same are not merged: that is a pass.
 *
 * @throws {FusionConflict} where an intermediate result cannot be streamed in this order
 */
export function lowerRegion(region: FusedRegion, options: LowerRegionOptions): LoweredRegion {
  const netlist = new Netlist();
  const tensors = new Map(options.tensors);
  const fillers = new Map<string, number>();
  const { order, guides } = options;
  const { extents } = region;
  const tiles = tileScopeOf(region, tensors);
  const filler = (variable: string): string => {
    const extent = extents.get(variable);
    if (extent === undefined) throw new TypeError(`variable ${variable} has no extent`);
    const tiled = tiles?.blocked.has(variable) ? { tile: [tiles.size] } : {};
    const name = `every-${extent}${"tile" in tiled ? `-by-${tiles!.size}` : ""}`;
    fillers.set(name, extent);
    const one = { levels: ["dense" as const], modeOrder: [0], shape: [extent] };
    tensors.set(name, { ...one, ...tiled, complete: [true], nonempty: [extent > 0] });
    return name;
  };
  const scope: LoweringScope = { netlist, order, extents, tensors, guides, tiles, filler };
  for (const output of region.outputs) {
    const cursor = cursorOf(output.node, scope);
    const loops: OpenLoop[] = [];
    for (const variable of inLoopOrder(output.node.variables, order)) {
      const loop = open(resolve(cursor.advance(variable), { netlist, variable }), variable);
      cursor.settle(loop);
      loops.push(loop);
    }
    tensors.set(output.tensor, write(output, { loops, val: cursor.value(), results: options.results }, scope));
  }
  const used = new Set(netlist.blocks.flatMap(({ block }) => ("tensor" in block ? [block.tensor] : [])));
  const kept = new Map([...tensors].filter(([name]) => used.has(name)));
  return { blocks: netlist.blocks, tensors: kept, fillers };
}

/** `summed` are the variables that a product may sum along inside its tiles. */
function cursorOf(node: FusedNode, scope: LoweringScope, summed: ReadonlySet<string> = new Set()): Cursor {
  const variables = inLoopOrder(node.variables, scope.order);
  switch (node.kind) {
    case "leaf":
      return new LeafCursor(node.tensor, node.indices, scope);
    case "reduce":
      return new ReduceCursor(reducedCursor(node, scope), node, scope);
    case "map": {
      const { operation, constant, tensor } = node;
      const apply = ([val]: readonly OutPort[]): OutPort => {
        const parameters = constant === undefined ? {} : { constant };
        const { tiles } = scope;
        const axes = axesIn(val!);
        const tile = tiles === null ? {} : { tile: tileWork(tiles.size, [axes], axes) };
        const block = scope.netlist.add(
          operation,
          { type: "unary", operation, ...parameters, label: tensor, ...tile },
          { val: val! },
        );
        return { block, port: "val", kind: "val", ...(tiles !== null && { axes }) };
      };
      const fillers = fillersOf(node.whole ? variables : [], scope);
      const identity = operation === "scalar-add" && constant === 0;
      const how = { meeting: "any", pattern: 0, tensor, fillers, identity, apply } as const;
      return new CombineCursor([cursorOf(node.operand, scope)], variables, how, scope);
    }
    case "combine": {
      const { operands, meeting, pattern, tensor } = node;
      const apply = (values: readonly OutPort[]): OutPort => combineValues(values, node, scope, summed);
      const lacking = variables.filter((v) => operands.some((operand) => !operand.variables.includes(v)));
      const fillers = fillersOf(meeting === "any" ? lacking : [], scope);
      const cursors = operands.map((operand) => cursorOf(operand, scope));
      return new CombineCursor(
        cursors,
        variables,
        { meeting, pattern, tensor, fillers, identity: false, apply },
        scope,
      );
    }
  }
}

/**
 * The operand of a reduction. A sum of products leaves its sums inside tiles to the products; another sum over a loop whose
 * last tile sticks out needs tiles that know where they end.
 */
function reducedCursor({ operand, over, operation }: ReduceNode, scope: LoweringScope): Cursor {
  const { tiles, extents } = scope;
  if (tiles === null || operation !== "add") return cursorOf(operand, scope);
  let inner = operand;
  for (const variable of over) {
    const ragged = tiles.blocked.has(variable) && extents.get(variable)! % tiles.size !== 0;
    if (ragged && !knowsExtent(inner, variable)) inner = withExtent(inner, variable, scope.filler(variable));
  }
  const product = inner.kind === "combine" && inner.operation === "mul";
  return cursorOf(inner, scope, product ? new Set(over.filter((variable) => tiles.blocked.has(variable))) : undefined);
}

function fillersOf(variables: readonly string[], scope: LoweringScope): ReadonlyMap<string, Cursor> {
  const fillers = new Map<string, Cursor>();
  for (const variable of variables) {
    fillers.set(variable, new LeafCursor(scope.filler(variable), [variable], scope));
  }
  return fillers;
}

interface Written {
  readonly loops: readonly OpenLoop[];
  readonly val: OutPort;
  readonly results: "auto" | "compressed";
}

function write(
  { tensor, indices }: FusedRegion["outputs"][number],
  { loops, val, results }: Written,
  { netlist, extents, tiles }: LoweringScope,
): StoredTensor {
  const levels: SamLevelKind[] = [];
  for (const { variable, crd, complete } of loops) {
    const format = complete && results === "auto" ? "dense" : "compressed";
    const level = levels.push(format) - 1;
    const block = { type: "write-level", tensor, level, index: variable, format, mergeEmptyFibers: false } as const;
    netlist.add(`write-${tensor}-${variable}`, block, { crd });
  }
  const axes = indices.filter((index) => tiles?.blocked.has(index));
  const work = tiles === null ? {} : { tile: tileWork(tiles.size, [axesIn(val)], axes) };
  netlist.add(`write-${tensor}-values`, { type: "write-values", tensor, ...work }, { val });
  const tile = indices.map((index) => (tiles?.blocked.has(index) ? tiles.size : 1));
  return {
    ...(tile.some((extent) => extent > 1) && { tile }),
    levels,
    modeOrder: loops.map(({ variable }) => indices.indexOf(variable)),
    shape: indices.map((index) => extents.get(index) ?? 0),
    complete: loops.map(({ complete }) => complete),
    nonempty: loops.map(({ nonempty }) => nonempty),
  };
}
