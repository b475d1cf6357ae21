/** Traces by file: lists of numbers from NumPy arrays or JSON. */
import { extname } from "node:path";
import type { NestedNumbers } from "@millrace/step-ir";
import { openNpz } from "@millrace/tensor";
import { MillraceError } from "../errors.ts";
import { readText, readWhole } from "../files/read.ts";
import { readTensor } from "../inputs/read-tensor.ts";

/** What kind of trace is looked for where a file holds several lists. */
export interface TraceKind {
  /** What a list of this kind holds, for faults. */
  readonly holds: string;
  /** Levels of the list: 1 for lengths, 2 for the experts of each token. */
  readonly levels: 1 | 2;
  /** Names that such lists go by, the likeliest first. */
  readonly names: readonly string[];
}

/** The experts of each token. */
export const routingKind: TraceKind = {
  holds: "list of lists of numbers, the experts of each token",
  levels: 2,
  names: ["data", "indices", "topkIds", "experts", "routing"],
};

/** The length of each request's cache. */
export const lengthKind: TraceKind = {
  holds: "list of numbers, the length of each request",
  levels: 1,
  names: ["data", "context_tokens", "lengths", "tokens"],
};

/**
 * Reads a list of numbers. `FILE#NAME` picks an array of an archive, a member of a JSON object, or the object of that name
 * in a JSON list.
 *
 * @throws {MillraceError} `file-missing`, `file-unreadable`, `file-kind`
 * @throws {TensorError} for damaged arrays
 */
export async function readTrace(folder: string, target: string, kind: TraceKind): Promise<NestedNumbers> {
  const [file = "", part] = target.split("#", 2);
  const extension = extname(file).toLowerCase();
  if (extension === ".npz") return readArchive(folder, file, part, kind);
  if (extension === ".npy") {
    const { dense } = await readTensor(folder, file);
    return nested(dense!.shape, dense!.values);
  }
  if (extension !== ".json") {
    throw new MillraceError("file-kind", `${file} is no trace`, { help: "traces are .npz, .npy or .json" });
  }
  return listIn(parseJson(folder, file), { file, part, kind });
}

/** The document of a JSON file. @throws {MillraceError} as `readText`; `file-kind` */
export function parseJson(folder: string, file: string): unknown {
  try {
    return JSON.parse(readText(folder, file));
  } catch (cause) {
    if (cause instanceof MillraceError) throw cause;
    throw new MillraceError("file-kind", `${file} is not JSON: ${(cause as Error).message}`, { cause });
  }
}

async function readArchive(
  folder: string,
  file: string,
  part: string | undefined,
  kind: TraceKind,
): Promise<NestedNumbers> {
  const archive = openNpz(readWhole(folder, file), { name: file });
  const only = archive.names.length === 1 ? archive.names[0] : kind.names.find((name) => archive.names.includes(name));
  const name = part ?? only;
  if (name === undefined) throw several(file, archive.names, kind);
  const { dense } = await archive.read(name);
  return nested(dense.shape, dense.values);
}

/** Row-major values as lists. */
function nested(shape: readonly number[], values: ArrayLike<number | bigint>): NestedNumbers {
  const build = (dimension: number, from: number): NestedNumbers => {
    if (dimension === shape.length) return Number(values[from]);
    const step = shape.slice(dimension + 1).reduce((product, extent) => product * extent, 1);
    return Array.from({ length: shape[dimension]! }, (_, at) => build(dimension + 1, from + at * step));
  };
  return build(0, 0);
}

interface Place {
  readonly file: string;
  readonly part: string | undefined;
  readonly kind: TraceKind;
}

function listIn(document: unknown, { file, part, kind }: Place): NestedNumbers {
  const whole = levelsOf(document);
  if (part === undefined && whole !== undefined) return document as NestedNumbers;
  if (Array.isArray(document)) {
    const objects = document.filter((one) => typeof one === "object" && one !== null) as { readonly name?: unknown }[];
    const chosen = part === undefined && objects.length === 1 ? objects[0] : objects.find((one) => one.name === part);
    if (chosen === undefined)
      throw several(
        file,
        objects.map((one) => String(one.name)),
        kind,
      );
    return listIn(chosen, { file, part: undefined, kind });
  }
  const members = Object.entries((document ?? {}) as Record<string, unknown>);
  if (part !== undefined) {
    const member = members.find(([name]) => name === part)?.[1];
    if (levelsOf(member) !== undefined) return member as NestedNumbers;
    throw several(
      file,
      members.filter(([, value]) => levelsOf(value) !== undefined).map(([name]) => name),
      kind,
    );
  }
  const lists = members.filter(([, value]) => levelsOf(value) === kind.levels);
  const named = kind.names.flatMap((name) => lists.filter(([other]) => other === name));
  const found = named[0] ?? (lists.length === 1 ? lists[0] : undefined);
  if (found !== undefined) return found[1] as NestedNumbers;
  throw several(
    file,
    lists.map(([name]) => name),
    kind,
  );
}

/** Levels of nested lists of numbers; nothing for anything else. */
function levelsOf(value: unknown): number | undefined {
  if (typeof value === "number") return 0;
  if (!Array.isArray(value)) return undefined;
  const inner = value.map(levelsOf);
  if (inner.includes(undefined)) return undefined;
  return 1 + Math.max(0, ...(inner as number[]));
}

function several(file: string, names: readonly string[], kind: TraceKind): MillraceError {
  if (names.length === 0)
    return new MillraceError("file-kind", `${file} holds no ${kind.holds}`, {
      help: `it may be the whole file or a member, such as "${kind.names[1]}"`,
    });
  const shown = names.length > 8 ? [...names.slice(0, 8), "…"] : names;
  return new MillraceError("file-kind", `${file} holds ${names.length} lists: ${shown.join(", ")}`, {
    help: `name one: ${file}#${names[0]}`,
  });
}
