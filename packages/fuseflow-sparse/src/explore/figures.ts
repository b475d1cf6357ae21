/**
 * What explored points show, in the rows of the paper's figures and tables.
 *
 * Source: Lacouture et al., "FuseFlow" (arXiv 2511.04768), section 8, figures 12 and 14 to 18, tables 3 and 4.
 */
import { compileProgram } from "../compile/compile-program.ts";
import { storedTensor } from "../compile/stored-tensor.ts";
import type { ExplorationSubject, Explored } from "./explorer.ts";
import { orderCounts } from "./order-counts.ts";

/** A cell of a figure's data. */
export type FigureValue = string | number | null;

/** Which figure. */
export type FigureName = "fusion" | "work" | "data" | "lanes" | "blocks" | "orders" | "estimates" | "order-counts";

/** Data of one figure. */
export interface FigureData {
  readonly name: FigureName;
  readonly title: string;
  /** The figure or table of the paper that has this shape. */
  readonly paper: string;
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, FigureValue>>[];
}

/** The data of every figure that `points` have something for. */
export function figuresOf(points: readonly Explored[], subject: ExplorationSubject): readonly FigureData[] {
  const ran = points.filter((point): point is Ran => point.cycles !== null);
  const [data] = Object.keys(subject.data);
  const own = ran.filter((point) => point.data === data);
  return [
    fusionFigure(ran),
    workFigure(own, subject),
    dataFigure(ran),
    lanesFigure(own),
    blocksFigure(own),
    ordersFigure(own),
    estimatesFigure(ran),
    orderCountsFigure(subject),
  ].filter(({ rows }) => rows.length > 0);
}

type Ran = Explored & { readonly cycles: number };

const single = ({ lanes }: Explored): boolean => lanes.every((factor) => factor === 1);
const plain = (point: Explored): boolean => point.order === 0 && point.block === 1 && single(point);

/** The point that a speed-up is over: of the same data and granularity or unfused, in the first order, without lanes. */
function baseOf(points: readonly Ran[], { data }: Ran, granularity: string): number | null {
  const base = points.find((point) => point.data === data && point.granularity === granularity && plain(point));
  return base?.cycles ?? null;
}

const ratio = (base: number | null, cycles: number): number | null =>
  base === null || cycles === 0 ? null : base / cycles;

function fusionFigure(points: readonly Ran[]): FigureData {
  const rows = points.filter(plain).map((point) => {
    const alike = points.filter(({ data, granularity }) => data === point.data && granularity === point.granularity);
    const { data, granularity, cycles, regions } = point;
    const speedUp = ratio(baseOf(points, point, "unfused"), cycles);
    return {
      data,
      granularity,
      regions: regions.length,
      cycles,
      speedUp,
      best: Math.min(...alike.map((a) => a.cycles)),
    };
  });
  const columns = ["data", "granularity", "regions", "cycles", "speedUp", "best"];
  return { name: "fusion", title: "Cycles at each granularity of fusion", paper: "Figure 12", columns, rows };
}

/** Work when single regions of the partial division are fused, and the rest is not; each region's counts stand alone. */
function workFigure(points: readonly Ran[], { divisions }: ExplorationSubject): FigureData {
  const at = (granularity: string): Ran | undefined =>
    points.find((point) => point.granularity === granularity && plain(point));
  const rows = points
    .filter(plain)
    .map(({ granularity, flops, bytes }) => ({ fused: granularity, flops, elements: bytes / 4 }));
  const [unfused, partial] = [at("unfused"), at("partial")];
  if (unfused !== undefined && partial !== undefined && partial.regions.length > 1) {
    for (const region of divisions.partial!) {
      const fused = partial.regions.filter(({ name }) => name === region.name);
      const rest = unfused.regions.filter(({ tensors }) => !tensors.some((tensor) => region.tensors.includes(tensor)));
      const all = [...fused, ...rest];
      const sum = (of: (each: (typeof all)[number]) => number): number =>
        all.reduce((total, each) => total + of(each), 0);
      rows.push({ fused: `only ${region.name}`, flops: sum((r) => r.flops), elements: sum((r) => r.bytes) / 4 });
    }
  }
  const title = "Operations and elements moved, by what is fused";
  return { name: "work", title, paper: "Figure 14", columns: ["fused", "flops", "elements"], rows };
}

