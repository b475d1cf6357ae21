import { type Tensor, unpack } from "@millrace/tensor";
import { FuseflowError } from "../errors.ts";
import { exactTensors } from "../fuse/expand.ts";
import { patternedTensors } from "../program/patterns.ts";
import type { CompiledProgram } from "./compile-program.ts";

/**
 * Refuses operands whose stored entries a softmax runs over, and which fill the tiles they touch in part only: a tile holds
 * zeros beside its entries, and the softmax would count them.
 *
 * @throws {FuseflowError} `operand-format`
 */
export function refusePartTiles(
  { program, tensors }: CompiledProgram,
  operands: Readonly<Record<string, Tensor>>,
): void {
  const patterned = patternedTensors(program);
  const exact = exactTensors(program, patterned);
  for (const { name } of program.inputs) {
    const tile = tensors.get(name)?.tile;
    const tensor = Object.hasOwn(operands, name) ? operands[name] : undefined;
    if (tile === undefined || tensor === undefined || !exact.has(name) || !patterned.has(name)) continue;
    const { stored, places } = filledPlaces(tensor, tile);
    if (stored === places) continue;
    const tiles = tile.join(" x ");
    const message = `${name} stores ${stored} of the ${places} entries of the ${tiles} tiles it touches, and a softmax runs over its stored entries alone; store whole tiles, or take smaller ones with "block"`;
    throw new FuseflowError("operand-format", message);
  }
}

/** Entries stored, and places inside the tensor of all tiles that hold one. */
function filledPlaces(tensor: Tensor, tile: readonly number[]): { readonly stored: number; readonly places: number } {
  const { coordinates, values } = unpack(tensor);
  const { shape } = tensor;
  const tiles = new Set<number>();
  let places = 0;
  for (let entry = 0; entry < values.length; entry++) {
    let number = 0;
    let inside = 1;
    for (let mode = 0; mode < tile.length; mode++) {
      const extent = tile[mode]!;
      const at = Math.floor(coordinates[mode]![entry]! / extent);
      number = number * Math.ceil(shape[mode]! / extent) + at;
      inside *= Math.min(extent, shape[mode]! - at * extent);
    }
    if (tiles.has(number)) continue;
    tiles.add(number);
    places += inside;
  }
  return { stored: values.length, places };
}
