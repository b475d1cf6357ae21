import type { Block, BlockWiring } from "../blocks/block.ts";
import type { MemoryAccess } from "../blocks/memory/access.ts";
import type { ArrayMemory } from "../blocks/memory/array-memory.ts";
import { MemoryArray } from "../blocks/memory/memory-array.ts";
import { MemoryLevelWriter } from "../blocks/memory/memory-level-writer.ts";
import { MemoryScanner } from "../blocks/memory/memory-scanner.ts";
import { MemoryValueWriter } from "../blocks/memory/memory-value-writer.ts";
import type { SamBlock } from "../sam/graph.ts";
import { axesOf, tileVolume } from "../sam/tile-work.ts";
import { loadedValues } from "./make-block.ts";
import { type Operands, operandOf, scannedLevel } from "./operand-arrays.ts";
import type { TileStore } from "./tile-store.ts";

/** The blocks that read or write arrays. */
export type MemoryUser = Extract<SamBlock, { type: "scanner" | "array" | "write-level" | "write-values" }>;

/** Whether a block reads or writes arrays in memory: a dense level has none, and bit vectors, as Comal has none, are not timed. */
export function usesMemory(block: SamBlock): block is MemoryUser {
  if (block.type === "scanner") return block.format === "compressed";
  if (block.type === "write-level") return !block.words;
  return block.type === "array" || block.type === "write-values";
}

/**
 * The node of a block whose arrays are in `memory`.
 *
 * @throws {FuseflowError} `operand-missing`, `operand-format` for the operand it reads.
 */
export function makeMemoryBlock(
  block: MemoryUser,
  wiring: BlockWiring,
  place: { readonly operands: Operands; readonly memory: ArrayMemory; readonly tiles: TileStore | null },
): Block {
  const { operands, memory } = place;
  const open = (array: string, access: "read" | "write", elements = 1): MemoryAccess =>
    memory.open(`${block.id}.${array}`, access, elements);
  switch (block.type) {
    case "scanner": {
      const tensor = operandOf(operands, block.tensor, block.id);
      const scanned = scannedLevel(tensor, block.level, { tensor: block.tensor, block: block.id, kind: block.format });
      const level = { positions: scanned.positions!, coordinates: scanned.coordinates! };
      return new MemoryScanner(wiring, level, [open("positions", "read"), open("coordinates", "read")]);
    }
    case "array": {
      const elements = block.tile === undefined ? 1 : tileVolume(block.tile, axesOf(block.tile).output);
      return new MemoryArray(wiring, loadedValues(block, place), open("values", "read", elements));
    }
    case "write-level":
      return new MemoryLevelWriter(wiring, [open("positions", "write"), open("coordinates", "write")]);
    case "write-values": {
      const elements = block.tile === undefined ? 1 : tileVolume(block.tile, axesOf(block.tile).output);
      return new MemoryValueWriter(wiring, open("values", "write", elements));
    }
  }
}
