import type { SamBlock, SamEdge, SamLevelKind, SamTensor } from "../graph.ts";

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
export function tensorsOf(blocks: readonly SamBlock[]): Readonly<Record<string, SamTensor>> {
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
        modeOrder: Array.from(kinds, (_, level) => level),
      },
    ]),
  );
}

const mostLevels = 64;
