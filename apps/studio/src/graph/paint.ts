/** Paints a scene on a canvas: edges by traffic, nodes with their time, names where they can be read. */

import { type Inks, seriesNames } from "../chart/inks.ts";
import { numberLabel } from "../chart/number-label.ts";
import type { Camera } from "./camera.ts";
import type { ShownEdge } from "./fold.ts";
import { CAUSES, type Scene, type Traffic } from "./scene.ts";

/** What is painted, and what stands out. */
export interface Painting {
  readonly scene: Scene;
  readonly camera: Camera;
  readonly size: { readonly width: number; readonly height: number };
  readonly inks: Inks;
  readonly traffic: Traffic;
  /** The chosen node, or -1. */
  readonly chosen: number;
  /** Nodes that a search found; all others are faint. */
  readonly found: ReadonlySet<number> | undefined;
}

const WIDTHS = [1, 1.8, 3, 5, 8] as const;
/** Below these scales names, and then numbers and arrows, are left out: they could not be read. */
const NAMES_FROM = 0.45;
const ARROWS_FROM = 0.2;
const NUMBERS_FROM = 0.7;
/** Below this scale a node is a patch in the colour of what most of its time went to. */
const BOXES_FROM = 0.16;

/** Paints everything that is on the screen. */
export function paint(context: CanvasRenderingContext2D, painting: Painting): void {
  const { camera, size } = painting;
  context.save();
  context.clearRect(0, 0, size.width, size.height);
  context.scale(camera.scale, camera.scale);
  context.translate(-camera.left, -camera.top);
  paintEdges(context, painting);
  paintNodes(context, painting);
  context.restore();
}

function inkOf(inks: Inks, name: string): string {
  return inks.get(name) ?? "gray";
}

function trafficOf(edge: ShownEdge, traffic: Traffic): number {
  return traffic === "none" ? 0 : edge[traffic];
}

function paintEdges(context: CanvasRenderingContext2D, painting: Painting): void {
  const { scene, camera, inks, traffic, chosen } = painting;
  const { edges } = scene.shown;
  const most = edges.reduce((largest, edge) => Math.max(largest, trafficOf(edge, traffic)), 0);
  const paths = new PathBatches(context, camera.scale);
  const near: number[] = [];
  const visible: number[] = [];
  for (const [at, edge] of edges.entries()) {
    if (!edgeOnScreen(painting, at)) continue;
    if (edge.from === chosen || edge.to === chosen) near.push(at);
    else visible.push(at);
  }
  context.strokeStyle = inkOf(inks, "--soft");
  context.globalAlpha = painting.found === undefined && chosen < 0 ? 0.75 : 0.35;
  for (const at of visible) trace(paths.of(widthOf(trafficOf(edges[at]!, traffic), most)), scene, at, camera.scale);
  paths.finish();
  context.globalAlpha = 1;
  context.strokeStyle = inkOf(inks, "--accent");
  for (const at of near) {
    const path = new Path2D();
    trace(path, scene, at, camera.scale);
    strokeOf(context, path, WIDTHS[widthOf(trafficOf(edges[at]!, traffic), most)]! + 1, camera.scale);
  }
  if (camera.scale >= NUMBERS_FROM && traffic !== "none") paintNumbers(context, painting);
}

function strokeOf(context: CanvasRenderingContext2D, path: Path2D, width: number, scale: number): void {
  context.lineWidth = Math.max(width, 0.7 / scale);
  context.stroke(path);
}

/** Edges to a path: single strokes are slow, and so is one path of thousands of curves that cross. */
const BATCH = 64;

/** Paths for edges, by width; each is stroked when it is full. */
class PathBatches {
  readonly #context: CanvasRenderingContext2D;
  readonly #scale: number;
  readonly #paths: { path: Path2D; held: number }[] = WIDTHS.map(() => ({ path: new Path2D(), held: 0 }));

  constructor(context: CanvasRenderingContext2D, scale: number) {
    this.#context = context;
    this.#scale = scale;
  }

  /** The path for one more edge of a width. */
  of(width: number): Path2D {
    const batch = this.#paths[width]!;
    if (batch.held === BATCH) this.#stroke(width);
    batch.held += 1;
    return batch.path;
  }

