/**
 * A layered drawing of a graph, top to bottom, in time near linear in its size: thousands of nodes in a fraction of a second.
 *
 * Edges that pass layers bend at a place of their own in each, so that they run between the nodes and not over them.
 */
import { type Links, layersOf } from "./layers.ts";
import { orderRows, placeRows, type Rows } from "./rows.ts";

const GAP = 26;
const ROW_GAP = 56;
const BEND_WIDTH = 8;
/** Above so many bends for each node, edges run straight: the drawing would be all bends. */
const MOST_BENDS_PER_NODE = 12;

/** Sizes of what is laid out. */
export interface LayoutInput extends Links {
  readonly width: Float64Array;
  readonly height: number;
}

/** Where everything stands; `x` and `y` are middles. */
export interface Layout {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly width: Float64Array;
  readonly height: number;
  /** For each edge, the x and y of its points in turn, from its beginning to its end; none for an edge to its own node. */
  readonly routes: readonly Float64Array[];
  readonly box: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };
}

/** Lays a graph out. */
export function layOut(input: LayoutInput): Layout {
  const { count, from, to, height } = input;
  const { layer, upward } = layersOf(input);
  const bends = bendsOf(input, layer, upward);
  const places = count + bends.total;
  const above: number[][] = Array.from({ length: places }, () => []);
  const below: number[][] = Array.from({ length: places }, () => []);
  const depth = layer.reduce((most, each) => Math.max(most, each + 1), 0);
  const rows: number[][] = Array.from({ length: depth }, () => []);
  for (let node = 0; node < count; node++) rows[layer[node]!]!.push(node);
  for (let edge = 0; edge < from.length; edge++) {
    if (from[edge] === to[edge]) continue;
    const [top, bottom] = upward[edge] ? [to[edge]!, from[edge]!] : [from[edge]!, to[edge]!];
    const chain = [top, ...bends.of[edge]!, bottom];
    for (const [at, place] of bends.of[edge]!.entries()) rows[layer[top]! + 1 + at]!.push(place);
    for (let at = 1; at < chain.length; at++) {
      above[chain[at]!]!.push(chain[at - 1]!);
      below[chain[at - 1]!]!.push(chain[at]!);
    }
  }
  const drawing: Rows = { rows, above, below };
  orderRows(drawing);
  const width = new Float64Array(places).fill(BEND_WIDTH);
  width.set(input.width);
  const x = placeRows(drawing, width, GAP);
  const y = new Float64Array(places);
  for (const [at, row] of rows.entries()) for (const place of row) y[place] = at * (height + ROW_GAP);
  const routes = Array.from({ length: from.length }, (_, edge) => {
    if (from[edge] === to[edge]) return new Float64Array(0);
    const chain = [...bends.of[edge]!];
    if (upward[edge]) chain.reverse();
    const leave = upward[edge] ? -height / 2 : height / 2;
    const points = [x[from[edge]!]!, y[from[edge]!]! + leave];
    for (const place of chain) points.push(x[place]!, y[place]!);
    points.push(x[to[edge]!]!, y[to[edge]!]! - leave);
    return Float64Array.from(points);
  });
  return { x, y, width: input.width, height, routes, box: boxOf({ count, x, y, width, height, depth }) };
}

interface Bends {
  readonly of: readonly (readonly number[])[];
  readonly total: number;
}

function bendsOf({ count, from, to }: LayoutInput, layer: Int32Array, upward: Uint8Array): Bends {
  const lengths = Array.from({ length: from.length }, (_, edge) => {
    const span = layer[to[edge]!]! - layer[from[edge]!]!;
    return Math.max(0, (upward[edge] ? -span : span) - 1);
  });
  const needed = lengths.reduce((sum, length) => sum + length, 0);
  if (needed > MOST_BENDS_PER_NODE * count) return { of: lengths.map(() => []), total: 0 };
  let next = count;
  const of = lengths.map((length) => Array.from({ length }, () => next++));
  return { of, total: needed };
}

function boxOf(layout: {
  readonly count: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly width: Float64Array;
  readonly height: number;
  readonly depth: number;
}): Layout["box"] {
  const { count, x, width, height, depth } = layout;
  let left = count === 0 ? 0 : Number.POSITIVE_INFINITY;
  let right = count === 0 ? 0 : Number.NEGATIVE_INFINITY;
  for (let node = 0; node < count; node++) {
    left = Math.min(left, x[node]! - width[node]! / 2);
    right = Math.max(right, x[node]! + width[node]! / 2);
  }
  return { left, right, top: -height / 2, bottom: Math.max(0, depth - 1) * (height + ROW_GAP) + height / 2 };
}
