/** `import-sparse-model`: a model file, a program text or a model of the library, with its operands, as an einsum program. */
import { printProgram } from "@millrace/fuseflow-sparse";
import { entryCount, unpack } from "@millrace/tensor";
import { libraryModel } from "../../../fuse/library-model.ts";
import { type LoadedModel, loadModel } from "../../../fuse/load-model.ts";
import { counted } from "../../../terminal/wording.ts";
import type { SparseModelArtifact } from "../../artifacts.ts";
import { fileOrName, operands } from "../../options/file-options.ts";
import { integer } from "../../options/scalar-options.ts";
import { type StageKind, stageKind } from "../../stage-kind.ts";
import { checkImport } from "./check-import.ts";

/** The kind. */
export const importSparseModel: StageKind = stageKind({
  name: "import-sparse-model",
  brief: "Reads a model and its operands as an einsum program",
  packages: ["fuseflow-sparse", "model-import", "tensor"],
  inputs: {},
  options: {
    model: fileOrName(
      "Model file, program text, or gcn, graphsage, autoencoder, gpt",
      "a model",
      (name) => libraryModel(name) !== null,
    ),
    operands: operands("Inputs of the model; those of library models are drawn unless given"),
    seed: integer("Seed of operands that are drawn", { least: 0, most: 0xffff_ffff, fallback: 0 }),
  },
  output: "sparse-model",
  async run({ options: { model, operands: given, seed }, place }) {
    const loaded = await loadedModel({ model, operands: given, seed }, place.folder);
    place.begin("evaluating");
    const check = await checkImport({ model, operands: given, seed }, loaded, place.folder);
    const entries = Object.fromEntries(
      Object.entries(loaded.operands).map(([name, tensor]) => [name, entryCount(unpack(tensor))]),
    );
    const { program } = loaded;
    return {
      output: { model, operands: given, seed, program: printProgram(program), entries },
      gave: `${counted(program.statements.length, "statement", "statements")} on ${counted(program.inputs.length, "operand", "operands")}`,
      check,
      views: [
        {
          id: "program",
          kind: "text",
          title: "The model as an einsum program",
          document: { text: printProgram(program) },
        },
      ],
      tables: [
        {
          title: "Operands",
          columns: ["operand", "shape", "format", "entries"],
          rows: program.inputs.map(({ name, shape, format }) => [
            name,
            shape.join(" x "),
            format,
            entries[name] ?? null,
          ]),
        },
      ],
    };
  },
});

/** The model of an artifact, loaded. */
export function loadedModel(
  { model, operands: given, seed }: Pick<SparseModelArtifact, "model" | "operands" | "seed">,
  folder: string,
): Promise<LoadedModel> {
  const request = {
    inputs: new Map(Object.entries(given)),
    formats: new Map<string, string>(),
    sizes: new Map<string, number>(),
    seed,
    run: true,
  };
  return loadModel(model, request, { folder, reading: () => () => {}, begin: () => {} });
}
