import { multiply } from "../../extent/arithmetic.ts";
import type { Wires } from "../../interpret/process.ts";
import { build, type NodeName, split } from "../../program/build.ts";
import type { NodeContext, Operator } from "../../program/operator.ts";
import type { Program, Stream } from "../../program/program.ts";
import { ruleError } from "../../program/rules.ts";
import { tile } from "../../stream/element-type.ts";
import { cardinality, shapeOf } from "../../stream/shape.ts";
import { bufferedBytes, expectTiling, loadedBytes, readTile, type TileShape, tileCount } from "./traffic.ts";

/**
 * Reads the tiles of a tensor in an affine order: at place (i, j, …) of `shape` the tile numbered
 * base + i·stride₀ + j·stride₁ + …, modulo the number of tiles. With a reference it does so once for each of its elements.
 */
export const linearLoadOperator: Operator = {
  name: "linear-load",
  about: "Loads the tiles of an off-chip tensor in an affine order, once or once per reference element.",
  ports: ["reference?"],
  attributes: {
    tensor: { kind: "word", about: "the tensor to read" },
    tile: { kind: "integers", about: "rows and columns of a tile", least: 1 },
    shape: { kind: "integers", about: "how many tiles are read in each dimension, outermost first", least: 1 },
    stride: { kind: "integers", about: "tiles from one place to the next, in each dimension" },
    base: { kind: "integer", about: "the number of the first tile", optional: true },
    dispatch: { kind: "integer", about: "bursts asked for per cycle", optional: true, least: 1 },
  },
  infer(node) {
    const { attributes, inputs } = node;
    const sizes = attributes.integers("tile");
    const tensor = expectTiling(node, attributes.word("tensor"), sizes);
    const shape = attributes.integers("shape");
    expectStrides(node, shape.length);
    const outer = inputs[0]?.shape ?? shapeOf(1);
    return [{ shape: [...outer, ...shapeOf(...shape)], element: tile(tensor.scalar, sizes[0]!, sizes[1]!) }];
  },
  offChipBytes({ outputs: [output] }, accounting) {
    return multiply(cardinality(output!.shape), loadedBytes(output!.element, accounting));
  },
  onChipBytes({ outputs: [output] }, accounting) {
    return bufferedBytes(loadedBytes(output!.element, accounting), accounting);
  },
  *interpret(node, wires) {
    if (node.inputs.length === 0) {
      sweep(node, wires, 0);
      return;
    }
    for (;;) {
      const reference = yield* wires.take(0);
      if (reference === undefined) return;
      if (reference.value !== undefined) sweep(node, wires, reference.stop);
      else wires.emit(0, undefined, reference.stop + node.attributes.integers("shape").length);
    }
  },
};

function expectStrides(node: NodeContext, dimensions: number): void {
  const strides = node.attributes.integers("stride").length;
  if (dimensions > 0 && strides === dimensions) return;
  throw ruleError(node, {
    code: "attribute-value",
    fault: `there are ${strides} strides for ${dimensions} dimensions`,
    rule: "'shape' and 'stride' have one number for each dimension, and there is at least one",
  });
}

/** Emits every tile once; `stop` is the stop behind the last one, on top of those of the sweep itself. */
function sweep({ attributes }: NodeContext, wires: Wires, stop: number): void {
  const shape = attributes.integers("shape");
  const stride = attributes.integers("stride");
  const tensor = wires.tensor(attributes.word("tensor"));
  const size = attributes.integers("tile") as TileShape;
  const tiles = tileCount(tensor, size);
  const place = shape.map(() => 0);
  for (;;) {
    const index = place.reduce((sum, at, dimension) => sum + at * stride[dimension]!, attributes.number("base"));
    let ended = 0;
    for (let dimension = shape.length - 1; dimension >= 0; dimension--) {
      place[dimension]! += 1;
      if (place[dimension]! < shape[dimension]!) break;
      place[dimension] = 0;
      ended += 1;
    }
    const last = ended === shape.length;
    wires.emit(0, readTile(tensor, size, index % tiles), last ? ended + stop : ended);
    if (last) return;
  }
}

/** Settings of a linear load. */
export interface LinearLoadOptions extends NodeName {
  readonly tensor: string;
  readonly tile: TileShape;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly base?: number;
  /** Bursts asked for per cycle; 1 unless given. */
  readonly dispatch?: number;
}

/** Adds a load that reads its tiles once. */
export function linearLoad(program: Program, options: LinearLoadOptions): Stream {
  return program.add(linearLoadOperator, { inputs: [], ...split({ ...options }) }).outputs[0]!;
}

/** Adds a load that reads its tiles once for each element of `reference`. */
export function linearLoadPer(reference: Stream, options: LinearLoadOptions): Stream {
  return build(linearLoadOperator, [reference], { ...options }).outputs[0]!;
}
