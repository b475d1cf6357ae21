import { add, multiply, symbol } from "../../extent/arithmetic.ts";
import type { Wires } from "../../interpret/process.ts";
import { build, type NodeName } from "../../program/build.ts";
import type { NodeContext, Operator } from "../../program/operator.ts";
import type { Stream } from "../../program/program.ts";
import { elementError, ruleError } from "../../program/rules.ts";
import { type Dimension, isRagged, staticExtent } from "../../stream/dimension.ts";
import { type BufferType, bytesOf } from "../../stream/element-type.ts";
import { groupSize, innerDimensions, printShape, type Shape, shapeOf } from "../../stream/shape.ts";
import type { BufferValue } from "../../stream/value.ts";
import { expectReference, followReference } from "../shape/expand.ts";

/**
 * Reads buffers back as streams: each once, or as often as `repeat` says, or once per element of a reference; in the order
 * they were filled, or, if the buffer is fully static, in an affine order.
 */
export const streamifyOperator: Operator = {
  name: "streamify",
  about: "Reads buffers back as streams, any number of times.",
  ports: ["buffer", "reference?"],
  attributes: {
    rank: { kind: "integer", about: "how many inner dimensions, less one, the reference replaces", optional: true },
    repeat: { kind: "integers", about: "how often each buffer is read, outermost first", optional: true, least: 1 },
    shape: { kind: "integers", about: "how many tiles are read in each dimension", optional: true, least: 1 },
    stride: { kind: "integers", about: "tiles from one place to the next, in each dimension", optional: true },
  },
  infer(node) {
    const buffer = expectBuffer(node);
    const read = readShape(node, buffer);
    const repeat = shapeOf(...node.attributes.integers("repeat"));
    if (node.inputs.length === 1) {
      const outer = [...node.inputs[0]!.shape, ...repeat];
      return [{ shape: [...outer, ...rescale(node, read, repeat)], element: buffer.element }];
    }
    if (repeat.length > 0) {
      const rule = "a buffer is read per element of a reference or as 'repeat' says, not both";
      throw ruleError(node, { code: "attribute-value", fault: "it has a reference and 'repeat'", rule });
    }
    const rank = node.attributes.number("rank");
    expectReference(node, rank);
    const reference = node.inputs[1]!.shape;
    const times = innerDimensions(reference, rank + 1);
    return [{ shape: [...reference, ...rescale(node, read, times)], element: buffer.element }];
  },
  onChipBytes({ inputs: [input], outputs: [output] }, { profile }) {
    return profile === "paper" ? multiply(0) : add(bytesOf(input!.element), bytesOf(output!.element));
  },
  *interpret(node, wires) {
    if (node.inputs.length === 2) {
      const rank = node.attributes.number("rank");
      const emit = (value: unknown, stop: number): void =>
        readBuffer(node, wires, value as BufferValue | undefined, stop);
      yield* followReference(node, wires, rank, emit);
      return;
    }
    const repeat = node.attributes.integers("repeat");
    for (;;) {
      const slot = yield* wires.take(0);
      if (slot === undefined) return;
      if (slot.value === undefined) readBuffer(node, wires, undefined, slot.stop + repeat.length);
      else readRepeatedly(node, wires, slot.value as BufferValue, slot.stop);
    }
  },
};

function expectBuffer(node: NodeContext): BufferType {
  const { element } = node.inputs[0]!;
  if (element.kind === "buffer") return element;
  throw elementError(node, 0, "buffers");
}

/** The dimensions that one reading of a buffer adds. */
function readShape(node: NodeContext, { shape }: BufferType): Shape {
  const { attributes } = node;
  if (!attributes.has("shape") && !attributes.has("stride")) return shape;
  const dynamic = shape.findIndex((dimension) => staticExtent(dimension) === undefined);
  if (dynamic !== -1) {
    throw ruleError(node, {
      code: "dimension-dynamic",
      fault: `dim ${shape.length - 1 - dynamic} of the buffer is dynamic`,
      dimension: shape.length - 1 - dynamic,
      shapes: [{ of: "buffer", shape: printShape(shape) }],
      rule: "an affine read needs a buffer whose dimensions are all static",
      hint: "leave out 'shape' and 'stride' to read it in order",
    });
  }
  const sizes = attributes.integers("shape");
  const strides = attributes.integers("stride");
  const last = sizes.reduce((sum, size, place) => sum + (size - 1) * (strides[place] ?? 0), 0);
  const tiles = groupSize(shape).value!;
  if (sizes.length !== strides.length || sizes.length === 0 || last >= tiles) {
    const fault = `shape [${sizes.join(", ")}] and stride [${strides.join(", ")}] do not fit ${tiles} tiles`;
    const rule = "an affine read has one stride for each dimension and stays inside the buffer";
    throw ruleError(node, { code: "attribute-value", fault, rule });
  }
  return shapeOf(...sizes);
}

