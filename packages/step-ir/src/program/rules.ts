/** The rules that several operators share, and how a broken one is told. */
import { StepError, type StepErrorCode } from "../errors.ts";
import { maximum } from "../extent/arithmetic.ts";
import type { Extent } from "../extent/extent.ts";
import { isRagged } from "../stream/dimension.ts";
import {
  type ElementType,
  printElement,
  type SelectorType,
  sameElement,
  type TileType,
} from "../stream/element-type.ts";
import { dimensionAt, firstDifference, printShape, rankOf, type Shape } from "../stream/shape.ts";
import type { NodeContext } from "./operator.ts";

/** A broken rule: what is wrong, where, and what would be right. */
export interface BrokenRule {
  readonly code: StepErrorCode;
  /** What is wrong, as the start of a sentence. */
  readonly fault: string;
  readonly port?: string;
  readonly dimension?: number;
  readonly shapes?: readonly { readonly of: string; readonly shape: string }[];
  readonly rule: string;
  readonly hint?: string;
}

/** The error for a broken rule; its message names the node, what is wrong, the shapes, the rule and a hint. */
export function ruleError(node: NodeContext, broken: BrokenRule): StepError {
  const { code, fault, shapes = [], rule, hint, port, dimension } = broken;
  const told = shapes.map(({ of, shape }) => `${of} ${shape}`).join("; ");
  const sentences = [`${node.operator} "${node.id}": ${fault}`, told === "" ? rule : `${told}; ${rule}`];
  if (hint !== undefined) sentences.push(`Hint: ${hint}`);
  return new StepError(code, `${sentences.join(". ")}.`, {
    node: node.id,
    shapes,
    rule,
    ...(port === undefined ? {} : { port }),
    ...(dimension === undefined ? {} : { dimension }),
    ...(hint === undefined ? {} : { hint }),
  });
}

/** The shape of input `place`, as messages name it. */
export function shapeNote(node: NodeContext, place: number, port: string): { of: string; shape: string } {
  return { of: `${port} "${node.inputNames[place]}"`, shape: printShape(node.inputs[place]!.shape) };
}

/** @throws {StepError} `shape-mismatch` unless the two inputs have the same shape. */
export function expectSameShape(node: NodeContext, ports: readonly [string, string], places = [0, 1] as const): void {
  const [first, second] = places.map((place) => node.inputs[place]!.shape) as [Shape, Shape];
  const shapes = [shapeNote(node, places[0], ports[0]), shapeNote(node, places[1], ports[1])];
  const rule = `${node.operator} needs equal shapes`;
  if (first.length !== second.length) {
    const fault = `inputs disagree in rank: ${rankOf(first)} and ${rankOf(second)}`;
    const hint = "flatten or promote one of them";
    throw ruleError(node, { code: "shape-mismatch", fault, shapes, rule, port: ports[1], hint });
  }
  const dimension = firstDifference(first, second);
  if (dimension === undefined) return;
  const fault = `inputs disagree at dim ${dimension} of ${first.length}`;
  const [a, b] = [dimensionAt(first, dimension).extent, dimensionAt(second, dimension).extent];
  const open = a.value === undefined || b.value === undefined;
  const hint = open && a !== b ? `if ${a} and ${b} are always equal, assert it` : undefined;
  const more = hint === undefined ? {} : { hint };
  throw ruleError(node, { code: "shape-mismatch", fault, dimension, shapes, rule, port: ports[1], ...more });
}

/** @throws {StepError} `rank-too-small` unless input `place` has at least `rank`. */
export function expectRank(node: NodeContext, rank: number, place = 0): void {
  const { shape } = node.inputs[place]!;
  if (rankOf(shape) >= rank) return;
  const fault = `rank ${rank} is above the rank ${rankOf(shape)} of its input`;
  const rule = `${node.operator} works on the ${rank} innermost dimensions and leaves at least one`;
  throw ruleError(node, { code: "rank-too-small", fault, shapes: [shapeNote(node, place, "input")], rule });
}

