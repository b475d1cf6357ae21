import { TensorError } from "../../errors.ts";
import { collectBytes } from "../bytes/byte-input.ts";
import type { DenseTensor } from "../dense-tensor.ts";
import { quote } from "../file-fault.ts";
import { type ReadContext, type ReadOptions, readContext } from "../read-options.ts";
import type { TensorContents } from "../tensor-file.ts";
import { readNpy } from "./read-npy.ts";
import { readScipySparse } from "./scipy-sparse.ts";
import { readZipDirectory } from "./zip-directory.ts";
import { expandMember, type ZipMember } from "./zip-member.ts";

/** Most bytes of a file that {@link NpzArchive.bytes} returns. */
const LARGEST_NAME_FILE = 2 ** 16;

/** The arrays of a `.npz` archive, by name and without `.npy`. */
export class NpzArchive {
  /** Names in the order of the archive. */
  readonly names: readonly string[];
  readonly #members: ReadonlyMap<string, ZipMember>;
  readonly #context: ReadContext;

  /** @throws {TensorError} as {@link readZipDirectory} says. */
  constructor(bytes: Uint8Array, context: ReadContext) {
    this.#context = context;
    this.#members = new Map([...readZipDirectory(bytes, context)].filter(([name]) => name.endsWith(".npy")));
    this.names = [...this.#members.keys()].map((name) => name.slice(0, -".npy".length));
  }

  /** One array. @throws {TensorError} `file-malformed` if there is no such array or it is damaged, and as {@link readNpy} says. */
  async read(name: string): Promise<TensorContents & { readonly dense: DenseTensor }> {
    const member = this.#member(name);
    const file = `${this.#context.file}:${name}.npy`;
    // A deflated member takes at least as many bytes as the archive has of it; what it claims is not believed.
    const context = { ...this.#context, file, expectedBytes: member.packed.length };
    return (await readNpy(this.#expand(member), context)) as TensorContents & { readonly dense: DenseTensor };
  }

  /** The file of one small array, such as a name. @throws {TensorError} as {@link read}; `too-large` beyond 64 KiB. */
  async bytes(name: string): Promise<Uint8Array> {
    return collectBytes(this.#expand(this.#member(name)), LARGEST_NAME_FILE, `${this.#context.file}:${name}.npy`);
  }

  #member(name: string): ZipMember {
    const member = this.#members.get(`${name}.npy`);
    if (member === undefined) {
      const there = this.names.map(quote).join(", ") || "none";
      throw new TensorError(
        "file-malformed",
        `${this.#context.file}: no array named ${quote(name)}; there are: ${there}`,
      );
    }
    return member;
  }

  async *#expand(member: ZipMember): AsyncGenerator<Uint8Array, void, undefined> {
    yield* expandMember(member, this.#context.file);
  }
}

/**
 * Opens an archive held in memory.
 *
 * @throws {TensorError} as {@link readZipDirectory} says.
 *
 * @example
 * ```ts
 * const array = { shape: [2], valueType: "float64", values: Float64Array.of(1, 2) };
 * const archive = openNpz(writeNpz({ first: array, second: array }), { name: "a.npz" });
 * archive.names; // => ["first", "second"]
 * (await archive.read("second")).dense.shape; // => [2]
 * ```
 */
export function openNpz(bytes: Uint8Array, options: ReadOptions): NpzArchive {
  return new NpzArchive(bytes, readContext(options));
}

/**
 * Reads one tensor of a `.npz` archive: the array asked for, the only one there is, or the matrix that `scipy.sparse.save_npz`
 * wrote. The archive is held in memory, since its directory stands at its end.
 *
 * @throws {TensorError} as {@link NpzArchive} says; `file-unsupported` if there are several arrays and none is asked for.
 */
export async function readNpz(
  chunks: AsyncIterable<Uint8Array>,
  context: ReadContext,
  array?: string,
): Promise<TensorContents> {
  const bytes = await collectBytes(chunks, context.maximumExpandedBytes, context.file);
  const archive = new NpzArchive(bytes, context);
  const cost = { bytes: bytes.length, largestCarry: 0 };
  if (array === undefined && archive.names.includes("format") && archive.names.includes("shape")) {
    const contents = await readScipySparse(archive, context);
    return { ...contents, cost: { ...contents.cost, ...cost } };
  }
  const name = array ?? (archive.names.length === 1 ? archive.names[0] : undefined);
  if (name === undefined) {
    const there = archive.names.map(quote).join(", ") || "no array";
    throw new TensorError("file-unsupported", `${context.file}: the archive holds ${there}; name the one to read`);
  }
  const contents = await archive.read(name);
  return { ...contents, header: { ...contents.header, format: "npz" }, cost: { ...contents.cost, ...cost } };
}