/** The dimensions of a buffer, with the totals they have when it is read `times`. */
function rescale(node: NodeContext, read: Shape, times: Shape): Shape {
  return read.map((dimension): Dimension => {
    if (dimension.total === undefined) return dimension;
    const total =
      times.some(isRagged) || node.inputs.length === 2
        ? symbol(node.fresh("total"))
        : multiply(dimension.total, groupSize(times));
    return { extent: dimension.extent, total };
  });
}

function readRepeatedly(node: NodeContext, wires: Wires, buffer: BufferValue, stop: number): void {
  const repeat = node.attributes.integers("repeat");
  const times = repeat.reduce((product, count) => product * count, 1);
  for (let time = 1; time <= times; time++) {
    let ended = 0;
    let size = 1;
    while (ended < repeat.length && time % (size * repeat[repeat.length - 1 - ended]!) === 0) {
      size *= repeat[repeat.length - 1 - ended]!;
      ended += 1;
    }
    readBuffer(node, wires, buffer, time === times ? repeat.length + stop : ended);
  }
}

/** Emits what a buffer holds; `stop` counts the dimensions outside the buffer that end with it. */
function readBuffer(node: NodeContext, wires: Wires, buffer: BufferValue | undefined, stop: number): void {
  const { attributes } = node;
  const sizes = attributes.integers("shape");
  const rank = sizes.length > 0 ? sizes.length : expectBuffer(node).shape.length;
  if (buffer === undefined) {
    wires.emit(0, undefined, stop + rank);
    return;
  }
  if (sizes.length > 0) {
    const strides = attributes.integers("stride");
    readAffinely(buffer, wires, { sizes, strides }, stop);
    return;
  }
  const last = buffer.slots.at(-1);
  for (const slot of buffer.slots) if (slot !== last) wires.emit(0, slot.value, slot.stop);
  if (last !== undefined && last.stop === 0) wires.emit(0, last.value, rank + stop);
  else {
    if (last !== undefined) wires.emit(0, last.value, last.stop);
    wires.emit(0, undefined, rank + stop);
  }
}

function readAffinely(
  buffer: BufferValue,
  wires: Wires,
  { sizes, strides }: { readonly sizes: readonly number[]; readonly strides: readonly number[] },
  stop: number,
): void {
  const count = sizes.reduce((product, size) => product * size, 1);
  for (let at = 0; at < count; at++) {
    let rest = at;
    let index = 0;
    let ended = 0;
    let ending = true;
    for (let dimension = sizes.length - 1; dimension >= 0; dimension--) {
      const place = rest % sizes[dimension]!;
      rest = Math.floor(rest / sizes[dimension]!);
      index += place * strides[dimension]!;
      ending &&= place === sizes[dimension]! - 1;
      if (ending) ended += 1;
    }
    wires.emit(0, buffer.tiles[index], at === count - 1 ? ended + stop : ended);
  }
}

/** Settings of a streamify. */
export interface StreamifyOptions extends NodeName {
  readonly repeat?: readonly number[];
  readonly shape?: readonly number[];
  readonly stride?: readonly number[];
}

/** Adds a node that reads each buffer once, or as often as `repeat` says. */
export function streamify(buffer: Stream, options: StreamifyOptions = {}): Stream {
  return build(streamifyOperator, [buffer], { ...options }).outputs[0]!;
}

/** Adds a node that reads each buffer once per element of a reference; see `expand` for `rank`. */
export function streamifyPer(
  buffer: Stream,
  reference: Stream,
  options: Omit<StreamifyOptions, "repeat"> & { rank: number },
): Stream {
  return build(streamifyOperator, [buffer, reference], { ...options }).outputs[0]!;
}
