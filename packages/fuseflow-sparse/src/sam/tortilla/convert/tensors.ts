import type { SamBlock, SamEdge, SamLevelKind, SamPort, SamTensor } from "../../graph.ts";
import { portsOf } from "../../ports.ts";
import { passReferences } from "../../validate/reference-targets.ts";
import { orderBlocks, wiringOf } from "../../validate/wiring.ts";

/** What is known of a graph before its tensors. */
interface GraphParts {
  readonly blocks: readonly SamBlock[];
  readonly edges: readonly SamEdge[];
}

/**
 * Modes in storage order of the tensors whose scanners are not numbered by level. Files of the older versions number them by
 * mode; the level is then how many scanners lie between a scanner and the root.
 */
export function storageOrders(parts: GraphParts): ReadonlyMap<string, readonly number[]> {
  const wiring = wiringOf({ name: "", tensors: {}, ...parts });
  const modes = new Map<string, number[]>();
  const doubtful = new Set<string>();
  const located = new Set(
    parts.blocks.flatMap(({ id, type }) => (type === "locate" ? readersOf(id, parts).map((reader) => reader.id) : [])),
  );
  passReferences(wiring, orderBlocks(wiring).order, (block, target) => {
    if (block.type !== "scanner") return 0;
    // A locate stands for the scanner of a first level.
    const level = target !== undefined ? target.level + 1 : located.has(block.id) ? 1 : block.level;
    const known = modes.get(block.tensor) ?? [];
    modes.set(block.tensor, known);
    if (level >= mostLevels || (known[level] ?? block.level) !== block.level) doubtful.add(block.tensor);
    else known[level] = block.level;
    return level;
  });
  const orders = [...modes].map(([tensor, order]) => [tensor, withoutGap(order)] as const);
  return new Map(
    orders.filter(([tensor, listed]) => {
      const isPermutation = listed.toSorted((a, b) => a - b).every((mode, at) => mode === at);
      return isPermutation && !doubtful.has(tensor) && listed.some((mode, level) => mode !== level);
    }),
  );
}

/** The order with the one mode that is left in the one place that is open: that of a level which is only located. */
function withoutGap(order: readonly number[]): readonly number[] {
  const listed = Array.from(order);
  const left = listed.findIndex((_, mode) => !listed.includes(mode));
  return listed.map((mode: number | undefined) => mode ?? left);
}

/** Blocks whose writers all name one output tensor, with its levels numbered in file order, and whose locates name theirs. */
export function nameOutput(parts: GraphParts): readonly SamBlock[] {
  const inputs = new Set(
    parts.blocks.flatMap((block) => (block.type === "scanner" || block.type === "array" ? [block.tensor] : [])),
  );
  const usable = (name: string): boolean => name !== "" && !inputs.has(name);
  const writers = parts.blocks.filter((block) => block.type === "write-level" || block.type === "write-values");
  const names = new Set(writers.map((block) => block.tensor).filter(usable));
  // Comal does not use the name, and its compiler leaves it out or names an operand.
  const fallback = usable("out") ? "out" : "result";
  const single = parts.blocks.filter((block) => block.type === "write-values").length <= 1;
  const only = names.size === 1 ? ([...names][0] as string) : fallback;
  const levels = new Map<string, number>();
  return parts.blocks.map((block) => {
    if (block.type === "locate") return { ...block, ...locatedLevel(block.id, parts) };
    if (block.type !== "write-level" && block.type !== "write-values") return block;
    const tensor = single || !usable(block.tensor) ? only : block.tensor;
    if (block.type === "write-values") return { ...block, tensor };
    const level = levels.get(tensor) ?? 0;
    levels.set(tensor, level + 1);
    return { ...block, tensor, level };
  });
}

/** A locate does not say what it looks into: it is what the located reference reaches first. */
function locatedLevel(
  id: string,
  parts: GraphParts,
): { readonly tensor: string; readonly level: number; readonly index: string } {
  return { tensor: readersOf(id, parts)[0]?.tensor ?? "", level: 0, index: "" };
}

/** The scanners and arrays that take the references which a locate finds. */
function readersOf(locate: string, { blocks, edges }: GraphParts): Extract<SamBlock, { type: "scanner" | "array" }>[] {
  const byId = new Map(blocks.map((block) => [block.id, block]));
  const found: Extract<SamBlock, { type: "scanner" | "array" }>[] = [];
  const queue = [portKey({ block: locate, port: "ref0" })];
  const seen = new Set(queue);
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    for (const { to } of edges.filter(({ from }) => portKey(from) === next)) {
      const block = byId.get(to.block);
      if (block?.type === "scanner" || block?.type === "array") found.push(block);
      else if (block !== undefined) {
        const on = passedTo(block, to.port).map((port) => portKey({ block: block.id, port }));
        queue.push(...on.filter((key) => !seen.has(key)));
        for (const key of on) seen.add(key);
      }
    }
  }
  return found;
}

/** The outputs by which a block passes on the references that come to `port`. */
function passedTo(block: SamBlock, port: string): string[] {
  switch (block.type) {
    case "repeat":
      return port === "ref" ? ["ref"] : [];
    case "intersect":
    case "union":
      return [port];
    case "broadcast":
    case "fork":
      return portsOf(block).outputs.map(({ name }) => name);
    case "join":
      return ["out"];
    default:
      return [];
  }
}

const portKey = ({ block, port }: SamPort): string => `${block}.${port}`;

/** Storage of all tensors of a graph as far as its blocks tell it: scanned, located and written levels; others are dense. */
export function tensorsOf(
  blocks: readonly SamBlock[],
  orders: ReadonlyMap<string, readonly number[]>,
): Readonly<Record<string, SamTensor>> {
  const levels = new Map<string, (SamLevelKind | undefined)[]>();
  const of = (tensor: string): (SamLevelKind | undefined)[] => {
    const known = levels.get(tensor) ?? [];
    levels.set(tensor, known);
    return known;
  };
  for (const block of blocks) {
    if (block.type === "root" && block.tensor !== "") of(block.tensor);
    else if (block.type === "array" || block.type === "write-values") of(block.tensor);
    else if ((block.type === "scanner" || block.type === "write-level") && block.level < mostLevels) {
      of(block.tensor)[block.level] ??= block.format;
    } else if (block.type === "locate" && block.tensor !== "") of(block.tensor)[block.level] ??= "dense";
  }
  return Object.fromEntries(
    [...levels].map(([tensor, kinds]): [string, SamTensor] => [
      tensor,
      {
        levels: Array.from(kinds, (kind) => kind ?? "dense"),
        modeOrder: Array.from(kinds, (_, level) => orders.get(tensor)?.[level] ?? level),
      },
    ]),
  );
}

const mostLevels = 64;
