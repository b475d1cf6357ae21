/** All recognisers; a graph keeps its nodes and gains tags. */
import type { ModelGraph } from "../graph/model-graph.ts";
import { recogniseAttention } from "./attention.ts";
import { recogniseEinsum } from "./einsum.ts";
import { recogniseEmbeddingBag } from "./embedding-bag.ts";
import { recogniseLayerNorm } from "./layer-norm.ts";
import { recogniseLinear } from "./linear.ts";
import { recogniseMask } from "./mask.ts";
import { Matcher, type Recogniser } from "./matcher.ts";
import { recogniseSoftmax } from "./softmax.ts";
import { recogniseSparseProduct } from "./sparse-product.ts";
import { recogniseSwiglu } from "./swiglu.ts";

const recognisers: readonly Recogniser[] = [
  recogniseLinear,
  recogniseEinsum,
  recogniseSoftmax,
  recogniseLayerNorm,
  recogniseMask,
  recogniseAttention,
  recogniseSparseProduct,
  recogniseEmbeddingBag,
  recogniseSwiglu,
];

/** The graph with a tag for every pattern that is recognised, in the order of their last nodes. */
export function tagPatterns(graph: ModelGraph): ModelGraph {
  const matcher = new Matcher(graph);
  const place = new Map(graph.nodes.map(({ name }, index) => [name, index]));
  const last = (names: readonly string[]) => place.get(names[names.length - 1] ?? "") ?? 0;
  const tags = recognisers.flatMap((recognise) => recognise(matcher)).sort((a, b) => last(a.nodes) - last(b.nodes));
  return { ...graph, tags };
}
