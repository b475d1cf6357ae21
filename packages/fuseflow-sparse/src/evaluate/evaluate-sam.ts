/**
 * The result of a SAM graph without timing, by nested lists instead of tokens: an oracle for the simulation, with which it
 * shares nothing but the operands' arrays.
 */
import { pack, type Tensor, type TensorFormat } from "@millrace/tensor";
import { FuseflowError } from "../errors.ts";
import type { SamBlock, SamGraph } from "../sam/graph.ts";
import { portsOf } from "../sam/ports.ts";
import { orderBlocks, wiringOf } from "../sam/validate/wiring.ts";
import type { Operands } from "../simulate/operand-arrays.ts";
import { indexExtents, type LevelWriterBlock, levelWriters } from "../simulate/outputs/assemble-outputs.ts";
import { pairLanes } from "../simulate/pair-lanes.ts";
import { tileSizeOf } from "../simulate/tile-store.ts";
import { evaluateBlock } from "./evaluate-block.ts";
import { coordinatesOfWords } from "./evaluate-words.ts";
import { type FiberTree, itemsOf, listOf, type TreeStream } from "./fiber-tree.ts";

/**
 * Evaluates `graph` on `operands`, by tensor name; small ones, as every token is an object. Stored zeros stay.
 *
 * @throws {FuseflowError} `graph-invalid` for a graph with a cycle or an input without a stream; `operand-missing`,
 *   `operand-format`; `stream-mismatch` where streams of one block are not alike; `output-shape`.
 */
export function evaluateSam(graph: SamGraph, operands: Operands): Record<string, Tensor> {
  const wiring = wiringOf(graph);
  const { order, cyclic } = orderBlocks(wiring);
  if (tileSizeOf(graph) !== null)
    throw new FuseflowError("graph-invalid", "nested lists hold numbers, not tiles; simulate the graph instead");
  if (cyclic.length > 0) throw new FuseflowError("graph-invalid", `block ${cyclic[0]!.id} stands on or behind a cycle`);
  const place = { operands, lanes: pairLanes(graph) };
  const streams = new Map<string, TreeStream>();
  const inputsOf = (block: SamBlock): TreeStream[] =>
    portsOf(block).inputs.flatMap(({ name, optional }) => {
      const from = wiring.into.get(`${block.id}.${name}`)?.from;
      const stream = from === undefined ? undefined : streams.get(`${from.block}.${from.port}`);
      if (stream !== undefined) return [stream];
      if (optional) return [];
      throw new FuseflowError("graph-invalid", `input ${name} of block ${block.id} (${block.type}) has no stream`);
    });
  const written = new Map<string, TreeStream>();
  for (const block of order) {
    const inputs = inputsOf(block);
    if (block.type === "write-values") written.set(block.id, inputs[0]!);
    if (block.type === "write-level") written.set(block.id, block.words ? coordinatesOfWords(inputs[0]!) : inputs[0]!);
    const outputs = evaluateBlock(block, inputs, place);
    portsOf(block).outputs.forEach(({ name }, k) => {
      if (outputs[k] !== undefined) streams.set(`${block.id}.${name}`, outputs[k]);
    });
  }
  return assemble(graph, written, indexExtents(graph, operands));
}

function assemble(
  graph: SamGraph,
  written: ReadonlyMap<string, TreeStream>,
  extents: ReadonlyMap<string, number>,
): Record<string, Tensor> {
  const outputs: Record<string, Tensor> = {};
  for (const block of graph.blocks) {
    if (block.type !== "write-values") continue;
    const levels = levelWriters(graph, block.tensor);
    const values = itemsOf(written.get(block.id)!.tree).map((value) => value ?? 0);
    const trees = levels.map(({ id }) => written.get(id)!.tree);
    const modeOrder = graph.tensors[block.tensor]?.modeOrder ?? levels.map((_, level) => level);
    outputs[block.tensor] = packPoints(levels, { points: pointsOf(trees), values, modeOrder, extents });
  }
  return outputs;
}

/** The points of a tree of coordinates, given as one tree per level: coordinates outermost first. */
function pointsOf(levels: readonly FiberTree[]): number[][] {
  const [outermost, ...inner] = levels;
  if (outermost === undefined) return [[]];
  return listOf(outermost).flatMap((crd, k) =>
    pointsOf(inner.map((tree) => listOf(tree)[k]!)).map((point) => [crd as number, ...point]),
  );
}

function packPoints(
  levels: readonly LevelWriterBlock[],
  parts: {
    readonly points: readonly number[][];
    readonly values: readonly number[];
    readonly modeOrder: readonly number[];
    readonly extents: ReadonlyMap<string, number>;
  },
): Tensor {
  const { points, values, modeOrder, extents } = parts;
  if (points.length !== values.length) {
    throw new FuseflowError("output-shape", `${values.length} values were written for ${points.length} points`);
  }
  const sizes = levels.map(({ index }, level) =>
    points.reduce((most, point) => Math.max(most, point[level]! + 1), extents.get(index) ?? 0),
  );
  const shape = sizes.map((_, mode) => sizes[modeOrder.indexOf(mode)]!);
  const coordinates = shape.map((_, mode) => Int32Array.from(points, (point) => point[modeOrder.indexOf(mode)]!));
  const format: TensorFormat = { levels: levels.map(({ format: kind }) => ({ kind })), modeOrder };
  return pack({ shape, coordinates, valueType: "float64", values: Float64Array.from(values) }, format);
}
