/** `millrace tensor convert FILE --to FILE`: the same tensor in another file format. */
import { statSync } from "node:fs";
import { entryCount, type TnsDialect } from "@millrace/tensor";
import { buildCommand, type Command } from "@stricli/core";
import { describe } from "../../cli/flags.ts";
import { type Invocation, presenting } from "../../cli/outcome.ts";
import { writeStream } from "../../files/write.ts";
import { readTensor } from "../../inputs/read-tensor.ts";
import { tensorBytes, writableExtension } from "../../inputs/write-tensor.ts";
import { formatBytes } from "../../terminal/quantity.ts";
import { counted } from "../../terminal/wording.ts";
import { fileArgument, type TensorFlags, tensorFlags } from "./tensor-flags.ts";

type ConvertFlags = TensorFlags & { readonly to: string; readonly dialect: TnsDialect };

/** The `tensor convert` command. */
export const tensorConvert: Command<Invocation> = buildCommand<ConvertFlags, [string], Invocation>({
  docs: {
    brief: "Write a tensor file in another format",
    customUsage: ["FILE --to FILE [--dialect frostt|parti|genten|extended-frostt]"],
    fullDescription: describe(
      "The name of the file to write tells its format: .mtx, .tns, .smtx, .npy or .npz, compressed if .gz follows.\nEntries keep their order; duplicates and stored zeros are kept.",
      [
        "millrace tensor convert examples/data/cora.mtx.gz --to cora.npz",
        "millrace tensor convert tensor.tns.gz --to tensor.tns --dialect parti",
      ],
    ),
  },
  parameters: {
    flags: {
      to: { kind: "parsed", parse: String, brief: "File to write", placeholder: "FILE" },
      dialect: {
        kind: "enum",
        values: ["frostt", "parti", "genten", "extended-frostt"],
        brief: "Flavour of a .tns file",
        default: "frostt",
      },
      ...tensorFlags,
    },
    positional: { kind: "tuple", parameters: [fileArgument] },
  },
  func: presenting<ConvertFlags, [string]>("tensor-convert", async (flags, place, name) => {
    const extension = writableExtension(flags.to);
    const file = await readTensor(place.host.folder, name, { ...flags, watch: place.reading(name) });
    place.progress.begin(`writing ${flags.to}`);
    const path = await writeStream(place.host.folder, flags.to, tensorBytes(file, extension, flags.dialect));
    const bytes = statSync(path).size;
    const entries = file.dense === undefined ? entryCount(file.list) : file.header.storedEntries;
    const { shape } = file.header;
    return {
      json: () => ({ from: name, to: flags.to, format: extension, shape, entries, bytes }),
      text: () => `${flags.to}: ${counted(entries, "entry", "entries")}, ${formatBytes(bytes)}\n`,
    };
  }),
});
