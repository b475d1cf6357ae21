/** A model as an einsum program with its operands: a program text, a model file, or one that comes with the package. */
import {
  bindSizes,
  type EinsumProgram,
  type Granularity,
  parseProgram,
  type RegionSchedule,
} from "@millrace/fuseflow-sparse";
import { type CoordinateList, convert, pack, parseFormat, type Tensor, TensorError } from "@millrace/tensor";
import { MillraceError } from "../errors.ts";
import { readWhole } from "../files/read.ts";
import { readOperands } from "../inputs/operands.ts";
import { counted } from "../terminal/wording.ts";
import { libraryModel, libraryNames } from "./library-model.ts";
import { readModelFile } from "./read-model-file.ts";
import { refuseSizes } from "./refuse-sizes.ts";

/** A model ready to be compiled. */
export interface LoadedModel {
  readonly program: EinsumProgram;
  /** Regions at the granularities that the model names. */
  readonly granularities: Readonly<Partial<Record<Granularity, readonly RegionSchedule[]>>>;
  /** Operands, stored as they are read; empty where they are not asked for and not there. */
  readonly operands: Readonly<Record<string, Tensor>>;
}

/** How a model is to be loaded. */
export interface LoadRequest {
  readonly inputs: ReadonlyMap<string, string>;
  readonly formats: ReadonlyMap<string, string>;
  /** Sizes that the model leaves open, by name. */
  readonly sizes: ReadonlyMap<string, number>;
  /** Which program of an archive, or function of a text. */
  readonly part?: string | undefined;
  readonly seed: number;
  /** Whether every input needs an operand. */
  readonly run: boolean;
}

/** Where a model is loaded: the folder that files are named from, and who is told. */
export interface LoadPlace {
  readonly folder: string;
  /** As in a workplace: names a file that is read. */
  readonly reading: (name: string) => (done: number, total: number) => void;
  /** Names work that begins. */
  readonly begin: (task: string) => void;
}

/**
 * Loads a model.
 *
 * @throws {MillraceError} `file-missing`, `file-kind`, `operand-missing`, `operand-shape`
 * @throws {DiagnosticError} for faults in a program text
 */
export async function loadModel(name: string, request: LoadRequest, place: LoadPlace): Promise<LoadedModel> {
  const named = libraryModel(name);
  if (named !== null) {
    refuseSizes(request.sizes, [], name);
    const { program, regions } = named.model;
    const formatted = withFormats(program, request.formats);
    const given = await givenOperands(formatted, { ...request, optional: true, constants: {} }, place);
    const drawn = inFormats(named.operands(request.seed, given), request.formats);
    const operands = stored(formatted, { ...drawn, ...given });
    return { program: formatted, granularities: regions, operands };
  }
  const { program, constants } = await readProgram(name, request, place);
  if (constants === null) refuseSizes(request.sizes, openSizes(program), name);
  const formatted = withFormats(program, request.formats);
  const optional = !request.run && request.inputs.size === 0;
  const own = constants === null ? request : { ...request, inputs: new Map<string, string>() };
  const given = await givenOperands(
    formatted,
    { ...own, optional: optional || constants !== null, constants: constants ?? {} },
    place,
  );
  return { program: bound(formatted, request, given), granularities: {}, operands: stored(formatted, given) };
}

interface ReadProgram {
  readonly program: EinsumProgram;
  /** All operands of a model file; null for a program text, whose operands are given by name. */
  readonly constants: Readonly<Record<string, CoordinateList>> | null;
}

async function readProgram(name: string, request: LoadRequest, place: LoadPlace): Promise<ReadProgram> {
  if (!/[./]/.test(name)) {
    throw new MillraceError("file-kind", `${name} is neither a model file nor a model that comes with millrace`, {
      help: `models that come with it: ${libraryNames.join(", ")}; a program text ends in .ein`,
    });
  }
  const isText = /\.(ein|einsum|txt)$/.test(name) && !/\.(aten|coreaten|fx)\.txt$/.test(name);
  if (!isText) return readModelFile(name, request, place);
  if (request.part !== undefined) {
    throw new MillraceError("argument", `--part names a part of a model file, and ${name} is the text of one program`);
  }
  const bytes = readWhole(place.folder, name);
  return { program: parseProgram({ name, text: new TextDecoder().decode(bytes) }), constants: null };
}

