/** What `--out` keeps of a simulation besides its JSON document: the graph and the tensors it wrote. */
import { printGraphJson } from "@millrace/fuseflow-sparse";
import { spread, type Tensor, unpack, writeMatrixMarket, writeNpy, writeTns } from "@millrace/tensor";
import type { Workplace } from "../../cli/outcome.ts";
import { writeStream } from "../../files/write.ts";
import { keepRunViews } from "../../simulation/keep-views.ts";
import type { GraphRun } from "../../simulation/run-graph.ts";

/** Writes the graph as JSON and each output in the file format that suits its order into the `--out` folder, if there is one. */
export async function keepRun(run: GraphRun, folder: string | undefined, place: Workplace): Promise<void> {
  if (folder === undefined) return;
  if (place.kept !== undefined) keepRunViews(place.kept, run);
  place.write(`${folder}/graph.json`, printGraphJson(run.graph));
  for (const [name, tensor] of Object.entries(run.outputs)) {
    const { extension, bytes } = outputFile(tensor);
    await writeStream(place.host.folder, `${folder}/${name}.${extension}`, bytes);
  }
}

function outputFile(tensor: Tensor): { readonly extension: string; readonly bytes: Iterable<Uint8Array> } {
  const list = unpack(tensor);
  if (tensor.shape.length === 0) return { extension: "npy", bytes: [writeNpy(spread(list))] };
  if (tensor.shape.length === 2) return { extension: "mtx", bytes: writeMatrixMarket(list) };
  return { extension: "tns", bytes: writeTns(list, { dialect: "extended-frostt" }) };
}
