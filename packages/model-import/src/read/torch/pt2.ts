/** `.pt2` archives of torch.export, in the three layouts that PyTorch has written. */
import { JsonReader } from "../../archive/json-reader.ts";
import { parseJson } from "../../archive/parse-json.ts";
import { bigEndian, readTorchSave } from "../../archive/torch-save.ts";
import type { ZipArchive } from "../../archive/zip.ts";
import { ModelError } from "../../errors.ts";
import type { ModelGraph } from "../../graph/model-graph.ts";
import type { Place } from "../../graph/place.ts";
import type { Weight } from "../../graph/weight.ts";
import { readProgram } from "./pt2-program.ts";
import { readWeightsFolder } from "./pt2-weights.ts";

/** A program is text about the model; what is larger than this was not written by torch.export. */
const largestProgram = 1 << 28;

/** Whether an archive is one of torch.export, whole or not. */
export function isPt2(archive: ZipArchive): boolean {
  return archive.names.some((name) =>
    /(^|\/)(archive_format|serialized_exported_program\.json|models\/[^/]+\.json)$/.test(name),
  );
}

/** @throws {ModelError} whatever is wrong with the archive or its program. */
export async function readPt2(archive: ZipArchive, model: string | undefined): Promise<ModelGraph> {
  const old = archive.names.find((name) => name.endsWith("serialized_exported_program.json"));
  return old === undefined ? readNew(archive, model) : readOld(archive, old);
}

// PyTorch 2.8 and later, and 2.7's first version of it: a root folder with models/, data/weights/, data/constants/.
async function readNew(archive: ZipArchive, model: string | undefined): Promise<ModelGraph> {
  const programs = archive.names.filter((name) => /(^|\/)models\/[^/]+\.json$/.test(name));
  const named = (name: string) => name.replace(/^.*models\/(.*)\.json$/, "$1");
  const member =
    model === undefined
      ? (programs.find((name) => named(name) === "model") ?? programs[0])
      : programs.find((name) => named(name) === model);
  if (member === undefined) throw programMissing(archive, model, programs.map(named));
  const root = member.slice(0, member.lastIndexOf("models/"));
  const name = named(member);
  const place: Place = { file: archive.file, member };
  if (archive.has(`${root}byteorder`)) {
    const order = new TextDecoder().decode(await archive.bytes(`${root}byteorder`, 64));
    if (order.trim() === "big") throw bigEndian(place);
  }
  const json = new JsonReader(parseJson(await archive.bytes(member, largestProgram), place), place);
  const weights = new Map<string, Weight>();
  for (const kind of ["weights", "constants"] as const) {
    for (const [fqn, weight] of await readWeightsFolder(archive, { root, name, kind })) weights.set(fqn, weight);
  }
  return readProgram({ name: modelName(archive), json, weights, source: sourceOf(archive, json) });
}

// PyTorch 2.1 to 2.6: four members; the two with tensors are archives of torch.save, called .json up to 2.4 and .pt from 2.5 on.
async function readOld(archive: ZipArchive, member: string): Promise<ModelGraph> {
  const root = member.slice(0, member.lastIndexOf("serialized_exported_program.json"));
  const place: Place = { file: archive.file, member };
  const json = new JsonReader(parseJson(await archive.bytes(member, largestProgram), place), place);
  const weights = new Map<string, Weight>();
  for (const stem of ["serialized_state_dict", "serialized_constants"]) {
    const tensors = [`${root}${stem}.pt`, `${root}${stem}.json`].find((name) => archive.has(name));
    if (tensors === undefined) continue;
    const source = await archive.source(tensors);
    if (source.size === 0) continue;
    for (const [fqn, weight] of await readTorchSave(source, { file: archive.file, member: tensors }))
      weights.set(fqn, weight);
  }
  return readProgram({ name: modelName(archive), json, weights, source: sourceOf(archive, json) });
}

function modelName(archive: ZipArchive): string {
  return archive.file.replace(/^.*[\\/]/, "").replace(/\.[^.]*$/, "");
}

function sourceOf(archive: ZipArchive, json: JsonReader): ModelGraph["source"] {
  const version = json.at("schema_version");
  const split = typeof version.value === "object" && version.value !== null;
  const major = split ? version.at("major").integer() : version.present ? version.integer() : 0;
  const text = split ? `schema ${major}.${version.at("minor").integer()}` : `schema ${major}`;
  const producer = json.at("torch_version");
  return {
    format: "pt2",
    file: archive.file,
    version: text,
    producer: producer.present ? `PyTorch ${producer.text()}` : "PyTorch",
  };
}

function programMissing(archive: ZipArchive, model: string | undefined, known: readonly string[]): ModelError {
  const file = archive.file;
  if (model !== undefined && known.length > 0) {
    const place = { file, member: `models/${model}.json` };
    return new ModelError("program-missing", "the archive has no such model", {
      place,
      help: `it has ${known.join(", ")}`,
    });
  }
  const root = archive.names[0]?.split("/")[0] ?? "";
  return new ModelError(
    "program-missing",
    "the archive has weights but no program: PyTorch stops here when it serialises a tensor in CSR, CSC, BSR or BSC layout",
    {
      place: { file, member: `${root}/models/model.json` },
      help: "export with that input as COO (tensor.to_sparse_coo()) or dense, and state its storage format when importing",
    },
  );
}