function withFormats(program: EinsumProgram, formats: ReadonlyMap<string, string>): EinsumProgram {
  const inputs = program.inputs.map((input) => {
    const format = formats.get(input.name);
    if (format === undefined) return input;
    checkFormat(input, format);
    return { ...input, format };
  });
  for (const name of formats.keys()) {
    if (program.inputs.some((input) => input.name === name)) continue;
    const help = `the inputs are ${program.inputs.map((input) => input.name).join(", ")}`;
    throw new MillraceError("operand-unknown", `--formats names ${name}, which is no input`, { help });
  }
  return { ...program, inputs };
}

/** @throws {MillraceError} `argument` if the input cannot be stored so */
function checkFormat({ name, shape }: EinsumProgram["inputs"][number], format: string): void {
  try {
    parseFormat(format, shape.length);
  } catch (error) {
    if (!(error instanceof TensorError)) throw error;
    throw new MillraceError("argument", `--formats ${name}: ${error.message}`, {
      help: `for example ${name}=${"s".repeat(shape.length)}; ${name} has ${counted(shape.length, "mode", "modes")}`,
    });
  }
}

interface GivenRequest extends LoadRequest {
  readonly optional: boolean;
  readonly constants: Readonly<Record<string, CoordinateList>>;
}

async function givenOperands(
  program: EinsumProgram,
  { inputs, seed, sizes, optional, constants }: GivenRequest,
  place: LoadPlace,
): Promise<Record<string, Tensor>> {
  const uses = program.inputs
    .filter(({ name }) => (inputs.has(name) || !optional) && !(Object.hasOwn(constants, name) && !inputs.has(name)))
    .map(({ name, shape }) => ({
      name,
      indices: shape.map((extent) => (typeof extent === "string" ? extent : "")),
      extents: shape.map((extent) => (typeof extent === "string" ? undefined : extent)),
    }));
  const unknown = new Map([...inputs].filter(([name]) => !program.inputs.some((input) => input.name === name)));
  const bindings = new Map([...[...inputs].filter(([name]) => uses.some((use) => use.name === name)), ...unknown]);
  const lists = await readOperands(uses, bindings, { folder: place.folder, seed, reading: place.reading, sizes });
  const all = { ...constants, ...lists };
  return Object.fromEntries(
    program.inputs.flatMap(({ name, shape, format }) => {
      const list = Object.hasOwn(all, name) ? all[name] : undefined;
      if (list === undefined) return [];
      return [[name, pack(list, parseFormat(format, shape.length), { valueType: "float64" })]];
    }),
  );
}

/** Names of the sizes that a program leaves open. */
function openSizes({ inputs }: EinsumProgram): readonly string[] {
  return [...new Set(inputs.flatMap(({ shape }) => shape.filter((extent) => typeof extent === "string")))];
}

/** The program with named sizes bound to what is given, and to what the operands have. */
function bound(
  program: EinsumProgram,
  request: Pick<LoadRequest, "sizes">,
  operands: Readonly<Record<string, Tensor>>,
): EinsumProgram {
  const sizes: Record<string, number> = Object.fromEntries(request.sizes);
  for (const { name, shape } of program.inputs) {
    const tensor = operands[name];
    if (tensor === undefined) continue;
    for (const [mode, extent] of shape.entries()) if (typeof extent === "string") sizes[extent] = tensor.shape[mode]!;
  }
  return bindSizes(program, sizes);
}

/** Drawn operands stored as asked: which entries there are does not depend on it. */
function inFormats(
  operands: Readonly<Record<string, Tensor>>,
  formats: ReadonlyMap<string, string>,
): Readonly<Record<string, Tensor>> {
  return Object.fromEntries(
    Object.entries(operands).map(([name, tensor]) => {
      const format = formats.get(name);
      return [name, format === undefined ? tensor : convert(tensor, parseFormat(format, tensor.shape.length))];
    }),
  );
}

/** The operands of the inputs that have one. */
function stored(program: EinsumProgram, operands: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  return Object.fromEntries(program.inputs.flatMap(({ name }) => (operands[name] ? [[name, operands[name]]] : [])));
}
