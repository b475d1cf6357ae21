import type { SamGraph, StreamKind } from "../graph.ts";
import { describeBlock } from "./describe-block.ts";
import { familyOf, palette } from "./palette.ts";

const arrows: Readonly<Record<StreamKind, string>> = { crd: "-.->", ref: "==>", val: "-->", repsig: "-.->", bv: "-->" };

/** A graph as a Mermaid flowchart, for pages that draw those. Blocks are numbered, as Mermaid's ids are narrow. */
export function printMermaid(graph: SamGraph): string {
  const numbers = new Map(graph.blocks.map((block, number) => [block.id, `b${number}`]));
  const blocks = graph.blocks.map((block) => {
    const label = escapeLabel(describeBlock(block));
    return `  ${numbers.get(block.id)}${block.type === "broadcast" ? `((" "))` : `["${label}"]`}:::${familyOf(block)}`;
  });
  const edges = graph.edges.flatMap(({ kind, from, to }) => {
    const ends = [numbers.get(from.block), numbers.get(to.block)];
    return ends.includes(undefined) ? [] : [`  ${ends[0]} ${arrows[kind]}|${kind}| ${ends[1]}`];
  });
  const classes = Object.entries(palette).map(
    ([family, { fill, line }]) => `  classDef ${family} fill:${fill},stroke:${line},color:#1b2430`,
  );
  return `${["flowchart TD", ...blocks, ...edges, ...classes].join("\n")}\n`;
}

function escapeLabel(text: string): string {
  const entity = (character: string): string => (character === "\n" ? "<br/>" : `#${character.codePointAt(0)};`);
  return text.replaceAll(/["<>&#\n\p{Cc}]/gu, entity);
}
