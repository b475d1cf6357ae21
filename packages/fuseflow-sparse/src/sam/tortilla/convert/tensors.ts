import type { SamBlock, SamEdge, SamLevelKind, SamTensor } from "../../graph.ts";
import { passReferences } from "../../validate/reference-targets.ts";
import { orderBlocks, wiringOf } from "../../validate/wiring.ts";

/**
 * Modes in storage order of the tensors whose scanners are not numbered by level. Files of the older versions number them by
 * mode; the level is then how many scanners lie between a scanner and the root.
 */
export function storageOrders(parts: {
  readonly blocks: readonly SamBlock[];
  readonly edges: readonly SamEdge[];
}): ReadonlyMap<string, readonly number[]> {
  const wiring = wiringOf({ name: "", tensors: {}, ...parts });
  const modes = new Map<string, number[]>();
  const doubtful = new Set<string>();
  passReferences(wiring, orderBlocks(wiring).order, (block, target) => {
    if (block.type !== "scanner") return 0;
    const level = target === undefined ? block.level : target.level + 1;
    const known = modes.get(block.tensor) ?? [];
    modes.set(block.tensor, known);
    if (level >= mostLevels || (known[level] ?? block.level) !== block.level) doubtful.add(block.tensor);
    else known[level] = block.level;
    return level;
  });
  return new Map(
    [...modes].filter(([tensor, order]) => {
      const listed = Array.from(order);
      const isPermutation = listed.toSorted((a, b) => a - b).every((mode, at) => mode === at);
      return isPermutation && !doubtful.has(tensor) && listed.some((mode, level) => mode !== level);
    }),
  );
}

/** Blocks whose writers all name one output tensor, with its levels numbered in file order, and whose locates name theirs. */
export function nameOutput(parts: {
  readonly blocks: readonly SamBlock[];
  readonly edges: readonly SamEdge[];
}): readonly SamBlock[] {
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
  { blocks, edges }: { readonly blocks: readonly SamBlock[]; readonly edges: readonly SamEdge[] },
): { readonly tensor: string; readonly level: number; readonly index: string } {
  const byId = new Map(blocks.map((block) => [block.id, block]));
  const seen = new Set<string>();
  const queue = edges
    .filter((edge) => edge.from.block === id && edge.from.port === "ref0")
    .map((edge) => edge.to.block);
  const reached: string[] = [];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const block = byId.get(next);
    if (block === undefined || seen.has(next)) continue;
    seen.add(next);
    if (block.type === "scanner" || block.type === "array") reached.push(block.tensor);
    else if (block.type === "repeat" || block.type === "broadcast") {
      queue.push(...edges.filter((edge) => edge.from.block === next).map((edge) => edge.to.block));
    }
  }
  return { tensor: reached[0] ?? "", level: 0, index: "" };
}

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