function dataFigure(points: readonly Ran[]): FigureData {
  const rows = points.filter(plain).flatMap((point) => {
    const [pattern, density] = point.data.split(":");
    if (density === undefined) return [];
    const { granularity, cycles } = point;
    const speedUp = ratio(baseOf(points, point, "unfused"), cycles);
    return [{ pattern: pattern!, density: Number(density), granularity, cycles, speedUp }];
  });
  const columns = ["pattern", "density", "granularity", "cycles", "speedUp"];
  return {
    name: "data",
    title: "Speed-up of fusion by pattern and density of the data",
    paper: "Figure 15",
    columns,
    rows,
  };
}

function lanesFigure(points: readonly Ran[]): FigureData {
  const rows = points
    .filter(({ order, block }) => order === 0 && block === 1)
    .map((point) => {
      const { granularity, lanes, cycles } = point;
      const total = lanes.reduce((product, factor) => product * factor, 1);
      const speedUp = ratio(baseOf(points, point, granularity), cycles);
      return { granularity, lanes: lanes.join("x"), total, cycles, speedUp };
    });
  const varied = new Set(rows.map(({ lanes }) => lanes)).size > 1;
  const columns = ["granularity", "lanes", "total", "cycles", "speedUp"];
  return { name: "lanes", title: "Speed-up of lanes", paper: "Figure 16", columns, rows: varied ? rows : [] };
}

function blocksFigure(points: readonly Ran[]): FigureData {
  const rows = points
    .filter((point) => point.order === 0 && single(point))
    .map((point) => {
      const { granularity, block, cycles } = point;
      return { granularity, block, cycles, speedUp: ratio(baseOf(points, point, granularity), cycles) };
    });
  const varied = rows.some(({ block }) => block > 1);
  const columns = ["granularity", "block", "cycles", "speedUp"];
  return { name: "blocks", title: "Speed-up of tiles", paper: "Figure 17", columns, rows: varied ? rows : [] };
}

function ordersFigure(points: readonly Ran[]): FigureData {
  const alone = points.filter((point) => point.block === 1 && single(point));
  const rows = alone.map(({ granularity, order, cycles, regions }) => {
    const least = Math.min(...alone.filter((each) => each.granularity === granularity).map((each) => each.cycles));
    const loops = regions.map((region) => region.loops.join(",")).join(" ");
    return { granularity, order, loops, cycles, overBest: cycles / least };
  });
  const varied = rows.some(({ order }) => order > 0);
  const columns = ["granularity", "order", "loops", "cycles", "overBest"];
  return { name: "orders", title: "Cycles in each loop order", paper: "Figure 18", columns, rows: varied ? rows : [] };
}

function estimatesFigure(points: readonly Ran[]): FigureData {
  const off = (expected: number, counted: number): number => (counted === 0 ? 0 : expected / counted - 1);
  const rows = points.filter(plain).map(({ data, granularity, estimate, flops, bytes, cycles }) => ({
    data,
    granularity,
    flopsError: off(estimate.flops, flops),
    bytesError: off(estimate.bytes, bytes),
    cyclesError: off(estimate.cycles, cycles),
    estimatedCycles: estimate.cycles,
    cycles,
  }));
  const columns = ["data", "granularity", "flopsError", "bytesError", "cyclesError", "estimatedCycles", "cycles"];
  return { name: "estimates", title: "Errors of the estimates against what ran", paper: "Table 3", columns, rows };
}

function orderCountsFigure({ program, divisions, data }: ExplorationSubject): FigureData {
  const operands = Object.entries(Object.values(data)[0] ?? {});
  const stored = new Map(operands.map(([name, tensor]) => [name, storedTensor(tensor)]));
  const rows = Object.entries(divisions)
    .filter(([granularity]) => granularity !== "unfused")
    .flatMap(([granularity, regions]) => {
      const { tensors } = compileProgram(program, { schedule: { regions }, stored });
      return orderCounts(program, regions, tensors).map((counts) => ({ granularity, ...counts }));
    });
  const columns = ["granularity", "region", "loops", "unconstrained", "constrained", "merged"];
  return { name: "order-counts", title: "Legal loop orders", paper: "Table 4", columns, rows };
}
