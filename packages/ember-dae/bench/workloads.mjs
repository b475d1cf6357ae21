/** Workloads of the published figures, as far as their shapes are known. */
import { bagsOf } from "@millrace/ember-dae";

/** A generator of numbers from 0 up to 1, by a seed. */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Plain sums over rows of numbers in single precision. */
export const sls = { kind: "bag", weights: "none", reduce: "add", finish: "none", table: "f32", index: "i64" };

/** Row ids by Zipf's law; exponent 0 draws evenly. */
export function zipfTrace(lookups, rows, exponent, seed = 1) {
  const random = randomFrom(seed);
  return Float64Array.from({ length: lookups }, () => {
    if (exponent === 0) return Math.floor(random() * rows);
    const x = ((rows ** (1 - exponent) - 1) * random() + 1) ** (1 / (1 - exponent));
    return (Math.floor(x - 1) * 7919) % rows;
  });
}

/** RM1 to RM3: lookups per bag of DeepRecSys, rows of 32, 64 and 128 elements, a million rows. */
export function recommendation(model, exponent, lookups) {
  const rows = 1_000_000;
  const bag = { 1: 80, 2: 120, 3: 20 }[model];
  return { operation: sls, fibres: bagsOf(zipfTrace(lookups, rows, exponent), bag), rows, width: 16 * 2 ** model };
}

/** Message passing over a graph of that many nodes and edges with degrees that follow a power law. */
export function messagePassing(nodes, edges, width) {
  const random = randomFrom(nodes);
  const skewed = () => Math.floor(nodes * random() ** 2);
  const degree = new Float64Array(nodes);
  for (let edge = 0; edge < edges; edge++) degree[skewed()] += 1;
  const ptr = new Float64Array(nodes + 1);
  for (let node = 0; node < nodes; node++) ptr[node + 1] = ptr[node] + degree[node];
  const idx = Float64Array.from({ length: edges }, skewed);
  const operation = { kind: "fused", activation: "sigmoid", table: "f32", index: "i64" };
  return { operation, fibres: { ptr, idx }, rows: nodes, width };
}

/** Blocks that a block of queries attends to in BigBird: two global ones, a window of three, three at random. */
export function bigBird(positions, block, width) {
  const random = randomFrom(block);
  const blocks = positions / block;
  const ids = [];
  for (let at = 2; at + 1 < blocks; at++) {
    ids.push(0, blocks - 1, at - 1, at, at + 1);
    for (let i = 0; i < 3; i++) ids.push(1 + Math.floor(random() * (blocks - 2)));
  }
  const operation = { kind: "gather", block, table: "f32", index: "i64" };
  return { operation, ids: Float64Array.from(ids), rows: positions, width };
}
