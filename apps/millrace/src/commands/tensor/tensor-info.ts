/** `millrace tensor info FILE`: what a tensor file holds. */

import { type StructureFacts, structureOf, type TensorFile } from "@millrace/tensor";
import { buildCommand, type Command } from "@stricli/core";
import { describe } from "../../cli/flags.ts";
import { type Invocation, type Outcome, presenting } from "../../cli/outcome.ts";
import { readTensor } from "../../inputs/read-tensor.ts";
import { formatCount, formatShare } from "../../terminal/quantity.ts";
import { renderPairs } from "../../terminal/table.ts";
import { fileArgument, type TensorFlags, tensorFlags } from "./tensor-flags.ts";

/** The `tensor info` command. */
export const tensorInfo: Command<Invocation> = buildCommand<TensorFlags, [string], Invocation>({
  docs: {
    brief: "Describe a tensor file: shape, entries, symmetry, rows",
    customUsage: ["FILE [--json]"],
    fullDescription: describe(
      "Reads a tensor file and says what it holds. A row is everything at one coordinate of mode 0.",
      ["millrace tensor info examples/data/cora.mtx.gz"],
    ),
  },
  parameters: { flags: tensorFlags, positional: { kind: "tuple", parameters: [fileArgument] } },
  func: presenting<TensorFlags, [string]>("tensor-info", async (flags, place, name) => {
    const watch = place.reading(name);
    const file = await readTensor(place.host.folder, name, { ...flags, watch });
    return descriptionOf(name, file, structureOf(file.list));
  }),
});

function descriptionOf(name: string, { header, gzip }: TensorFile, facts: StructureFacts): Outcome {
  const { format, variant, field, symmetry, valueType, storedEntries } = header;
  const { shape, entries, duplicates, explicitZeros, density, emptyRows, maximumRow, meanRow } = facts;
  return {
    json: () => ({
      file: name,
      format,
      variant,
      gzip,
      shape,
      entries,
      storedEntries,
      field,
      valueType,
      symmetry,
      duplicates,
      explicitZeros,
      density,
      emptyRows,
      maxRow: maximumRow,
      meanRow,
    }),
    text: () =>
      renderPairs([
        ["file", gzip ? `${name} (gzip)` : name],
        ["format", variant === "" ? format : `${format} (${variant})`],
        ["shape", shape.length === 0 ? "scalar" : shape.map((extent) => formatCount(extent)).join(" x ")],
        [
          "entries",
          entries === storedEntries
            ? formatCount(entries)
            : `${formatCount(entries)} (${formatCount(storedEntries)} stored)`,
        ],
        ["density", formatShare(density)],
        ["value type", field === "pattern" ? `${valueType} (pattern: all 1)` : valueType],
        ["symmetry", symmetry],
        ["duplicates", formatCount(duplicates)],
        ["explicit zeros", formatCount(explicitZeros)],
        ["empty rows", formatCount(emptyRows)],
        ["longest row", formatCount(maximumRow)],
        ["mean row", formatCount(meanRow, 3)],
      ]),
  };
}