  finish(): void {
    for (const width of this.#paths.keys()) this.#stroke(width);
  }

  #stroke(width: number): void {
    const batch = this.#paths[width]!;
    if (batch.held > 0) strokeOf(this.#context, batch.path, WIDTHS[width]!, this.#scale);
    batch.path = new Path2D();
    batch.held = 0;
  }
}

function widthOf(value: number, most: number): number {
  if (value <= 0 || most <= 0) return 0;
  // Each width stands for a tenth of the one above: traffic spans orders of magnitude.
  return Math.max(0, WIDTHS.length - 1 - Math.floor(-Math.log10(value / most)));
}

function edgeOnScreen({ scene, camera, size }: Painting, at: number): boolean {
  const { from, to } = scene.shown.edges[at]!;
  const { x, y } = scene.layout;
  const [right, bottom] = [camera.left + size.width / camera.scale, camera.top + size.height / camera.scale];
  const slack = 400;
  return (
    Math.max(x[from]!, x[to]!) > camera.left - slack &&
    Math.min(x[from]!, x[to]!) < right + slack &&
    Math.max(y[from]!, y[to]!) > camera.top - slack &&
    Math.min(y[from]!, y[to]!) < bottom + slack
  );
}

function trace(path: Path2D, { layout, shown }: Scene, at: number, scale: number): void {
  const route = layout.routes[at]!;
  if (route.length === 0) {
    const node = shown.edges[at]!.from;
    const right = layout.x[node]! + layout.width[node]! / 2;
    const y = layout.y[node]!;
    path.moveTo(right, y - 10);
    path.bezierCurveTo(right + 34, y - 26, right + 34, y + 26, right, y + 10);
    return;
  }
  path.moveTo(route[0]!, route[1]!);
  for (let point = 2; point < route.length; point += 2) {
    const [x, y] = [route[point]!, route[point + 1]!];
    if (scale < ARROWS_FROM) path.lineTo(x, y);
    else {
      const middle = (route[point - 1]! + y) / 2;
      path.bezierCurveTo(route[point - 2]!, middle, x, middle, x, y);
    }
  }
  if (scale < ARROWS_FROM) return;
  const [x, y] = [route.at(-2)!, route.at(-1)!];
  const back = y > route.at(-3)! ? -7 : 7;
  path.moveTo(x - 4, y + back);
  path.lineTo(x, y);
  path.lineTo(x + 4, y + back);
}

function paintNumbers(context: CanvasRenderingContext2D, { scene, traffic, inks, ...painting }: Painting): void {
  context.font = "10px system-ui, sans-serif";
  context.textAlign = "left";
  context.fillStyle = inkOf(inks, "--soft");
  for (const [at, edge] of scene.shown.edges.entries()) {
    const value = trafficOf(edge, traffic);
    const route = scene.layout.routes[at]!;
    if (value === 0 || route.length === 0 || !edgeOnScreen({ scene, traffic, inks, ...painting }, at)) continue;
    context.fillText(numberLabel(value), (route[0]! + route[2]!) / 2 + 4, (route[1]! + route[3]!) / 2 + 3);
  }
}

function paintNodes(context: CanvasRenderingContext2D, painting: Painting): void {
  const { scene, camera, size, chosen, found } = painting;
  const { x, y, width, height } = scene.layout;
  const [right, bottom] = [camera.left + size.width / camera.scale, camera.top + size.height / camera.scale];
  context.textBaseline = "middle";
  for (let node = 0; node < width.length; node++) {
    const half = width[node]! / 2;
    if (x[node]! + half < camera.left || x[node]! - half > right) continue;
    if (y[node]! + height < camera.top || y[node]! - height > bottom) continue;
    context.globalAlpha = found === undefined || found.has(node) || node === chosen ? 1 : 0.25;
    paintNode(context, painting, node);
  }
  context.globalAlpha = 1;
}

function paintNode(context: CanvasRenderingContext2D, painting: Painting, node: number): void {
  const { scene, camera, inks, chosen } = painting;
  const { x, y, width, height } = scene.layout;
  const [left, top, across] = [x[node]! - width[node]! / 2, y[node]! - height / 2, width[node]!];
  if (camera.scale < BOXES_FROM && node !== chosen) {
    context.fillStyle = inkOf(inks, mainCauseOf(scene, node));
    context.fillRect(left, top, across, height);
    return;
  }
  const { label, kind, folded, size } = scene.shown.nodes[node]!;
  context.fillStyle = inkOf(inks, "--ground");
  context.strokeStyle = inkOf(inks, node === chosen ? "--accent" : "--line");
  context.lineWidth = node === chosen ? Math.max(3, 2 / camera.scale) : Math.max(1, 0.6 / camera.scale);
  context.beginPath();
  context.roundRect(left, top, across, height, 6);
  context.fill();
  context.stroke();
  if (folded !== undefined) context.strokeRect(left + 3, top + 3, across - 6, height - 6);
  context.fillStyle = inkOf(inks, seriesNames[(scene.kinds.get(kind) ?? 0) % seriesNames.length]!);
  context.fillRect(left, top + 5, 4, height - 10);
  paintTime(context, painting, { node, left: left + 10, top: top + height - 11, across: across - 18 });
  if (camera.scale < NAMES_FROM) return;
  context.fillStyle = inkOf(inks, "--ink");
  context.font = "12px system-ui, sans-serif";
  context.textAlign = "left";
  const lines = (folded === undefined ? label : `${label} (${size})`).split("\n").slice(0, 2);
  const first = top + (lines.length === 1 ? 17 : 11);
  for (const [at, line] of lines.entries()) context.fillText(line, left + 11, first + 14 * at, across - 18);
}

function mainCauseOf({ shares }: Scene, node: number): string {
  let most = -1;
  for (let cause = 0; cause < CAUSES.length; cause++) {
    const share = shares[3 * node + cause]!;
    if (share > 0 && (most < 0 || share > shares[3 * node + most]!)) most = cause;
  }
  return most < 0 ? "--soft" : `--${CAUSES[most]!}`;
}

interface BarPlace {
  readonly node: number;
  readonly left: number;
  readonly top: number;
  readonly across: number;
}

function paintTime(context: CanvasRenderingContext2D, { scene, inks }: Painting, place: BarPlace): void {
  const { node, left, top, across } = place;
  const { shares } = scene;
  const total = shares[3 * node]! + shares[3 * node + 1]! + shares[3 * node + 2]!;
  if (total === 0) return;
  context.fillStyle = inkOf(inks, "--line");
  context.fillRect(left, top, across, 5);
  let from = left;
  for (const [at, cause] of CAUSES.entries()) {
    const wide = shares[3 * node + at]! * across;
    context.fillStyle = inkOf(inks, `--${cause}`);
    context.fillRect(from, top, wide, 5);
    from += wide;
  }
}
