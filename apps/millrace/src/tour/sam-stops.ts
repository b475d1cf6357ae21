/**
 * The stops of the tour that run on the Sparse Abstract Machine.
 *
 * Tensors: `A` the graph, with self loops; `F` its nodes' features; `C` a narrow part of them; `x` a vector and `W` the
 * weights of a layer, both drawn.
 */
import type { Kernel, TourStop, Variant } from "./stop.ts";

function product(order: string): Variant {
  const kernel: Kernel = {
    expression: "X(i,j) = A(i,k) * C(k,j)",
    formats: { A: "ds", C: "ds" },
    order: order.split(","),
    locate: true,
    operands: { A: "A", C: "C" },
  };
  return { name: `loops ${order}`, kernels: [kernel] };
}

function vectorProduct(name: string, locate: boolean): Variant {
  const kernel: Kernel = {
    expression: "y(i) = A(i,j) * x(j)",
    formats: { A: "ds", x: "d" },
    order: ["i", "j"],
    locate,
    operands: { A: "A", x: "x" },
  };
  return { name, kernels: [kernel] };
}

const transform: Kernel = {
  expression: "H(i,j) = F(i,k) * W(k,j)",
  formats: { F: "ds", W: "dd" },
  order: ["i", "k", "j"],
  locate: true,
  operands: { F: "F", W: "W" },
};

const aggregate: Kernel = {
  expression: "Y(i,j) = A(i,k) * H(k,j)",
  formats: { A: "ds", H: "dd" },
  order: ["i", "k", "j"],
  locate: true,
  activation: "relu",
  operands: { A: "A", H: "H" },
};

const layer: Kernel = {
  expression: "Y(i,l) = A(i,j) * F(j,k) * W(k,l)",
  formats: { A: "ds", F: "ds", W: "dd" },
  order: ["i", "j", "k", "l"],
  locate: true,
  activation: "relu",
  operands: { A: "A", F: "F", W: "W" },
};

/** SpMV, SpMM, SDDMM and a layer of a graph convolutional network. */
export const samStops: readonly TourStop[] = [
  {
    id: "spmv",
    title: "SpMV",
    about:
      "A sparse matrix times a dense vector: one step of a walk over the graph. Scanning the vector beside every row visits all of it each time; looking it up touches only what the row names.",
    variants: [vectorProduct("look x up", true), vectorProduct("scan x", false)],
  },
  {
    id: "spmm",
    title: "SpMM",
    about:
      "A sparse matrix times a sparse matrix, in three loop orders: row by row (i,k,j), outer products (k,i,j) and inner products (i,j,k). The same values, from very different amounts of work.",
    variants: [product("i,k,j"), product("k,i,j"), product("i,j,k")],
    recorded: true,
  },
  {
    id: "sddmm",
    title: "SDDMM",
    about:
      "A product sampled where the graph has an edge: how many words any two connected papers share. Without the sampling the whole square would be computed.",
    variants: [
      {
        name: "sampled by A",
        kernels: [
          {
            expression: "S(i,j) = A(i,j) * F(i,k) * G(j,k)",
            formats: { A: "ds", F: "ds", G: "ds" },
            order: ["i", "j", "k"],
            locate: true,
            operands: { A: "A", F: "F", G: "F" },
          },
        ],
      },
    ],
  },
  {
    id: "gcn",
    title: "GCN layer",
    about:
      "relu(A F W), a layer of a graph convolutional network: as two kernels with the intermediate result in memory, or fused into one, which computes the transformed features of a node again for every neighbour.",
    variants: [
      { name: "two kernels", kernels: [transform, aggregate] },
      { name: "fused", kernels: [layer] },
    ],
  },
];
