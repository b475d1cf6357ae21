import type { GraphModelSizes } from "./gcn.ts";
import { type LibraryModel, libraryModel } from "./model.ts";

/**
 * GraphSAGE of two layers with mean aggregation (in the values of A) and softmax: 12 kernels, 2 regions (layers), or 1.
 *
 * Source: Hamilton, Ying and Leskovec, NeurIPS 2017; granularities of FuseFlow (arXiv 2511.04768), section 8.
 *
 * @example
 * graphSage({ nodes: 34, features: 12, hidden: 8, classes: 4 }).regions.unfused.length; // => 12
 */
export function graphSage({ nodes, features, hidden, classes, formats = {} }: GraphModelSizes): LibraryModel {
  const weights = formats.weights ?? "ss";
  const text = `program graphsage
input A(${nodes}, ${nodes}): ${formats.adjacency ?? "ss"}
input X(${nodes}, ${features}): ${formats.features ?? "ss"}
input V1(${features}, ${hidden}): ${weights}
input W1(${features}, ${hidden}): ${weights}
input b1(${hidden}): d
input V2(${hidden}, ${classes}): ${weights}
input W2(${hidden}, ${classes}): ${weights}
input b2(${classes}): d
self1(i,j) = X(i,m) * V1(m,j)
bias1(i,j) = self1(i,j) + b1(j)
adj1(i,l) = A(i,k) * X(k,l)
neighbour1(i,j) = adj1(i,l) * W1(l,j)
sum1(i,j) = bias1(i,j) + neighbour1(i,j)
relu1(i,j) = relu(sum1(i,j))
self2(i,j) = relu1(i,m) * V2(m,j)
bias2(i,j) = self2(i,j) + b2(j)
adj2(i,l) = A(i,k) * relu1(k,l)
neighbour2(i,j) = adj2(i,l) * W2(l,j)
sum2(i,j) = bias2(i,j) + neighbour2(i,j)
output2(i,j) = softmax[j](sum2(i,j))
`;
  return libraryModel(text, {
    partial: [
      { name: "layer1", last: "relu1" },
      { name: "layer2", last: "output2" },
    ],
    full: [{ name: "model", last: "output2" }],
  });
}
