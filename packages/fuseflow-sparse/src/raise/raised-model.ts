/** A model raised to an einsum program, and how its operands come from the model's inputs and constants. */
import type { CoordinateList } from "@millrace/tensor";
import { coordinateList } from "@millrace/tensor";
import { FuseflowError } from "../errors.ts";
import type { EinsumProgram } from "../program/program.ts";

/** Where an operand of the program comes from. */
export type OperandSource =
  /** An input or constant of the model, its dimensions split where reshapes split them. */
  | { readonly kind: "plain"; readonly from: string }
  /** Ones where a mask is not zero, repeated over dimensions that the mask lacks (those that are null). */
  | { readonly kind: "mask"; readonly from: string; readonly dimensions: readonly (number | null)[] }
  /** The matrix of an edge list: a one for each edge from column node to row node. */
  | { readonly kind: "edges"; readonly from: string; readonly row: number };

/** An operand of a raised program. */
export interface RaisedOperand {
  readonly name: string;
  /** Extents of the program's input. */
  readonly shape: readonly number[];
  readonly source: OperandSource;
  /** How the model says that it is stored, if it does; as the format of a program's input. */
  readonly format?: string;
}

/** A raised model. */
export interface RaisedModel {
  readonly program: EinsumProgram;
  readonly operands: readonly RaisedOperand[];
  /** For each output of the model its name, the program's output, and the shape that the model gives it. */
  readonly outputs: readonly { readonly name: string; readonly tensor: string; readonly shape: readonly number[] }[];
}

/**
 * The operand of a raised program from the tensor it comes from.
 *
 * @throws {FuseflowError} `operand-format` for a tensor of another size
 */
export function raisedOperand({ name, shape, source }: RaisedOperand, list: CoordinateList): CoordinateList {
  switch (source.kind) {
    case "plain":
      return reshaped(list, shape, name);
    case "mask":
      return expanded(list, shape, source.dimensions);
    case "edges":
      return edgeMatrix(list, shape, source.row);
  }
}

/**
 * The same entries in row-major order under another shape.
 *
 * @throws {FuseflowError} `operand-format` unless both shapes have as many elements
 */
export function reshaped(list: CoordinateList, shape: readonly number[], name: string): CoordinateList {
  const count = (extents: readonly number[]): number => extents.reduce((product, extent) => product * extent, 1);
  if (count(list.shape) !== count(shape)) {
    const message = `${name} has ${count(shape)} elements (${shape.join(" x ")}), not ${list.shape.join(" x ")}`;
    throw new FuseflowError("operand-format", message);
  }
  const entries = list.values.length;
  const coordinates = shape.map(() => new Int32Array(entries));
  for (let e = 0; e < entries; e++) {
    let place = list.coordinates.reduce((at, column, mode) => at * list.shape[mode]! + column[e]!, 0);
    for (let mode = shape.length - 1; mode >= 0; mode--) {
      coordinates[mode]![e] = place % shape[mode]!;
      place = Math.floor(place / shape[mode]!);
    }
  }
  return { ...list, shape: [...shape], coordinates };
}

function expanded(
  list: CoordinateList,
  shape: readonly number[],
  dimensions: readonly (number | null)[],
): CoordinateList {
  const rows: number[][] = [];
  for (let e = 0; e < list.values.length; e++) {
    if (list.values[e] === 0) continue;
    let points: number[][] = [[]];
    for (const [mode, extent] of shape.entries()) {
      const from = dimensions[mode];
      const choices =
        from === null || from === undefined
          ? Array.from({ length: extent }, (_, c) => c)
          : [list.coordinates[from]![e]!];
      points = points.flatMap((point) => choices.map((choice) => [...point, choice]));
    }
    for (const point of points) rows.push([...point, 1]);
  }
  return coordinateList([...shape], rows);
}

function edgeMatrix(list: CoordinateList, shape: readonly number[], row: number): CoordinateList {
  const count = list.shape[1] ?? 0;
  const ends = [new Int32Array(count), new Int32Array(count)];
  for (let e = 0; e < list.values.length; e++)
    ends[list.coordinates[0]![e]!]![list.coordinates[1]![e]!] = list.values[e]!;
  const values = new Float64Array(count).fill(1);
  return { shape: [...shape], coordinates: [ends[row]!, ends[1 - row]!], valueType: "float64", values };
}
