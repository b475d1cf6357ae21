/** Documents for the studio's page, of the sizes that it is made for; the same every time. */
import type { CountersView, PlacementView, PointsView, StudyView, UnitsView } from "@millrace/studio";

/** Numbers from 0 to 1 that only depend on the seed (a linear congruential generator, as in Numerical Recipes). */
function drawnBy(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const tiles = ["8", "16", "32", "64", "128"];
const orders = ["i,k,j", "k,i,j", "i,j,k"];

/** A study of two objectives; every seventh evaluation that tiles by 128 is infeasible. */
export function manyEvaluations(count: number, seed: number): StudyView {
  const draw = drawnBy(seed);
  const rows = Array.from({ length: count }, (_, at) => {
    const [tile, order, units] = [Math.floor(draw() * 5), Math.floor(draw() * 3), Math.floor(1 + draw() * 64)];
    const isFeasible = tile < 4 || at % 7 !== 0;
    const cycles = isFeasible ? Math.round(1000 * (1 + Math.abs(tile - 3) + order + draw())) : null;
    return { tile, order, units, cycles, bytes: isFeasible ? 2 ** (8 + tile) + units : null };
  });
  return {
    name: `study ${seed}`,
    parameters: [
      { name: "tile", kind: "choice", values: tiles },
      { name: "order", kind: "choice", values: orders },
      { name: "units", kind: "number", least: 1, most: 64 },
    ],
    objectives: [
      { name: "cycles", goal: "minimize" },
      { name: "bytes", goal: "minimize" },
    ],
    outcomes: ["ok", "infeasible"],
    evaluations: {
      config: [rows.map(({ tile }) => tile), rows.map(({ order }) => order), rows.map(({ units }) => units)],
      values: [rows.map(({ cycles }) => cycles), rows.map(({ bytes }) => bytes)],
      outcome: rows.map(({ cycles }) => (cycles === null ? 1 : 0)),
    },
    importance: [{ objective: "cycles", shares: [{ parameter: "tile", share: 0.6 }] }],
  };
}

/** Designs of two groups. */
export function manyDesigns(count: number): PointsView {
  const draw = drawnBy(5);
  return {
    axes: [
      { name: "cycles", unit: "cycles", goal: "minimize" },
      { name: "memory", unit: "bytes", goal: "minimize" },
      { name: "use", unit: "" },
    ],
    points: Array.from({ length: count }, (_, at) => {
      const [across, noise] = [draw(), draw()];
      const values = [Math.round(1000 / (0.1 + across) + 500 * noise), Math.round(1e6 * across + 1e5 * noise), noise];
      return { label: `design ${at}`, group: at % 2 === 0 ? "even" : "odd", values };
    }),
  };
}

/** Eight units over the diagonal of a matrix. */
export const diagonalUnits: UnitsView = {
  label: "A(i,j)",
  rows: 64,
  columns: 64,
  scale: 1,
  cells: Array.from({ length: 64 }, (_, at) => at * 65),
  owners: Array.from({ length: 64 }, (_, at) => Math.floor(at / 8)),
  entries: new Array<number>(64).fill(1),
  owned: new Array<number>(64).fill(1),
  work: new Array<number>(8).fill(16),
  bound: 17,
};

/** Sixteen experts on a GPU and its PIM; expert 3 is the busiest, expert 5 is on both. */
export const splitExperts: PlacementView = {
  label: "a layer",
  devices: [
    { name: "GPU 0", kind: "GPU", ns: 9000 },
    { name: "PIM 0", kind: "PIM", ns: 7000 },
  ],
  experts: [
    { expert: 3, tokens: 40, device: 0 },
    { expert: 5, tokens: 20, device: 0 },
    { expert: 5, tokens: 4, device: 1 },
    ...Array.from({ length: 10 }, (_, at) => ({ expert: 6 + at, tokens: 1, device: 1 })),
  ],
  times: [{ name: "layer", ns: 9000 }],
  notes: ["Few tokens are cheaper beside the weights."],
};

/** Three counters of each of 500 nodes. */
export const manyCounters: CountersView = Array.from({ length: 500 }, (_, node) =>
  ["busy", "starved", "blocked"].map((name, at) => ({
    name,
    unit: "cycles",
    value: 10 * node + at,
    owner: `node ${node}`,
  })),
).flat();
