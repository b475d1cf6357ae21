/** Workloads of the published figures, as far as their shapes are known: models of recommendation and graphs. */
import { bagsOf, type Operation, type Workload } from "../../src/index.ts";
import { randomFrom } from "./random-instance.ts";

export const sls: Operation = {
  ...{ kind: "bag", weights: "none", reduce: "add", finish: "none" },
  ...{ table: "f32", index: "i64" },
};

const fused: Operation = { kind: "fused", activation: "sigmoid", table: "f32", index: "i64" };

/** Ids that are drawn evenly, as often as published counts of reuse say, or by Zipf's law. */
export type Locality = "low" | "middle" | "high";

/** A trace of row ids of a table of `rows`. */
export function traceOf(locality: Locality, lookups: number, rows: number): Float64Array {
  const random = randomFrom(locality.length + lookups);
  if (locality === "low") return Float64Array.from({ length: lookups }, () => Math.floor(random() * rows));
  const exponent = locality === "middle" ? 0.8 : 1.05;
  // Inverse of the distribution of Zipf's law over real numbers, spread over the table by an odd factor.
  return Float64Array.from({ length: lookups }, () => {
    const x = ((rows ** (1 - exponent) - 1) * random() + 1) ** (1 / (1 - exponent));
    return (Math.floor(x - 1) * 7919) % rows;
  });
}

/** A model of recommendation by its number: lookups per bag of DeepRecSys, and rows of 32, 64 and 128 elements. */
export function recommendation(model: 1 | 2 | 3, locality: Locality, bags: number): Workload {
  const size = { 1: 80, 2: 120, 3: 20 }[model];
  const rows = 1_000_000;
  return { operation: sls, fibres: bagsOf(traceOf(locality, bags * size, rows), size), rows, width: 16 * 2 ** model };
}

/** Nodes and edges, in thousands, of the graphs of the figures. */
export const graphs = {
  "wiki-Talk": [2390, 5020],
  "roadNet-CA": [1970, 2770],
  "com-Youtube": [1130, 2990],
  "web-Google": [880, 5110],
} as const;

/** Message passing over a graph of a thousandth of the nodes and edges, whose degrees follow a power law. */
export function messagePassing(graph: keyof typeof graphs, width: number): Workload {
  const [nodes, edges] = graphs[graph];
  const random = randomFrom(nodes);
  const skewed = () => Math.floor(nodes * random() ** 2);
  const degree = new Float64Array(nodes);
  for (let edge = 0; edge < edges; edge++) degree[skewed()]! += 1;
  const ptr = new Float64Array(nodes + 1);
  for (let node = 0; node < nodes; node++) ptr[node + 1] = ptr[node]! + degree[node]!;
  const idx = Float64Array.from({ length: edges }, skewed);
  return { operation: fused, fibres: { ptr, idx }, rows: nodes, width };
}
