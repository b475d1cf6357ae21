/** The weights of an archive of PyTorch 2.7 and later: raw bytes with a configuration beside them, or one pickle. */
import { checkedWeight } from "../../archive/checked-weight.ts";
import { JsonReader } from "../../archive/json-reader.ts";
import { parseJson } from "../../archive/parse-json.ts";
import { readTorchSave } from "../../archive/torch-save.ts";
import type { ZipArchive } from "../../archive/zip.ts";
import { ModelError } from "../../errors.ts";
import type { Storage, Weight } from "../../graph/weight.ts";
import { readDtype, readSize } from "./pt2-values.ts";

const largestConfiguration = 1 << 28;

/** Which weights of which model. */
export interface WeightsFolder {
  readonly root: string;
  readonly name: string;
  readonly kind: "weights" | "constants";
}

/** The tensors of a folder by the name that the model calls them. */
export async function readWeightsFolder(
  archive: ZipArchive,
  { root, name, kind }: WeightsFolder,
): Promise<Map<string, Weight>> {
  const folder = `${root}data/${kind}/`;
  const member = `${folder}${name}_${kind}_config.json`;
  if (!archive.has(member)) {
    const pickled = `${folder}${name}.pt`;
    return archive.has(pickled)
      ? readTorchSave(await archive.source(pickled), { file: archive.file, member: pickled })
      : new Map();
  }
  const place = { file: archive.file, member };
  const json = new JsonReader(parseJson(await archive.bytes(member, largestConfiguration), place), place);
  const storages = new Map<string, Storage>();
  const weights = new Map<string, Weight>();
  for (const [fqn, entry] of json.at("config").entries()) {
    const path = `${folder}${entry.at("path_name").text()}`;
    if (entry.at("use_pickle").value === true) {
      const tensors = await readTorchSave(await archive.source(path), { file: archive.file, member: path });
      const [tensor] = tensors.values();
      if (tensor !== undefined) weights.set(fqn, tensor);
      continue;
    }
    if (!entry.at("tensor_meta").present) continue;
    const storage = storages.get(path) ?? archive.storage(path);
    storages.set(path, storage);
    weights.set(
      fqn,
      rawWeight(entry.at("tensor_meta"), storage, { file: archive.file, member: path, originalName: fqn }),
    );
  }
  return weights;
}

function rawWeight(meta: JsonReader, storage: Storage, place: Weight["place"]): Weight {
  const fixed = (json: JsonReader) => {
    const size = readSize(json, () => {});
    if (typeof size === "number") return size;
    throw json.wrong("a number: weights have fixed sizes");
  };
  const layout = meta.at("layout").integer();
  if (layout !== 7) {
    throw new ModelError("layout-unsupported", `the weight is stored in sparse layout ${layout}`, {
      place,
      help: "store it dense; zeros are found when it is imported",
    });
  }
  return checkedWeight({
    dtype: readDtype(meta.at("dtype")),
    shape: meta.at("sizes").list().map(fixed),
    strides: meta.at("strides").list().map(fixed),
    offset: fixed(meta.at("storage_offset")),
    storage,
    place,
  });
}
