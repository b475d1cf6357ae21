/** `millrace tensor validate FILE`: whether a tensor file is well formed, and what is odd about it. */

import { type StructureFacts, structureOf, TensorError } from "@millrace/tensor";
import { buildCommand, type Command } from "@stricli/core";
import { describe } from "../../cli/flags.ts";
import { type Invocation, type Outcome, presenting } from "../../cli/outcome.ts";
import { readTensor } from "../../inputs/read-tensor.ts";
import type { JsonValue } from "../../terminal/json.ts";
import { counted } from "../../terminal/wording.ts";
import { fileArgument, type TensorFlags, tensorFlags } from "./tensor-flags.ts";

/** The `tensor validate` command. */
export const tensorValidate: Command<Invocation> = buildCommand<TensorFlags, [string], Invocation>({
  docs: {
    brief: "Check that a tensor file is well formed",
    customUsage: ["FILE [--json]"],
    fullDescription: describe(
      "Reads the whole file. A malformed one ends with status 2 and the place of its first fault; duplicates and stored\nzeros are legal and reported.",
      ["millrace tensor validate examples/data/karate.mtx"],
    ),
  },
  parameters: { flags: tensorFlags, positional: { kind: "tuple", parameters: [fileArgument] } },
  func: presenting<TensorFlags, [string]>("tensor-validate", async (flags, place, name) => {
    const watch = place.reading(name);
    try {
      const file = await readTensor(place.host.folder, name, { ...flags, watch });
      return wellFormed(name, structureOf(file.list));
    } catch (error) {
      if (error instanceof TensorError && error.place !== undefined) return malformed(name, error);
      throw error;
    }
  }),
});

function wellFormed(name: string, { shape, entries, duplicates, explicitZeros }: StructureFacts): Outcome {
  const remarks = [
    ...(duplicates > 0
      ? [`${counted(duplicates, "entry repeats", "entries repeat")} an earlier place: their values are added up`]
      : []),
    ...(explicitZeros > 0 ? [`${counted(explicitZeros, "stored entry is", "stored entries are")} zero`] : []),
  ];
  return {
    json: () => ({ file: name, valid: true, shape, entries, duplicates, explicitZeros, remarks, fault: null }),
    text: () => [`${name}: well formed`, ...remarks.map((remark) => `  note: ${remark}`), ""].join("\n"),
  };
}

function malformed(name: string, { code, message, place }: TensorError): Outcome {
  const fault: JsonValue = { code, message, ...place };
  return {
    status: 2,
    json: () => ({ file: name, valid: false, fault }),
    text: () => `${message}\n`,
  };
}
