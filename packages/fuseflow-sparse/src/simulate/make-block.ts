import { FiberAccumulator } from "../blocks/accumulate/fiber-accumulator.ts";
import { PointAccumulator } from "../blocks/accumulate/point-accumulator.ts";
import type { Block, BlockWiring } from "../blocks/block.ts";
import { Alu } from "../blocks/compute/alu.ts";
import { ArrayLoad } from "../blocks/compute/array.ts";
import { GuidedReduce } from "../blocks/compute/guided-reduce.ts";
import { unaryFunction } from "../blocks/compute/operations.ts";
import { Reduce } from "../blocks/compute/reduce.ts";
import { Unary } from "../blocks/compute/unary.ts";
import { GallopJoiner } from "../blocks/join/gallop-joiner.ts";
import { Joiner } from "../blocks/join/joiner.ts";
import { RegisteredJoiner } from "../blocks/join/registered-joiner.ts";
import type { ArrayMemory } from "../blocks/memory/array-memory.ts";
import { CrdHold } from "../blocks/repeat/crd-hold.ts";
import { Repeat } from "../blocks/repeat/repeat.ts";
import { RepeatSignal } from "../blocks/repeat/repeat-signal.ts";
import { BitvectorScanner } from "../blocks/scan/bitvector-scanner.ts";
import { GallopScanner } from "../blocks/scan/gallop-scanner.ts";
import { LevelScanner } from "../blocks/scan/level-scanner.ts";
import { Locate } from "../blocks/scan/locate.ts";
import { Root } from "../blocks/scan/root.ts";
import { Broadcast } from "../blocks/shape/broadcast.ts";
import { CrdDrop } from "../blocks/shape/crd-drop.ts";
import { EmptyFiberDrop } from "../blocks/shape/empty-fiber-drop.ts";
import { Mask } from "../blocks/shape/mask.ts";
import { PackBits } from "../blocks/shape/pack-bits.ts";
import { ReferenceCount } from "../blocks/shape/reference-count.ts";
import { Split } from "../blocks/shape/split.ts";
import { StopDrop } from "../blocks/shape/stop-drop.ts";
import { ValueDrop } from "../blocks/shape/value-drop.ts";
import { LevelWriter } from "../blocks/write/level-writer.ts";
import { ValueWriter } from "../blocks/write/value-writer.ts";
import { WordWriter } from "../blocks/write/word-writer.ts";
import { FuseflowError } from "../errors.ts";
import type { SamBlock } from "../sam/graph.ts";
import type { TimingProfile } from "../timing/profile.ts";
import type { ValueTiming } from "../timing/tile-timing.ts";
import { makeMemoryBlock, usesMemory } from "./make-memory-block.ts";
import { levelSize, type Operands, operandOf, scannedBitvector, scannedLevel, valuesOf } from "./operand-arrays.ts";
import type { TileStore } from "./tile-store.ts";

/** A node of a block. */
export type SamNode = Block | GallopScanner;

/** Where a block stands. */
export interface BlockPlace {
  readonly profile: TimingProfile;
  readonly operands: Operands;
  /** Reductions that never get a fibre to sum. */
  readonly hollow: ReadonlySet<string>;
  readonly timeOf: (block: SamBlock) => ValueTiming;
  /** Tiles, where values are numbers of them. */
  readonly tiles: TileStore | null;
  /** The memory that holds operands and outputs, if that takes time. */
  readonly memory?: ArrayMemory;
}

/**
 * The node of a block of a graph.
 *
 * @throws {FuseflowError} `operand-missing`, `operand-format` for the operand a block reads; `graph-invalid` for a block
 *   that cannot be simulated.
 */
