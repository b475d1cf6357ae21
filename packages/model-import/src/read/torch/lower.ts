/** Finds the row of a PyTorch operator and adds the nodes it becomes. */
import { nearest } from "@millrace/ir-text";
import { ModelError } from "../../errors.ts";
import { algebra } from "./algebra.ts";
import { elementwise, passedOn } from "./elementwise.ts";
import { indexing } from "./indexing.ts";
import type { Lowering, Lowerings } from "./lowering.ts";
import { shaping } from "./shaping.ts";
import type { TorchCall } from "./torch-call.ts";
import { windowing } from "./windowing.ts";

const table: Lowerings = { ...elementwise, ...passedOn, ...algebra, ...shaping, ...indexing, ...windowing };

/** Reasons why an operator that exists in PyTorch is not served, with what to do instead. */
const reasons: readonly (readonly [pattern: RegExp, why: string])[] = [
  [
    /^(conv_transpose|upsample|grid_sampl)/,
    "transposed convolutions and resampling are not modelled: cut the model before them",
  ],
  [/^(lstm|gru|rnn_|quantized_lstm)/, "recurrent layers are not modelled: unroll them before exporting"],
  [
    /^(_?fft|stft|view_as_complex|view_as_real)/,
    "complex numbers are not modelled: write rotations with sines and cosines of real tensors",
  ],
  [
    /^(rand|normal|bernoulli|multinomial|uniform)/,
    "random numbers make results irreproducible: give them to the model as an input",
  ],
];

/** The row of `aten.sum.dim_IntList`, or `undefined`; an in-place name such as `scatter_add_` reads as the pure one. */
export function loweringOf(target: string): Lowering | undefined {
  const [, name = "", overload = ""] = target.split(".");
  const pure = name.replace(/(?<=[^_])_$/, "");
  for (const key of [`${name}.${overload}`, `${pure}.${overload}`, name, pure]) {
    if (Object.hasOwn(table, key)) return table[key];
  }
  return undefined;
}

/** Whether the operator writes into its first argument. */
export function isInPlace(target: string): boolean {
  return /[^_]_(\.|$)/.test(target.split(".").slice(1).join("."));
}

/** @throws {ModelError} `operator-unknown` with the nearest known operator, or why this one is not served. */
export function lowerTorchCall(call: TorchCall): void {
  const lowering = loweringOf(call.target);
  if (lowering === undefined) throw unknownOperator(call);
  lowering.lower(call);
}

function unknownOperator(call: TorchCall): ModelError {
  const [library = "", name = ""] = call.target.split(".");
  const why = library === "aten" ? reasons.find(([pattern]) => pattern.test(name))?.[1] : undefined;
  const similar = nearest(name, Object.keys(table));
  const fallback =
    library === "aten"
      ? `${similar === undefined ? "" : `the nearest known operator is ${similar}; `}run_decompositions() before saving may replace it`
      : "custom operators have no published meaning: write it with ATen operators, or as an einsum or MLIR program";
  return new ModelError("operator-unknown", `operator ${call.target} is not modelled`, {
    place: call.place,
    help: why ?? fallback,
  });
}
