/** Windows that convolutions and pools slide over the last axes of a tensor. */
import { ModelError } from "../errors.ts";
import type { Attribute } from "../graph/model-graph.ts";

/** Along one axis: where windows begin and how far apart their places are. */
export interface WindowAxis {
  /** Extent of the tensor. */
  readonly extent: number;
  /** Places of a window. */
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** Places before the tensor, and behind it. */
  readonly before: number;
  readonly after: number;
  /** Windows. */
  readonly count: number;
}

/** A list among attributes; one number stands for all axes. */
function listOf(attribute: Attribute | undefined, axes: number, absent: number): number[] {
  const list = Array.isArray(attribute) ? attribute : [attribute ?? absent];
  if (!list.every((item) => typeof item === "number" && Number.isInteger(item)) || ![1, axes].includes(list.length))
    throw new ModelError("operator-arguments", `${JSON.stringify(attribute)} is no number for each of ${axes} axes`);
  return list.length === axes ? (list as number[]) : new Array<number>(axes).fill(list[0] as number);
}

/**
 * The windows over axes of these extents. Attributes, each a number or one for each axis: `strides`, `dilations`, `padding`
 * (all beginnings, then all ends, or one number); `same` ("upper" or "lower": as many windows as strides fit, padded at the
 * named side first); `ceil` (a last window may stick out behind the padding).
 *
 * @throws {ModelError} `operator-arguments`, `shape-mismatch`
 */
export function windowsOf(
  attributes: Readonly<Record<string, Attribute>>,
  extents: readonly number[],
  kernel: readonly number[],
): WindowAxis[] {
  const axes = extents.length;
  const strides = listOf(attributes.strides, axes, 1);
  const dilations = listOf(attributes.dilations, axes, 1);
  const padding = Array.isArray(attributes.padding) && attributes.padding.length === 2 * axes;
  const before = padding ? (attributes.padding as number[]).slice(0, axes) : listOf(attributes.padding, axes, 0);
  const after = padding ? (attributes.padding as number[]).slice(axes) : before;
  if ([...strides, ...dilations, ...kernel].some((number) => number < 1))
    throw new ModelError("operator-arguments", "kernels, strides and dilations must be at least 1");
  return extents.map((extent, axis): WindowAxis => {
    const [stride, dilation, taps] = [strides[axis]!, dilations[axis]!, kernel[axis]!];
    const span = dilation * (taps - 1) + 1;
    const shared = { extent, kernel: taps, stride, dilation };
    if (attributes.same === "upper" || attributes.same === "lower") {
      const count = Math.ceil(extent / stride);
      const total = Math.max(0, (count - 1) * stride + span - extent);
      const small = Math.floor(total / 2);
      const [first, last] = attributes.same === "upper" ? [small, total - small] : [total - small, small];
      return { ...shared, before: first, after: last, count };
    }
    const room = extent + before[axis]! + after[axis]! - span;
    const whole = attributes.ceil === true ? Math.ceil(room / stride) : Math.floor(room / stride);
    // The last window must begin inside the tensor or before it.
    const beyond = attributes.ceil === true && whole * stride >= extent + before[axis]!;
    const count = whole + (beyond ? 0 : 1);
    if (room < 0)
      throw new ModelError("shape-mismatch", `a window of ${span} does not fit into an extent of ${extent}`);
    return { ...shared, before: before[axis]!, after: after[axis]!, count };
  });
}

/** For every window, place by place, the position in the tensor's last axes that it sees; -1 in the padding, -2 behind it. */
export function windowPlaces(axes: readonly WindowAxis[]): { readonly places: Int32Array; readonly taps: number } {
  const windows = axes.reduce((product, { count }) => product * count, 1);
  const taps = axes.reduce((product, { kernel }) => product * kernel, 1);
  const places = new Int32Array(windows * taps);
  for (let window = 0; window < windows; window++) {
    for (let tap = 0; tap < taps; tap++) places[window * taps + tap] = placeOf(axes, window, tap);
  }
  return { places, taps };
}

function placeOf(axes: readonly WindowAxis[], window: number, tap: number): number {
  let place = 0;
  let stride = 1;
  let [restWindow, restTap] = [window, tap];
  let outside = 0;
  for (let axis = axes.length - 1; axis >= 0; axis--) {
    const { extent, kernel, count, before, after, dilation, stride: step } = axes[axis]!;
    const at = (restWindow % count) * step + (restTap % kernel) * dilation - before;
    restWindow = Math.floor(restWindow / count);
    restTap = Math.floor(restTap / kernel);
    if (at >= extent + after) outside = -2;
    else if ((at < 0 || at >= extent) && outside === 0) outside = -1;
    place += at * stride;
    stride *= extent;
  }
  return outside === 0 ? place : outside;
}
