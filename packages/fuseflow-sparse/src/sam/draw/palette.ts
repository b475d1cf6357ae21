import type { SamBlock } from "../graph.ts";

/** What a block is for; its colour in pictures. */
export type BlockFamily =
  | "source"
  | "iteration"
  | "repetition"
  | "value"
  | "reduction"
  | "coordinate"
  | "routing"
  | "sink";

const families: Readonly<Record<SamBlock["type"], BlockFamily>> = {
  root: "source",
  scanner: "source",
  locate: "source",
  array: "source",
  intersect: "iteration",
  union: "iteration",
  mask: "iteration",
  repeat: "repetition",
  repsiggen: "repetition",
  alu: "value",
  unary: "value",
  reduce: "reduction",
  spacc: "reduction",
  crdhold: "coordinate",
  crddrop: "coordinate",
  "val-drop": "coordinate",
  "stop-drop": "coordinate",
  "empty-fiber-drop": "coordinate",
  split: "coordinate",
  "pack-bits": "coordinate",
  "gen-ref": "coordinate",
  broadcast: "routing",
  fork: "routing",
  join: "routing",
  "write-level": "sink",
  "write-values": "sink",
};

/** Fill and line of each family. Fills are light and text is dark, so a picture reads on a light and on a dark page. */
export const palette: Readonly<Record<BlockFamily, { readonly fill: string; readonly line: string }>> = {
  source: { fill: "#cfe8d5", line: "#3d7a50" },
  iteration: { fill: "#e3d5f2", line: "#7450a3" },
  repetition: { fill: "#cdeaf0", line: "#2f7d8c" },
  value: { fill: "#f6e2c4", line: "#a06a1c" },
  reduction: { fill: "#f4cfc6", line: "#a4432f" },
  coordinate: { fill: "#f7ddea", line: "#a34a78" },
  routing: { fill: "#e4e6ea", line: "#6b7280" },
  sink: { fill: "#cddcf5", line: "#3a5ea8" },
};

/** The family of a block. */
export function familyOf(block: SamBlock): BlockFamily {
  return families[block.type];
}

/** The colours of a block. */
export function paletteOf(block: SamBlock): { readonly fill: string; readonly line: string } {
  return palette[familyOf(block)];
}
