/**
 * What each block makes of its streams, as nested lists: the meaning of a graph without any timing.
 */
import { combine, unaryFunction } from "../blocks/compute/operations.ts";
import { FuseflowError } from "../errors.ts";
import type { BinaryOperation, SamBlock } from "../sam/graph.ts";
import {
  levelSize,
  type Operands,
  operandOf,
  scannedBitvector,
  scannedLevel,
  valuesOf,
} from "../simulate/operand-arrays.ts";
import type { LanePair } from "../simulate/pair-lanes.ts";
import { evaluateJoin } from "./evaluate-join.ts";
import { evaluateFork, evaluateLaneJoin } from "./evaluate-lanes.ts";
import { evaluateFiberSums, evaluatePointSums } from "./evaluate-sums.ts";
import { evaluatePackBits, evaluateWordScan } from "./evaluate-words.ts";
import { type FiberTree, itemsOf, listOf, mapAt, numberOf, type TreeStream, zipAt } from "./fiber-tree.ts";

/** What evaluation needs besides the streams. */
export interface EvaluationPlace {
  readonly operands: Operands;
  readonly lanes: ReadonlyMap<string, LanePair>;
}

/** The output streams of a block, in the order of its output ports; `inputs` in the order of its connected input ports. */
export function evaluateBlock(
  block: SamBlock,
  inputs: readonly TreeStream[],
  place: EvaluationPlace,
): readonly TreeStream[] {
  const [first, second, third] = inputs;
  switch (block.type) {
    case "root":
      return [{ depth: 0, tree: 0 }];
    case "scanner":
      return scan(block, first!, place.operands);
    case "intersect":
    case "union": {
      const pairs = Array.from({ length: block.arity }, (_, k) => ({ crd: inputs[2 * k]!, ref: inputs[2 * k + 1]! }));
      return evaluateJoin(block.type, pairs);
    }
    case "locate":
      return locate(block, inputs, place.operands);
    case "repeat":
      return [repeat(first!, second!)];
    case "array":
      return [load(block, first!, place.operands)];
    case "alu":
      return [combineItems(block.operation, first!, second!)];
    case "unary": {
      const operation = unaryFunction(block.operation, block.constant);
      return [{ ...first!, tree: mapAt(first!.tree, first!.depth, (value) => operation(numberOf(value))) }];
    }
    case "reduce":
      return [reduce(block.operation === "max", first!)];
    case "spacc":
      return block.form === "fibers" ? evaluateFiberSums(block.order, inputs) : evaluatePointSums(inputs);
    case "crdhold":
      return [repeat(first!, second!), second!];
    case "crddrop":
      return dropEmpty(first!, second!);
    case "val-drop":
      return dropZeros(first!, second!);
    case "mask":
      return mask(block, [first!, second!, third!]);
    case "fork":
      return evaluateFork(block, first!);
    case "join": {
      const { depth, dealing } = place.lanes.get(block.id)!;
      return [evaluateLaneJoin(inputs, depth, dealing)];
    }
    default:
      return passOn(block, first!);
  }
}

function passOn(block: SamBlock, input: TreeStream): readonly TreeStream[] {
  switch (block.type) {
    case "repsiggen":
      return [input];
    case "broadcast":
      return Array.from({ length: block.ways }, () => input);
    case "stop-drop":
      return [{ depth: 1, tree: itemsOf(input.tree) }];
    case "empty-fiber-drop":
      return [{ ...input, tree: withoutEmptyFibers(input.tree, input.depth) }];
    case "split":
      return split(block.width, input);
    case "pack-bits":
      return [evaluatePackBits(input)];
    case "gen-ref": {
      let count = 0;
      return [{ ...input, tree: mapAt(input.tree, input.depth, () => count++) }];
    }
    case "write-level":
    case "write-values":
      return [];
    default:
      throw new FuseflowError("graph-invalid", `block ${block.id} of type ${block.type} cannot be evaluated`);
  }
}

function scan(
  block: Extract<SamBlock, { type: "scanner" }>,
  ref: TreeStream,
  operands: Operands,
): readonly TreeStream[] {
  const tensor = operandOf(operands, block.tensor, block.id);
  const at = { tensor: block.tensor, block: block.id, kind: block.format };
  if (block.format === "bitvector") return evaluateWordScan(scannedBitvector(tensor, block.level, at), ref);
  const level = scannedLevel(tensor, block.level, at);
  const fiber = (reference: FiberTree): { start: number; end: number } => {
    if (reference === null) return { start: 0, end: 0 };
    const r = reference as number;
    if (level.positions === null) return { start: r * level.size, end: (r + 1) * level.size };
    return { start: level.positions[r]!, end: level.positions[r + 1]! };
  };
  const output = (item: (position: number, start: number) => number): TreeStream => ({
    depth: ref.depth + 1,
    tree: mapAt(ref.tree, ref.depth, (reference) => {
      const { start, end } = fiber(reference);
      return Array.from({ length: end - start }, (_, k) => item(start + k, start));
    }),
  });
  const crd = output((position, start) => level.coordinates?.[position] ?? position - start);
  return [crd, output((position) => position)];
}

