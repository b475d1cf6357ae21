import { type LibraryModel, libraryModel } from "./model.ts";

/** Sizes of a graph network. */
export interface GraphModelSizes {
  readonly nodes: number;
  readonly features: number;
  readonly hidden: number;
  readonly classes: number;
  /** Storage of the features, `ss` unless given; the adjacency is `ss` or as `adjacency` says. */
  readonly formats?: { readonly features?: string; readonly adjacency?: string; readonly weights?: string };
}

/**
 * A graph convolutional network of two layers with softmax: 8 kernels, 2 regions (layers), or 1.
 *
 * Source: Kipf and Welling, ICLR 2017; granularities of Lacouture et al., "FuseFlow" (arXiv 2511.04768), section 8.
 *
 * @example
 * gcn({ nodes: 34, features: 12, hidden: 8, classes: 4 }).regions.partial.length; // => 2
 */
export function gcn({ nodes, features, hidden, classes, formats = {} }: GraphModelSizes): LibraryModel {
  const weights = formats.weights ?? "ss";
  const text = `program gcn
input A(${nodes}, ${nodes}): ${formats.adjacency ?? "ss"}
input X(${nodes}, ${features}): ${formats.features ?? "ss"}
input W1(${features}, ${hidden}): ${weights}
input b1(${hidden}): d
input W2(${hidden}, ${classes}): ${weights}
input b2(${classes}): d
adj1(i,l) = A(i,k) * X(k,l)
linear1(i,j) = adj1(i,l) * W1(l,j)
bias1(i,j) = linear1(i,j) + b1(j)
relu1(i,j) = relu(bias1(i,j))
adj2(i,l) = A(i,k) * relu1(k,l)
linear2(i,j) = adj2(i,l) * W2(l,j)
bias2(i,j) = linear2(i,j) + b2(j)
output2(i,j) = softmax[j](bias2(i,j))
`;
  return libraryModel(text, {
    partial: [
      { name: "layer1", last: "relu1" },
      { name: "layer2", last: "output2" },
    ],
    full: [{ name: "model", last: "output2" }],
  });
}
