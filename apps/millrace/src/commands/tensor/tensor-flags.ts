/** Flags of the `tensor` commands that say how a file is to be read. */

import type { ReadableFormat } from "@millrace/tensor";
import type { FlagParametersForType } from "@stricli/core";
import { type CommonFlags, commonFlags } from "../../cli/flags.ts";
import type { Invocation } from "../../cli/outcome.ts";
import type { TensorReading } from "../../inputs/read-tensor.ts";

/** The flags every `tensor` command takes. */
export type TensorFlags = CommonFlags & TensorReading;

const fileFormats: readonly ReadableFormat[] = [
  "matrix-market",
  "tns",
  "frostt",
  "parti",
  "genten",
  "extended-frostt",
  "smtx",
  "npy",
  "npz",
];

/** Definitions of {@link TensorFlags}. */
export const tensorFlags: FlagParametersForType<TensorFlags, Invocation> = {
  fileFormat: {
    kind: "enum",
    values: fileFormats,
    brief: "Format of FILE",
    optional: true,
  },
  array: {
    kind: "parsed",
    parse: String,
    brief: "Which array of an .npz archive",
    placeholder: "NAME",
    optional: true,
  },
  allowNonFinite: { kind: "boolean", brief: "Take nan and inf as values", optional: true, withNegated: false },
  ...commonFlags,
};

/** The FILE argument. */
export const fileArgument: {
  readonly brief: string;
  readonly placeholder: string;
  readonly parse: (text: string) => string;
} = {
  brief: "Tensor file: .mtx, .tns, .smtx, .npy or .npz, gzipped or not",
  placeholder: "FILE",
  parse: String,
};
