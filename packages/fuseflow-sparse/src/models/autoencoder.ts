import { type LibraryModel, libraryModel } from "./model.ts";

/** Sizes of an autoencoder with sparse weights. */
export interface AutoencoderSizes {
  /** Inputs run at once. */
  readonly samples: number;
  readonly inputs: number;
  readonly hidden: number;
  /** Storage of the weights, `ss` unless given. */
  readonly weights?: string;
}

/**
 * An autoencoder with sparse weights: an encoder with ReLU and a decoder; 5 kernels, 2 regions, or 1.
 *
 * Source: granularities of Lacouture et al., "FuseFlow" (arXiv 2511.04768), section 8.
 *
 * @example
 * autoencoder({ samples: 1, inputs: 96, hidden: 32 }).regions.partial.map(({ name }) => name); // => ["encoder", "decoder"]
 */
export function autoencoder({ samples, inputs, hidden, weights = "ss" }: AutoencoderSizes): LibraryModel {
  const text = `program autoencoder
input x(${samples}, ${inputs}): ss
input W(${inputs}, ${hidden}): ${weights}
input c(${hidden}): d
input U(${hidden}, ${inputs}): ${weights}
input e(${inputs}): d
encoded(i,j) = x(i,k) * W(k,j)
biased(i,j) = encoded(i,j) + c(j)
code(i,j) = relu(biased(i,j))
decoded(i,l) = code(i,j) * U(j,l)
result(i,l) = decoded(i,l) + e(l)
`;
  return libraryModel(text, {
    partial: [
      { name: "encoder", last: "code" },
      { name: "decoder", last: "result" },
    ],
    full: [{ name: "model", last: "result" }],
  });
}
