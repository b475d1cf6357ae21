import type { SamBlock } from "../graph.ts";

/** A short name of a block for pictures and messages: what it is, then what it works on. */
export function describeBlock(block: SamBlock): string {
  switch (block.type) {
    case "root":
      return spaced("root", block.tensor);
    case "scanner":
      return `scan ${block.index || "·"}: ${levelName(block)}\n${block.format}`;
    case "write-level":
      return `write ${block.index || "·"}: ${levelName(block)}\n${block.format}`;
    case "write-values":
      return `write ${block.tensor} values`;
    case "locate":
      return `locate ${block.index || "·"}: ${levelName(block)}`;
    case "repeat":
      return spaced("repeat", block.index) + (block.tensor === "" ? "" : `: ${block.tensor}`);
    case "repsiggen":
      return spaced("repeat signal", block.index);
    case "intersect":
    case "union":
      return spaced(block.type, block.index);
    case "array":
      return `values of ${block.tensor}`;
    case "alu":
      return block.tile === undefined ? block.operation : `${block.operation} ${block.tile.axes}`;
    case "unary":
      return block.constant === undefined ? block.operation : `${block.operation} ${block.constant}`;
    case "reduce":
      return block.operation === "add" ? "reduce" : `reduce ${block.operation}`;
    case "spacc":
      return spaced(`accumulate ${block.order}`, block.indices.slice(0, block.order).toReversed().join(" "));
    case "crdhold":
    case "crddrop":
      return spaced(block.type === "crdhold" ? "hold" : "drop", [block.outer, block.inner].filter(Boolean).join(", "));
    case "split":
      return `${spaced("split", [block.outer, block.inner].filter(Boolean).join(", "))} by ${block.width}`;
    case "mask":
      return `mask ${block.keep}`;
    case "fork":
    case "join":
    case "broadcast":
      return `${block.type} ${block.ways}`;
    default:
      return block.type;
  }
}

const spaced = (first: string, second: string): string => (second === "" ? first : `${first} ${second}`);

/** `B0`, or `B1.0` where the tensor's own name ends in a digit. */
function levelName({ tensor, level }: { readonly tensor: string; readonly level: number }): string {
  return `${tensor}${/[0-9]$/.test(tensor) ? "." : ""}${level}`;
}
