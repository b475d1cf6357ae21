/** Merges blocks that do the same to the same streams: equal parameters, equal inputs. Index names do not count. */
import type { NetBlock, OutPort } from "../region/netlist.ts";

/** The blocks without duplicates; writers stay. */
export function commonBlocks(blocks: readonly NetBlock[]): readonly NetBlock[] {
  const kept: NetBlock[] = [];
  const known = new Map<string, string>();
  const replaced = new Map<string, string>();
  for (const { block, inputs } of blocks) {
    const rewired: Record<string, OutPort> = {};
    for (const [port, from] of Object.entries(inputs)) {
      const to = replaced.get(from.block);
      rewired[port] = to === undefined ? from : { ...from, block: to };
    }
    if (block.type === "write-level" || block.type === "write-values") {
      kept.push({ block, inputs: rewired });
      continue;
    }
    const { id, ...parameters } = block;
    const feeds = Object.entries(rewired).map(([port, from]) => `${port}=${from.block}.${from.port}`);
    const key = `${describe(parameters)} ${feeds.join(" ")}`;
    const same = known.get(key);
    if (same !== undefined) {
      replaced.set(id, same);
      continue;
    }
    known.set(key, id);
    kept.push({ block, inputs: rewired });
  }
  return kept;
}

/** Parameters that decide what a block does. */
function describe(parameters: Readonly<Record<string, unknown>>): string {
  const named = new Set(["index", "indices", "label", "outer", "inner"]);
  // A repeat names its tensor for the reader only.
  const silent = parameters.type === "repeat" ? new Set([...named, "tensor", "root"]) : named;
  return Object.entries(parameters)
    .filter(([name]) => !silent.has(name))
    .map(([name, value]) => `${name}:${JSON.stringify(value)}`)
    .join(",");
}
