/** Operators that TensorFlow fuses behind a product or a convolution. */
import type { TfCall } from "./tf-call.ts";

const activations: Readonly<Record<string, string>> = {
  Relu: "relu",
  Elu: "elu",
  Sigmoid: "sigmoid",
  Tanh: "tanh",
  LeakyRelu: "leaky-relu",
};

/** Whether a fused step has neutral operators. */
export function canFuse(step: string): boolean {
  return step === "BiasAdd" || step === "Relu6" || step === "Prelu" || Object.hasOwn(activations, step);
}

/** The nodes of the fused steps behind `value`, whose further operands are the inputs from the third on; the last result. */
export function fused(call: TfCall, value: string): string {
  let held = value;
  let next = 2;
  for (const step of call.texts("fused_ops")) {
    if (step === "BiasAdd") held = call.emit("add", [held, call.input(next++)]);
    else if (step === "Relu6") held = call.emit("clamp", [held], { minimum: 0, maximum: 6 });
    else if (step === "Prelu") held = call.emit("p-relu", [held, call.input(next++)]);
    else {
      const slope = step === "LeakyRelu" ? { alpha: call.float("leakyrelu_alpha", 0.2) } : {};
      held = call.emit(activations[step] ?? "identity", [held], slope);
    }
  }
  return held;
}
