/** `millrace model show MODEL`: the graph of a model file. */
import {
  annotateFormats,
  canEvaluate,
  describeFormat,
  type FormatProposal,
  modelToJson,
  printModel,
  proposeFormats,
} from "@millrace/model-import";
import { buildCommand, type Command } from "@stricli/core";
import { bindingTable, describe } from "../../cli/flags.ts";
import { type Invocation, presenting } from "../../cli/outcome.ts";
import { modelInputs, withModel } from "../../inputs/load-model.ts";
import type { JsonValue } from "../../terminal/json.ts";
import { type ModelFlags, modelArgument, modelFlags } from "./model-flags.ts";

type ShowFlags = ModelFlags & { readonly raw?: boolean };

/** The `model show` command. */
export const modelShow: Command<Invocation> = buildCommand<ShowFlags, [string], Invocation>({
  docs: {
    brief: "Print the graph of a model, its patterns, and storage formats",
    customUsage: ["MODEL [--raw] [-i NAME=FILE] [-f NAME=FORMAT] [--part NAME] [--json]"],
    fullDescription: describe(
      "Reads a model of PyTorch (.pt2, printed ATen and FX graphs), ONNX, TensorFlow or MLIR and prints its graph: neutral\noperators, types, symbolic sizes, and the patterns that were recognised. Weights are not read, unless inputs are\ngiven: then zeros are counted and a storage format is proposed for every matrix.",
      [
        "millrace model show examples/models/gcn2_dense.pt2",
        "millrace model show examples/models/gcn2_dense.pt2 -f A=CSR --json",
      ],
    ),
  },
  parameters: {
    flags: {
      raw: { kind: "boolean", brief: "Print the graph as the file has it", optional: true, withNegated: false },
      ...modelFlags,
    },
    aliases: { i: "input", f: "format" },
    positional: { kind: "tuple", parameters: [modelArgument] },
  },
  func: presenting<ShowFlags, [string]>("model-show", (flags, place, name) =>
    withModel(place.host.folder, name, flags, async (read) => {
      const graph = annotateFormats(read, Object.fromEntries(bindingTable("--format", flags.format ?? [])));
      const inputs = await modelInputs(read, place.host.folder, flags.input ?? []);
      const proposals = Object.keys(inputs).length === 0 ? [] : await proposeFormats(graph, inputs);
      const unsupported = [...new Set(graph.nodes.map(({ op }) => op).filter((op) => !canEvaluate(op)))];
      return {
        json: () => ({
          ...(modelToJson(graph) as Record<string, JsonValue>),
          proposals: proposals.map(proposalJson),
          unsupported,
        }),
        text: () =>
          printModel(graph) +
          proposals.map(proposalLine).join("") +
          unsupported.map((op) => `note: ${op} cannot be evaluated\n`).join(""),
      };
    }),
  ),
});

function proposalJson({ name, shape, facts, format, reason }: FormatProposal): JsonValue {
  const { entries, density, emptyRows, blockSize } = facts;
  return {
    name,
    shape: [...shape],
    entries,
    density,
    emptyRows,
    blockSize: blockSize ?? null,
    format: describeFormat(format),
    reason,
  };
}

function proposalLine({ name, format, reason }: FormatProposal): string {
  return `format ${name} = ${describeFormat(format)}: ${reason}\n`;
}
