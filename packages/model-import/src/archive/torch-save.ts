/** Tensors by name in an archive that `torch.save` wrote; their elements are read when asked for. */
import { ModelError } from "../errors.ts";
import type { Place } from "../graph/place.ts";
import type { ByteSource, Storage, Weight } from "../graph/weight.ts";
import { checkedWeight } from "./checked-weight.ts";
import { type Pickled, PickledTensor } from "./pickle-globals.ts";
import { unpickle } from "./unpickle.ts";
import { ZipArchive } from "./zip.ts";

const largestPickle = 1 << 28;

/**
 * The tensors of an archive, by their path in nested dictionaries; one tensor by itself is called "".
 *
 * @throws {ModelError} `archive-malformed`, `pickle-malformed`, `pickle-global`, `weight-truncated`
 */
export async function readTorchSave(source: ByteSource, place: Place): Promise<Map<string, Weight>> {
  const archive = await ZipArchive.open(
    source,
    place.member === undefined ? place.file : `${place.file}!${place.member}`,
  );
  const pickle = archive.names.find((name) => name === "data.pkl" || name.endsWith("/data.pkl"));
  if (pickle === undefined) {
    throw new ModelError("weight-missing", "has no data.pkl: it was not written by torch.save", {
      place,
      help: "export the model again",
    });
  }
  const root = pickle.slice(0, -"data.pkl".length);
  const at = { ...place, member: `${place.member === undefined ? "" : `${place.member}!`}${pickle}` };
  if (archive.has(`${root}byteorder`)) {
    const order = new TextDecoder().decode(await archive.bytes(`${root}byteorder`, 64));
    if (order.trim() === "big") throw bigEndian(at);
  }
  const storages = new Map<string, Storage>();
  const weights = new Map<string, Weight>();
  collect(unpickle(await archive.bytes(pickle, largestPickle), at), "", (name, tensor) => {
    const { key, dtype, shape, strides, offset } = tensor;
    const storage = storages.get(key) ?? archive.storage(`${root}data/${key}`);
    storages.set(key, storage);
    weights.set(name, checkedWeight({ dtype, shape, strides, offset, storage, place: { ...at, originalName: name } }));
  });
  return weights;
}

/** The refusal of bytes in the other order. */
export function bigEndian(place: Place): ModelError {
  return new ModelError("version-unsupported", "its numbers are stored big-endian", {
    place,
    help: "save the model on a little-endian machine",
  });
}

function collect(value: Pickled, name: string, visit: (name: string, tensor: PickledTensor) => void): void {
  // A pickle can make a container hold itself, so each is entered once.
  const entered = new Set<Pickled>();
  const open: [Pickled, string][] = [[value, name]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [item, path] = next;
    const below = (key: string) => (path === "" ? key : `${path}.${key}`);
    if (item instanceof PickledTensor) visit(path, item);
    else if (entered.has(item)) continue;
    else if (item instanceof Map) for (const [key, inner] of item) open.push([inner, below(String(key))]);
    else if (Array.isArray(item)) for (const [index, inner] of item.entries()) open.push([inner, below(String(index))]);
    if (typeof item === "object" && item !== null) entered.add(item);
  }
}
