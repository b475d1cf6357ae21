import type { SamBlock, SamEdge, SamGraph, StreamKind } from "../graph.ts";
import { describeBlock } from "./describe-block.ts";
import { familyOf, paletteOf } from "./palette.ts";

/** What a block did with its time, as shares of the run; together at most 1. */
export interface BlockActivity {
  readonly busy: number;
  readonly starved: number;
  readonly blocked: number;
}

/** What a picture shows besides the graph. */
export interface PictureOptions {
  /** Activity by block id: drawn as a bar below the name (green busy, amber starved, red blocked). */
  readonly activity?: ReadonlyMap<string, BlockActivity>;
  /** `down` unless given. */
  readonly direction?: "down" | "right";
}

/** Colours of the activity bar; the rest of it is time without any of the three. */
export const activityColours: Readonly<Record<keyof BlockActivity | "idle", string>> = {
  busy: "#2f8f4e",
  starved: "#d9a21b",
  blocked: "#cc4a3a",
  idle: "#ffffff",
};

/** A mid grey and mid tones: lines must read on a white and on a black page. */
const lineColours: Readonly<Record<StreamKind, string>> = {
  crd: "#9a6bc7",
  ref: "#4f9463",
  val: "#c08a2d",
  repsig: "#3f97a8",
  bv: "#7d8590",
};
const lineStyles: Readonly<Record<StreamKind, string>> = {
  crd: "dashed",
  ref: "bold",
  val: "solid",
  repsig: "dotted",
  bv: "solid",
};

const barWidth = 72;

/** The DOT text that {@link drawGraph} lays out: for the eye, not to be read back. */
export function pictureDot(graph: SamGraph, options: PictureOptions = {}): string {
  const direction = options.direction === "right" ? "LR" : "TB";
  const numbers = new Map(graph.blocks.map((block, number) => [block.id, `b${number}`]));
  const lines = [
    "digraph {",
    `graph [bgcolor=transparent, rankdir=${direction}, nodesep=0.25, ranksep=0.35]`,
    'node [shape=box, style="filled,rounded", fontname="Helvetica,Arial,sans-serif", fontsize=11, fontcolor="#1b2430", margin="0.12,0.06", height=0.3, width=0.4]',
    "edge [arrowsize=0.6, penwidth=1.2]",
    ...graph.blocks.map((block) => `${numbers.get(block.id)} [${nodeOf(block, options)}]`),
    ...graph.edges.flatMap((edge) => {
      const [from, to] = [numbers.get(edge.from.block), numbers.get(edge.to.block)];
      return from === undefined || to === undefined ? [] : [`${from} -> ${to} [${lineOf(edge)}]`];
    }),
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

function nodeOf(block: SamBlock, options: PictureOptions): string {
  const { fill, line } = paletteOf(block);
  const shared = `fillcolor="${fill}", color="${line}", class="${familyOf(block)}", tooltip=${quote(`${block.id}: ${describeBlock(block)}`)}`;
  const activity = options.activity?.get(block.id);
  if (activity !== undefined) return `label=<${barLabel(describeBlock(block), activity)}>, ${shared}`;
  if (block.type === "broadcast") return `label="", shape=circle, width=0.14, height=0.14, fixedsize=true, ${shared}`;
  return `label=${quote(describeBlock(block))}, ${shared}`;
}

function barLabel(name: string, activity: BlockActivity): string {
  const text = escapeHtml(name).replaceAll("\n", "<BR/>");
  const shares = { ...activity, idle: Math.max(0, 1 - activity.busy - activity.starved - activity.blocked) };
  const cells = (["busy", "starved", "blocked", "idle"] as const)
    .map((what) => ({ what, width: Math.round(barWidth * Math.min(1, Math.max(0, shares[what] || 0))) }))
    .filter(({ width }) => width > 0)
    .map(
      ({ what, width }) => `<TD WIDTH="${width}" HEIGHT="6" FIXEDSIZE="TRUE" BGCOLOR="${activityColours[what]}"></TD>`,
    );
  const bar = `<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0"><TR>${cells.join("")}</TR></TABLE>`;
  return `<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1"><TR><TD>${text}</TD></TR><TR><TD>${cells.length > 0 ? bar : ""}</TD></TR></TABLE>`;
}

function lineOf({ id, kind }: SamEdge): string {
  return `style=${lineStyles[kind]}, color="${lineColours[kind]}", class="${kind}", tooltip=${quote(`${kind}: ${id}`)}`;
}

function quote(text: string): string {
  const escaped = text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
  return `"${escaped.replaceAll(/\p{Cc}/gu, " ")}"`;
}

function escapeHtml(text: string): string {
  const named: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replaceAll(/[&<>"]/g, (character) => named[character] ?? character).replaceAll(/[^\P{Cc}\n]/gu, " ");
}
