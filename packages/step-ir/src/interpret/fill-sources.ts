/** Streams for the sources of a program from nested lists of numbers, such as arrays of a trace. */
import { StepError } from "../errors.ts";
import type { Program, ProgramNode } from "../program/program.ts";
import { staticExtent } from "../stream/dimension.ts";
import { type ElementType, printElement } from "../stream/element-type.ts";
import { printShape, rankOf } from "../stream/shape.ts";
import { parseTokens } from "../stream/token-text.ts";
import { encodeTokens, type Nesting, Stop, type Token } from "../stream/tokens.ts";
import { SelectorValue, scalar, TileValue, type Value } from "../stream/value.ts";

/** Numbers in lists in lists …; lists of one level need not be of one length. */
export type NestedNumbers = number | readonly NestedNumbers[];

/** What sources are given, by id: nested lists, or text such as `1.2.S1.3.S2.D` for streams of single numbers. */
export type GivenSources = Readonly<Record<string, NestedNumbers | string>>;

/**
 * The streams of all sources. A source without an entry of its own gets the one of `given` named `*`, if there is one.
 *
 * A list has the dimensions of the stream, of which leading ones of 1 may be left out. One level more holds what one
 * selector chooses; two levels more hold the rows of one tile.
 *
 * @throws {StepError} `stream-values` if a source gets nothing or something of other dimensions; {DiagnosticError} with
 *   the place in a text.
 */
export function fillSources(program: Program, given: GivenSources): Record<string, readonly Token<Value>[]> {
  const sources = program.nodes.filter(({ operator }) => operator.name === "source");
  const unknown = Object.keys(given).find((id) => id !== "*" && !sources.some((node) => node.id === id));
  if (unknown !== undefined) {
    const known = sources.map(({ id }) => id).join(", ") || "none";
    throw new StepError("stream-values", `the program has no source '${unknown}'; its sources are: ${known}`);
  }
  return Object.fromEntries(sources.map((node) => [node.id, streamOf(node, given[node.id] ?? given["*"])]));
}

function streamOf(node: ProgramNode, given: NestedNumbers | string | undefined): readonly Token<Value>[] {
  const { shape, element } = node.outputs[0]!.type;
  if (given === undefined) {
    throw fault(node, `got no stream; it is ${printShape(shape)} of ${printElement(element)}`);
  }
  const rank = rankOf(shape);
  if (typeof given === "string") return textStream(node, given, rank);
  const inner = depthOf(given) - levelsOf(element, given, shape.length, leadingOnes(node));
  const missing = shape.length - inner;
  const ones = shape.slice(0, Math.max(0, missing)).every((dimension) => staticExtent(dimension) === 1);
  if (missing < 0 || !ones) {
    const found = `a list of ${depthOf(given)} levels`;
    throw fault(node, `got ${found}, which does not fit ${printShape(shape)} of ${printElement(element)}`);
  }
  let nesting: NestedNumbers = given;
  for (let level = 0; level < missing; level++) nesting = [nesting];
  return encodeTokens<Value>(valuesOf(node, nesting, rank + 1) as Nesting<Value>, rank);
}

function textStream(node: ProgramNode, text: string, rank: number): readonly Token<Value>[] {
  return parseTokens({ name: `source ${node.id}`, text }, rank).map((token) => {
    if (token instanceof Stop) return token;
    if (typeof token !== "number") throw fault(node, `got '${token}' where a number is due`);
    return node.outputs[0]!.element.kind === "selector" ? new SelectorValue([token]) : scalar(token);
  });
}

function leadingOnes(node: ProgramNode): number {
  const { shape } = node.outputs[0]!.type;
  const first = shape.findIndex((dimension) => staticExtent(dimension) !== 1);
  return first === -1 ? shape.length - 1 : first;
}

/** Levels of a list that belong to one element. */
function levelsOf(element: ElementType, given: NestedNumbers, dimensions: number, ones: number): number {
  const depth = depthOf(given);
  if (element.kind === "tile") {
    const single = element.rows.value === 1 && element.columns.value === 1;
    return single && depth <= dimensions ? 0 : 2;
  }
  // As few dimensions as there can be, and one level for what a selector chooses.
  return depth > dimensions - ones ? 1 : 0;
}

function depthOf(given: NestedNumbers): number {
  if (typeof given === "number") return 0;
  return 1 + given.reduce((most: number, one) => Math.max(most, depthOf(one)), 0);
}

function valuesOf(node: ProgramNode, nested: NestedNumbers, levels: number): Value | Nesting<Value> {
  if (levels === 0) return elementOf(node, nested);
  if (typeof nested === "number") throw fault(node, `got ${nested} where a list is due`);
  return nested.map((one) => valuesOf(node, one, levels - 1)) as Nesting<Value>;
}

function elementOf(node: ProgramNode, given: NestedNumbers): Value {
  const { element } = node.outputs[0]!;
  if (element.kind === "selector") {
    const chosen = typeof given === "number" ? [given] : (given as readonly number[]);
    return new SelectorValue(element.encoding === "multihot" ? [...chosen].sort((a, b) => a - b) : chosen);
  }
  if (element.kind !== "tile") throw fault(node, `cannot be given as numbers: it carries ${printElement(element)}`);
  if (typeof given === "number") return scalar(given);
  const rows = given as readonly (readonly number[])[];
  const columns = rows[0]?.length ?? 0;
  if (rows.some((row) => !Array.isArray(row) || row.length !== columns)) {
    throw fault(node, "got a tile whose rows are not lists of one length");
  }
  return new TileValue(rows.length, columns, Float64Array.from(rows.flat()));
}

function fault({ id }: ProgramNode, message: string): StepError {
  return new StepError("stream-values", `source "${id}" ${message}`, { node: id });
}
