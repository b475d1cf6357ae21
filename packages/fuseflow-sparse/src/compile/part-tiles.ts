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
  const tiles = new Set<string>();
  let places = 0;
  for (let entry = 0; entry < values.length; entry++) {
    const corner = tile.map((extent, mode) => Math.floor(coordinates[mode]![entry]! / extent));
    const key = corner.join();
    if (tiles.has(key)) continue;
    tiles.add(key);
    places += corner.reduce(
      (product, at, mode) => product * Math.min(tile[mode]!, tensor.shape[mode]! - at * tile[mode]!),
      1,
    );
  }
  return { stored: values.length, places };
}
