/** Convolutions and pools of ONNX. */
import { ModelError } from "../../errors.ts";
import type { Attribute } from "../../graph/model-graph.ts";
import type { OnnxCall } from "./onnx-call.ts";
import type { OnnxLowering } from "./onnx-operators.ts";

const sides: Readonly<Record<string, string>> = { SAME_UPPER: "upper", SAME_LOWER: "lower" };

/** How windows slide. */
function windows(call: OnnxCall): Record<string, Attribute> {
  const automatic = call.text("auto_pad", "NOTSET");
  const same = sides[automatic];
  const padding = automatic === "NOTSET" ? call.integers("pads") : undefined;
  const [strides, dilations] = [call.integers("strides"), call.integers("dilations")];
  return {
    ...(strides && { strides }),
    ...(dilations && { dilations }),
    ...(padding && { padding }),
    ...(same !== undefined && { same }),
    ...(call.integer("ceil_mode", 0) === 1 && { ceil: true }),
  };
}

function kernelOf(call: OnnxCall): readonly number[] {
  const kernel = call.integers("kernel_shape");
  if (kernel !== undefined) return kernel;
  throw new ModelError("operator-arguments", `${call.op} lacks kernel_shape`, {
    place: call.place,
    help: "check the model with onnx.checker",
  });
}

const whole =
  (op: string): OnnxLowering =>
  (call) =>
    call.result(op, [call.input(0)], { global: true });

/** Rows by operator. */
export const onnxWindows: Readonly<Record<string, OnnxLowering>> = {
  Conv: (call) =>
    call.result("conv", [call.input(0), call.input(1), call.optional(2)], {
      ...windows(call),
      groups: call.integer("group", 1),
    }),
  MaxPool: (call) => {
    // Positions of the largest have no neutral operator.
    if ((call.outputs[1] ?? "") !== "") call.result("onnx.MaxPool", call.inputs, call.plainAttributes());
    else call.result("max-pool", [call.input(0)], { kernel: kernelOf(call), ...windows(call) });
  },
  AveragePool: (call) =>
    call.result("mean-pool", [call.input(0)], {
      kernel: kernelOf(call),
      ...windows(call),
      countPadding: call.integer("count_include_pad", 0) === 1,
    }),
  GlobalAveragePool: whole("mean-pool"),
  GlobalMaxPool: whole("max-pool"),
};