function locate(
  block: Extract<SamBlock, { type: "locate" }>,
  [crd, ref, parent]: readonly TreeStream[],
  operands: Operands,
): readonly TreeStream[] {
  const tensor = operandOf(operands, block.tensor, block.id);
  const size = levelSize(tensor, block.level, { tensor: block.tensor, block: block.id });
  if (parent === undefined) return [crd!, crd!, ref!];
  const tree = zipAt([parent.tree, crd!.tree], parent.depth, ([above, fiber]) =>
    listOf(fiber!).map((coordinate) => (above === null ? null : (above as number) * size + (coordinate as number))),
  );
  return [crd!, { depth: crd!.depth, tree }, ref!];
}

function repeat(items: TreeStream, shape: TreeStream): TreeStream {
  const tree = zipAt([items.tree, shape.tree], items.depth, ([item, fiber]) => listOf(fiber!).map(() => item!));
  return { depth: shape.depth, tree };
}

function load(block: Extract<SamBlock, { type: "array" }>, ref: TreeStream, operands: Operands): TreeStream {
  const values = valuesOf(operandOf(operands, block.tensor, block.id), block.tensor);
  const tree = mapAt(ref.tree, ref.depth, (reference) => (reference === null ? 0 : values[reference as number]!));
  return { depth: ref.depth, tree };
}

function combineItems(operation: BinaryOperation, a: TreeStream, b: TreeStream): TreeStream {
  const tree = zipAt([a.tree, b.tree], a.depth, ([x, y]) => combine(operation, numberOf(x), numberOf(y)));
  return { depth: a.depth, tree };
}

function reduce(maximum: boolean, values: TreeStream): TreeStream {
  const result = (fiber: FiberTree): number => {
    const numbers = itemsOf(fiber).map(numberOf);
    if (!maximum) return numbers.reduce((sum, value) => sum + value, 0);
    return numbers.length === 0 ? 0 : numbers.reduce((most, value) => Math.max(most, value));
  };
  return { depth: values.depth - 1, tree: mapAt(values.tree, values.depth - 1, result) };
}

function dropEmpty(outer: TreeStream, inner: TreeStream): readonly TreeStream[] {
  const kept = (output: 0 | 1): FiberTree =>
    zipAt([outer.tree, inner.tree], outer.depth - 1, ([coordinates, fibers]) => {
      const holds = listOf(fibers!).map((fiber) => listOf(fiber).length > 0);
      return listOf([coordinates!, fibers!][output]!).filter((_, k) => holds[k]);
    });
  return [
    { depth: outer.depth, tree: kept(0) },
    { depth: inner.depth, tree: kept(1) },
  ];
}

function withoutEmptyFibers(tree: FiberTree, depth: number): FiberTree {
  if (depth < 2) return tree;
  return listOf(tree)
    .map((fiber) => withoutEmptyFibers(fiber, depth - 1))
    .filter((fiber) => listOf(fiber).length > 0);
}

/** Runs of coordinates of the same chunk, each under the number of its chunk. */
function split(width: number, { depth, tree }: TreeStream): readonly TreeStream[] {
  const chunk = (coordinate: FiberTree): number => Math.floor((coordinate as number) / width);
  const runs = (fiber: FiberTree): FiberTree[][] => {
    const found: FiberTree[][] = [];
    for (const coordinate of listOf(fiber)) {
      const last = found.at(-1);
      if (last !== undefined && chunk(last[0]!) === chunk(coordinate)) last.push(coordinate);
      else found.push([coordinate]);
    }
    return found;
  };
  return [
    { depth, tree: mapAt(tree, depth - 1, (fiber) => runs(fiber).map(([first]) => chunk(first!))) },
    { depth: depth + 1, tree: mapAt(tree, depth - 1, runs) },
  ];
}

function dropZeros(crd: TreeStream, val: TreeStream): readonly TreeStream[] {
  const kept = (output: 0 | 1): FiberTree =>
    zipAt([crd.tree, val.tree], crd.depth - 1, ([coordinates, values]) =>
      listOf([coordinates!, values!][output]!).filter((_, k) => numberOf(listOf(values!)[k]) !== 0),
    );
  return [
    { depth: crd.depth, tree: kept(0) },
    { depth: val.depth, tree: kept(1) },
  ];
}

function mask(
  block: Extract<SamBlock, { type: "mask" }>,
  [outer, inner, ref]: readonly [TreeStream, TreeStream, TreeStream],
): readonly TreeStream[] {
  const keeps = (row: number, column: number): boolean => {
    if (block.keep === "lower") return column <= row;
    return block.keep === "upper" ? column >= row : column === row;
  };
  const kept = (stream: TreeStream): TreeStream => ({
    depth: stream.depth,
    tree: zipAt([outer.tree, inner.tree, stream.tree], outer.depth, ([row, columns, items]) =>
      listOf(items!).filter((_, k) => keeps(row as number, listOf(columns!)[k] as number)),
    ),
  });
  return [outer, kept(inner), kept(ref)];
}
