import { type LibraryModel, libraryModel, type RegionEnd } from "./model.ts";

/** Sizes of a GPT-3 style decoder. */
export interface DecoderSizes {
  readonly sequence: number;
  readonly heads: number;
  readonly headSize: number;
  /** Width of the feed-forward layer; four times the embedding unless given. */
  readonly inner?: number;
  /** Decoders in a row; 1 unless given. */
  readonly decoders?: number;
}

/**
 * Transformer decoders with attention under a sparse mask such as BigBird's. Regions at granularity `partial` are the layer
 * norm with the three projections, attention, and the rest; `full` joins the rest with the projections of the next decoder.
 * Attention is computed at the mask's entries alone, head by head.
 *
 * Source: Brown et al., NeurIPS 2020; Zaheer et al., "Big Bird", NeurIPS 2020; granularities of FuseFlow (arXiv 2511.04768),
 * section 8.
 *
 * @example
 * gptDecoder({ sequence: 16, heads: 2, headSize: 4 }).regions.partial.length; // => 3
 */
export function gptDecoder({ sequence, heads, headSize, inner, decoders = 1 }: DecoderSizes): LibraryModel {
  const width = heads * headSize;
  const wide = inner ?? 4 * width;
  const layers = Array.from({ length: decoders }, (_, at) => at + 1);
  const inputs = layers.map(
    (n) => `input g${n}(${width}): d
input h${n}(${width}): d
input WQ${n}(${width}, ${heads}, ${headSize}): ddd
input WK${n}(${width}, ${heads}, ${headSize}): ddd
input WV${n}(${width}, ${heads}, ${headSize}): ddd
input WO${n}(${heads}, ${headSize}, ${width}): ddd
input p${n}(${width}): d
input q${n}(${width}): d
input F${n}(${width}, ${wide}): dd
input f${n}(${wide}): d
input G${n}(${wide}, ${width}): dd
input k${n}(${width}): d`,
  );
  const scale = 1 / Math.sqrt(headSize);
  const text = `program gpt
input X(${sequence}, ${width}): dd
input M(${sequence}, ${heads}, ${sequence}): sss
${inputs.join("\n")}
${layers.map((n) => decoder(n, n === 1 ? "X" : `out${n - 1}`, width, scale)).join("\n")}
`;
  const front = (n: number): RegionEnd => ({ name: `projections${n}`, last: `V${n}` });
  const attention = (n: number): RegionEnd => ({ name: `attention${n}`, last: `att${n}` });
  const last = layers.at(-1)!;
  const partial = layers.flatMap((n) => [front(n), attention(n), { name: `feedforward${n}`, last: `out${n}` }]);
  const full = [
    front(1),
    ...layers.flatMap((n): RegionEnd[] => [
      attention(n),
      n === last ? { name: `feedforward${n}`, last: `out${n}` } : { name: `between${n}`, last: `V${n + 1}` },
    ]),
  ];
  return libraryModel(text, { partial, full });
}

function decoder(n: number, x: string, width: number, scale: number): string {
  return `${layerNorm(`a${n}`, x, width, `g${n}`, `h${n}`)}
Q${n}(i,h,e) = a${n}(i,d) * WQ${n}(d,h,e)
K${n}(i,h,e) = a${n}(i,d) * WK${n}(d,h,e)
V${n}(i,h,e) = a${n}(i,d) * WV${n}(d,h,e)
score${n}(i,h,j) = Q${n}(i,h,e) * K${n}(j,h,e)
masked${n}(i,h,j) = M(i,h,j) * (score${n}(i,h,j) * ${scale})
prob${n}(i,h,j) = softmax[j](masked${n}(i,h,j))
att${n}(i,h,e) = prob${n}(i,h,j) * V${n}(j,h,e)
proj${n}(i,d) = att${n}(i,h,e) * WO${n}(h,e,d)
mid${n}(i,d) = ${x}(i,d) + proj${n}(i,d)
${layerNorm(`n${n}`, `mid${n}`, width, `p${n}`, `q${n}`)}
up${n}(i,f) = n${n}(i,d) * F${n}(d,f)
act${n}(i,f) = relu(up${n}(i,f) + f${n}(f))
down${n}(i,d) = act${n}(i,f) * G${n}(f,d)
shift${n}(i,d) = down${n}(i,d) + k${n}(d)
out${n}(i,d) = mid${n}(i,d) + shift${n}(i,d)`;
}

function layerNorm(name: string, x: string, width: number, gain: string, shift: string): string {
  return `mean_${name}(i) = sum[d](${x}(i,d)) / ${width}
dev_${name}(i,d) = ${x}(i,d) - mean_${name}(i)
var_${name}(i) = sum[d](dev_${name}(i,d) * dev_${name}(i,d)) / ${width}
${name}(i,d) = dev_${name}(i,d) * rsqrt(var_${name}(i) + 0.00001) * ${gain}(d) + ${shift}(d)`;
}
