/**
 * Convolutions and pools, by their plain meaning. Tensors are [batch, channels, spatial axes ...], or without the batch;
 * weights of a convolution [results, channels of a group, kernel ...], of a depthwise one [channels, results of each,
 * kernel ...].
 */
import { atNode, flagOf, type KernelCall, type Kernels, maybe, numberOf, numbersOf, operand } from "./kernel.ts";
import { type ModelTensor, zeros } from "./model-tensor.ts";
import { windowPlaces, windowsOf } from "./window.ts";

interface Spread {
  readonly batch: number;
  readonly channels: number;
  readonly extents: readonly number[];
  /** Leading part of the result's shape, before its channels. */
  readonly lead: readonly number[];
}

/** A tensor as batch, channels and as many spatial axes as a window has. */
function spreadOf(call: KernelCall, { shape }: ModelTensor, axes: number): Spread {
  const rank = shape.length;
  if (rank !== axes + 1 && rank !== axes + 2)
    throw atNode(call, "shape-mismatch", `a window over ${axes} axes of a tensor of rank ${rank}`);
  const lead = shape.slice(0, rank - axes - 1);
  return { batch: lead[0] ?? 1, channels: shape[rank - axes - 1]!, extents: shape.slice(rank - axes), lead };
}

function convolve(call: KernelCall): ModelTensor {
  const [x, weight, bias] = [operand(call, 0), operand(call, 1), maybe(call, 2)];
  const kernel = weight.shape.slice(2);
  const { batch, channels, extents, lead } = spreadOf(call, x, kernel.length);
  const depthwise = flagOf(call, "depthwise");
  const groups = depthwise ? channels : numberOf(call, "groups", 1);
  const [first = 0, second = 0] = weight.shape;
  const [results, depth] = depthwise ? [first * second, 1] : [first, second];
  if (depth * groups !== channels || results % groups !== 0) {
    const found = `${channels} channels in ${groups} groups, weights of ${weight.shape.join(" x ")}`;
    throw atNode(call, "shape-mismatch", found);
  }
  const axes = windowsOf(call.attributes, extents, kernel);
  const { places, taps } = windowPlaces(axes);
  const windows = places.length / Math.max(1, taps);
  const inside = extents.reduce((product, extent) => product * extent, 1);
  const result = zeros(x.dtype, [...lead, results, ...axes.map(({ count }) => count)]);
  for (let n = 0; n < batch; n++) {
    for (let o = 0; o < results; o++) {
      const begin = Math.floor(o / (results / groups)) * depth;
      const to = (n * results + o) * windows;
      result.values.fill(bias?.values[o] ?? 0, to, to + windows);
      for (let c = 0; c < depth; c++) {
        const from = (n * channels + begin + c) * inside;
        const row = weight.values.subarray((o * depth + c) * taps, (o * depth + c + 1) * taps);
        for (let w = 0; w < windows; w++) {
          let sum = 0;
          for (let tap = 0; tap < taps; tap++) {
            const place = places[w * taps + tap]!;
            if (place >= 0) sum += x.values[from + place]! * row[tap]!;
          }
          result.values[to + w]! += sum;
        }
      }
    }
  }
  return result;
}

/** What a pool makes of a window: its values, and its places that lie in the tensor or its padding. */
type Pool = (values: Float64Array, places: number, call: KernelCall) => number;

const pool =
  (of: Pool) =>
  (call: KernelCall): ModelTensor => {
    const x = operand(call, 0);
    // A pool over all there is has no kernel of its own.
    const whole = flagOf(call, "global");
    const axesCount = whole ? x.shape.length - 2 : numbersOf(call, "kernel").length;
    const { batch, channels, extents, lead } = spreadOf(call, x, axesCount);
    const axes = windowsOf(whole ? {} : call.attributes, extents, whole ? extents : numbersOf(call, "kernel"));
    const { places, taps } = windowPlaces(axes);
    const windows = places.length / Math.max(1, taps);
    const inside = extents.reduce((product, extent) => product * extent, 1);
    const result = zeros(x.dtype, [...lead, channels, ...axes.map(({ count }) => count)]);
    const seen = new Float64Array(taps);
    for (let row = 0; row < batch * channels; row++) {
      for (let w = 0; w < windows; w++) {
        let [count, padded] = [0, 0];
        for (let tap = 0; tap < taps; tap++) {
          const place = places[w * taps + tap]!;
          if (place >= 0) seen[count++] = x.values[row * inside + place]!;
          if (place >= -1) padded += 1;
        }
        result.values[row * windows + w] = of(seen.subarray(0, count), padded, call);
      }
    }
    return result;
  };

function mean(values: Float64Array, places: number, call: KernelCall): number {
  const sum = values.reduce((total, value) => total + value, 0);
  const counted = flagOf(call, "countPadding") ? places : values.length;
  return sum / numberOf(call, "divisor", counted);
}

const largest = (values: Float64Array): number =>
  values.reduce((most, value) => (Number.isNaN(most) || most > value ? most : value), Number.NEGATIVE_INFINITY);

/** Kernels of operators that slide windows. */
export const windowKernels: Kernels = { conv: convolve, "max-pool": pool(largest), "mean-pool": pool(mean) };
