/**
 * Lowers a fused region to blocks: every output is walked along the loop order, with writers at its end.
 */

import type { FusedRegion } from "../fuse/expand.ts";
import type { FusedNode } from "../fuse/fused-node.ts";
import type { SamLevelKind } from "../sam/graph.ts";
import { CombineCursor } from "./combine-cursor.ts";
import { type Cursor, inLoopOrder, type LoweringScope, type OpenLoop, open } from "./cursor.ts";
import { LeafCursor } from "./leaf-cursor.ts";
import { resolve } from "./loop-join.ts";
import { type NetBlock, Netlist, type OutPort, type StoredTensor } from "./netlist.ts";
import { ReduceCursor } from "./reduce-cursor.ts";

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
  const filler = (extent: number): string => {
    const name = `every-${extent}`;
    fillers.set(name, extent);
    const full = [true];
    const stored = {
      levels: ["dense" as const],
      modeOrder: [0],
      shape: [extent],
      complete: full,
      nonempty: [extent > 0],
    };
    tensors.set(name, stored);
    return name;
  };
  const { order, guides } = options;
  const scope: LoweringScope = { netlist, order, extents: region.extents, tensors, guides, filler };
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

function cursorOf(node: FusedNode, scope: LoweringScope): Cursor {
  const variables = inLoopOrder(node.variables, scope.order);
  switch (node.kind) {
    case "leaf":
      return new LeafCursor(node.tensor, node.indices, scope);
    case "reduce":
      return new ReduceCursor(cursorOf(node.operand, scope), node, scope);
    case "map": {
      const { operation, constant, tensor } = node;
      const apply = ([val]: readonly OutPort[]): OutPort => {
        const parameters = constant === undefined ? {} : { constant };
        const block = scope.netlist.add(
          operation,
          { type: "unary", operation, ...parameters, label: tensor },
          { val: val! },
        );
        return { block, port: "val", kind: "val" };
      };
      const fillers = fillersOf(node.whole ? variables : [], scope);
      const identity = operation === "scalar-add" && constant === 0;
      const how = { meeting: "any", pattern: 0, tensor, fillers, identity, apply } as const;
      return new CombineCursor([cursorOf(node.operand, scope)], variables, how, scope);
    }
    case "combine": {
      const { operation, operands, results, meeting, pattern, tensor } = node;
      const apply = (values: readonly OutPort[]): OutPort =>
        values.reduce((val0, val1, at) => {
          const label = results[at - 1]!;
          const block = scope.netlist.add(operation, { type: "alu", operation, label }, { val0, val1 });
          return { block, port: "val", kind: "val" };
        });
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

function fillersOf(variables: readonly string[], scope: LoweringScope): ReadonlyMap<string, Cursor> {
  const fillers = new Map<string, Cursor>();
  for (const variable of variables) {
    const extent = scope.extents.get(variable);
    if (extent === undefined) throw new TypeError(`variable ${variable} has no extent`);
    fillers.set(variable, new LeafCursor(scope.filler(extent), [variable], scope));
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
  { netlist, extents }: LoweringScope,
): StoredTensor {
  const levels: SamLevelKind[] = [];
  for (const { variable, crd, complete } of loops) {
    const format = complete && results === "auto" ? "dense" : "compressed";
    const level = levels.push(format) - 1;
    const block = { type: "write-level", tensor, level, index: variable, format, mergeEmptyFibers: false } as const;
    netlist.add(`write-${tensor}-${variable}`, block, { crd });
  }
  netlist.add(`write-${tensor}-values`, { type: "write-values", tensor }, { val });
  return {
    levels,
    modeOrder: loops.map(({ variable }) => indices.indexOf(variable)),
    shape: indices.map((index) => extents.get(index) ?? 0),
    complete: loops.map(({ complete }) => complete),
    nonempty: loops.map(({ nonempty }) => nonempty),
  };
}