/** @throws {StepError} `dimension-kind` unless dimension `index` of input `place` is 1. */
export function expectOne(node: NodeContext, index: number, place = 0): void {
  const dimension = dimensionAt(node.inputs[place]!.shape, index);
  if (!isRagged(dimension) && dimension.extent.value === 1) return;
  throw ruleError(node, {
    code: "dimension-kind",
    fault: `dim ${index} of its input is ${dimension.extent}, not 1`,
    dimension: index,
    shapes: [shapeNote(node, place, "input")],
    rule: `${node.operator} replaces dimensions of 1 by those of its reference`,
    hint: "promote the input at that rank first",
  });
}

/**
 * Refuses a stop alone that would have to stand for an outer group without any group of `rank` dimensions, or for one with a
 * single empty group: the two read the same, and a node that gives one element per group cannot tell how many to give.
 * `stop` came without a value, after a slot with the stop `before` (`outermost` at the start).
 *
 * @throws {StepError} `group-empty`.
 */
export function expectKnownGroup(node: NodeContext, rank: number, stop: number, before: number): void {
  if (stop <= rank || before <= rank) return;
  throw ruleError(node, {
    code: "group-empty",
    fault: `S${stop} follows ${before === outermost ? "the start of the stream" : `S${before}`} with nothing in between`,
    shapes: [shapeNote(node, 0, "input")],
    rule: `it ends an outer group with no group of ${rank === 1 ? "the inner dimension" : `the ${rank} inner dimensions`} in it, or with one that is empty, and ${node.operator} gives an element per group`,
    hint: "leave out what has no elements before this node, as a partition does that sends it nowhere",
  });
}

/** Stands for the stop before the first slot of a stream: everything begins there. */
export const outermost = 255;

/** The tile type of input `place`. @throws {StepError} `element-mismatch` if it has other elements. */
export function expectTileInput(node: NodeContext, place = 0): TileType {
  const { element } = node.inputs[place]!;
  if (element.kind === "tile") return element;
  throw elementError(node, place, "tiles");
}

/** The selector type of input `place`. @throws {StepError} `element-mismatch` if it has other elements. */
export function expectSelector(node: NodeContext, place: number): SelectorType {
  const { element } = node.inputs[place]!;
  if (element.kind === "selector") return element;
  throw elementError(node, place, "selectors");
}

/**
 * The element type of streams that are joined: tiles may differ in extents with symbols, and the joined ones are as large
 * as the largest.
 *
 * @throws {StepError} `element-mismatch` if inputs from `first` on have elements that cannot be joined.
 */
export function joinElements(node: NodeContext, first: number): ElementType {
  const types = node.inputs.slice(first).map((input) => input.element);
  const [start] = types;
  const other = types.findIndex((type) => !joinable(start!, type));
  if (other !== -1) {
    throw ruleError(node, {
      code: "element-mismatch",
      fault: `input ${first + other} has elements ${printElement(types[other]!)}, input ${first} has ${printElement(start!)}`,
      rule: `${node.operator} needs one type of elements`,
    });
  }
  if (start!.kind !== "tile") return start!;
  const tiles = types as readonly TileType[];
  const largest = (extent: (type: TileType) => Extent): Extent => maximum(...tiles.map(extent));
  return { ...start!, rows: largest((type) => type.rows), columns: largest((type) => type.columns) };
}

function joinable(a: ElementType, b: ElementType): boolean {
  if (a.kind !== "tile" || b.kind !== "tile") return sameElement(a, b);
  const fits = (x: Extent, y: Extent): boolean => x === y || x.value === undefined || y.value === undefined;
  return a.scalar === b.scalar && fits(a.rows, b.rows) && fits(a.columns, b.columns);
}

/** The error for elements of the wrong kind at input `place`. */
export function elementError(node: NodeContext, place: number, expected: string): StepError {
  const found: ElementType = node.inputs[place]!.element;
  return ruleError(node, {
    code: "element-mismatch",
    fault: `input "${node.inputNames[place]}" has elements ${printElement(found)}`,
    rule: `${node.operator} takes ${expected} there`,
  });
}
