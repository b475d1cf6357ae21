/**
 * Convolutions and pools of TensorFlow, whose tensors are [batch, height, width, channels] and whose filters are [height,
 * width, channels, results].
 */
import type { Attribute } from "../../graph/model-graph.ts";
import type { TfCall } from "./tf-call.ts";
import { canFuse, fused } from "./tf-fused.ts";
import type { TfLowering } from "./tf-operators.ts";

const channelsFirst = (call: TfCall): boolean => call.text("data_format") === "NCHW";

/** The two spatial entries of a list with one for each axis. */
function spatial(call: TfCall, name: string): readonly number[] | undefined {
  const list = call.integers(name);
  if (list.length !== 4) return undefined;
  return channelsFirst(call) ? list.slice(2) : list.slice(1, 3);
}

function windows(call: TfCall): Record<string, Attribute> {
  const [strides, dilations] = [spatial(call, "strides"), spatial(call, "dilations")];
  const explicit = call.integers("explicit_paddings");
  const at = channelsFirst(call) ? 4 : 2;
  const sides = [0, 2, 1, 3].map((side) => explicit[at + side] ?? 0);
  return {
    ...(strides && { strides }),
    ...(dilations && { dilations }),
    ...(call.text("padding") === "SAME" && { same: "upper" }),
    ...(call.text("padding") === "EXPLICIT" && { padding: sides }),
  };
}

/** Runs `make` on the operand with its channels in front, and puts them back. */
function inFront(call: TfCall, make: (x: string) => string): string {
  if (channelsFirst(call)) return make(call.input(0));
  const made = make(call.emit("permute", [call.input(0)], { axes: [0, 3, 1, 2] }));
  return call.emit("permute", [made], { axes: [0, 2, 3, 1] });
}

const convolution =
  (depthwise: boolean): TfLowering =>
  (call) => {
    if (!call.texts("fused_ops").every(canFuse)) {
      call.result(`tf.${call.node.op}`, call.inputs, call.plainAttributes());
      return;
    }
    const axes = depthwise ? [2, 3, 0, 1] : [3, 2, 0, 1];
    const filter = call.emit("permute", [call.input(1)], { axes });
    const made = inFront(call, (x) =>
      call.emit("conv", [x, filter, null], { ...windows(call), ...(depthwise ? { depthwise } : { groups: 1 }) }),
    );
    call.result("identity", [fused(call, made)]);
  };

const pool =
  (op: string): TfLowering =>
  (call) => {
    const kernel = spatial(call, "ksize") ?? [];
    call.result("identity", [
      inFront(call, (x) => call.emit(op, [x], { kernel, ...windows(call), countPadding: false })),
    ]);
  };

/** Rows by operator. */
export const tfWindows: Readonly<Record<string, TfLowering>> = {
  Conv2D: convolution(false),
  _FusedConv2D: convolution(false),
  DepthwiseConv2dNative: convolution(true),
  FusedDepthwiseConv2dNative: convolution(true),
  MaxPool: pool("max-pool"),
  AvgPool: pool("mean-pool"),
};