export function makeBlock(block: SamBlock, wiring: BlockWiring, place: BlockPlace): SamNode {
  const { profile, operands, memory, tiles } = place;
  if (memory !== undefined && usesMemory(block)) return makeMemoryBlock(block, wiring, { operands, memory, tiles });
  switch (block.type) {
    case "root":
      return new Root(wiring);
    case "scanner":
      return makeScanner(block, wiring, operands);
    case "intersect":
    case "union":
      if (block.type === "intersect" && block.gallop && block.arity === 2) return new GallopJoiner(wiring);
      return profile.globalClock ? new RegisteredJoiner(wiring, block.type) : new Joiner(wiring, block.type);
    case "locate": {
      const tensor = operandOf(operands, block.tensor, block.id);
      return new Locate(wiring, levelSize(tensor, block.level, { tensor: block.tensor, block: block.id }));
    }
    case "repsiggen":
      return new RepeatSignal(wiring);
    case "repeat":
      return new Repeat(wiring);
    case "array":
      return new ArrayLoad(wiring, loadedValues(block, place));
    case "alu": {
      const { interval } = place.timeOf(block);
      return new Alu(wiring, block.operation, { interval, tiles: tiles?.combination(block) ?? null });
    }
    case "unary": {
      const of = unaryFunction(block.operation, block.constant);
      return new Unary(wiring, tiles?.map(block, of) ?? of);
    }
    case "reduce":
      return makeReduce(block, wiring, place);
    case "spacc": {
      const sum = tiles?.sum(block) ?? null;
      return block.form === "fibers"
        ? new FiberAccumulator(wiring, block.order, sum)
        : new PointAccumulator(wiring, block.order, sum);
    }
    case "crdhold":
      return new CrdHold(wiring);
    default:
      return makeShapeBlock(block, wiring);
  }
}

/** What an array reads: numbers, or numbers of tiles. */
export function loadedValues(
  { tensor, id }: Extract<SamBlock, { type: "array" }>,
  { tiles, operands }: Pick<BlockPlace, "tiles" | "operands">,
): Float64Array {
  return tiles === null ? valuesOf(operandOf(operands, tensor, id), tensor) : tiles.array(tensor);
}

function makeReduce(
  block: Extract<SamBlock, { type: "reduce" }>,
  wiring: BlockWiring,
  place: Pick<BlockPlace, "hollow" | "tiles">,
): Block {
  const operation = block.operation === "max" ? "max" : "add";
  const hollow = place.hollow.has(block.id);
  const tiles = place.tiles?.sum(block) ?? null;
  if (wiring.inputs.length > 1) return new GuidedReduce(wiring, operation, tiles);
  return new Reduce(wiring, operation, { hollow, tiles });
}

function makeShapeBlock(block: SamBlock, wiring: BlockWiring): Block {
  switch (block.type) {
    case "crddrop":
      return new CrdDrop(wiring);
    case "val-drop":
      return new ValueDrop(wiring);
    case "stop-drop":
      return new StopDrop(wiring);
    case "empty-fiber-drop":
      return new EmptyFiberDrop(wiring);
    case "split":
      return new Split(wiring, block.width);
    case "pack-bits":
      return new PackBits(wiring);
    case "gen-ref":
      return new ReferenceCount(wiring);
    case "mask":
      return new Mask(wiring, block.keep);
    case "broadcast":
      return new Broadcast(wiring);
    case "write-level":
      return block.words ? new WordWriter(wiring) : new LevelWriter(wiring);
    case "write-values":
      return new ValueWriter(wiring);
    default:
      throw new FuseflowError("graph-invalid", `block ${block.id} of type ${block.type} cannot be simulated`);
  }
}

function makeScanner(block: Extract<SamBlock, { type: "scanner" }>, wiring: BlockWiring, operands: Operands): SamNode {
  const tensor = operandOf(operands, block.tensor, block.id);
  const place = { tensor: block.tensor, block: block.id, kind: block.format };
  if (block.format === "bitvector") {
    return new BitvectorScanner(wiring, scannedBitvector(tensor, block.level, place));
  }
  const level = scannedLevel(tensor, block.level, place);
  // The second input is the skip stream of a galloping intersection.
  return wiring.inputs.length > 1 ? new GallopScanner(wiring, level) : new LevelScanner(wiring, level);
}
