/** Members of a zip archive, read one at a time and only when asked for. */
import { Inflate } from "fflate";
import { ModelError } from "../errors.ts";
import { type ByteSource, bytesSource, lazyStorage, type Storage } from "../graph/weight.ts";
import { readZipDirectory, type ZipEntry } from "./zip-directory.ts";

/** Deflate gives at most about 1032 bytes for one. */
const largestRatio = 1040;
/** A deflated member is expanded in memory, so it is bounded; a stored one is read where it lies. */
const largestDeflated = 2 ** 31;

/** An opened archive. */
export class ZipArchive {
  readonly file: string;
  readonly #source: ByteSource;
  readonly #entries: ReadonlyMap<string, ZipEntry>;

  private constructor(source: ByteSource, file: string, entries: readonly ZipEntry[]) {
    this.file = file;
    this.#source = source;
    this.#entries = new Map(entries.map((entry) => [entry.name, entry]));
  }

  /** Reads the directory. @throws {ModelError} as {@link readZipDirectory} */
  static async open(source: ByteSource, file: string): Promise<ZipArchive> {
    return new ZipArchive(source, file, await readZipDirectory(source, file));
  }

  /** Names of all members, in the order of the directory. */
  get names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** A member as a source of bytes: where it lies, if it is stored as it is. */
  async source(name: string): Promise<ByteSource> {
    const entry = this.#entry(name);
    if (entry.method !== 0) return bytesSource(await this.#read(entry));
    const start = await this.#start(entry);
    return { size: entry.bytes, read: (offset, length) => this.#source.read(start + offset, length) };
  }

  /** A member as a storage whose bytes are read when asked for. @throws {ModelError} `weight-missing` */
  storage(name: string): Storage {
    const entry = this.#entry(name);
    return lazyStorage(entry.bytes, () => this.#read(entry));
  }

  /**
   * The bytes of a member, refused beyond `limit`.
   *
   * @throws {ModelError} `weight-missing`, `archive-malformed`, `archive-limit`
   */
  async bytes(name: string, limit: number): Promise<Uint8Array> {
    const entry = this.#entry(name);
    if (entry.bytes > limit) {
      throw new ModelError("archive-limit", `has ${entry.bytes} bytes, more than the ${limit} that are read`, {
        place: { file: this.file, member: name },
        help: "a program of this size is a fault of the archive; check it",
      });
    }
    return this.#read(entry);
  }

  #entry(name: string): ZipEntry {
    const entry = this.#entries.get(name);
    if (entry !== undefined) return entry;
    throw new ModelError("weight-missing", "the archive has no such member", {
      place: { file: this.file, member: name },
      help: "export the model again; the archive is incomplete",
    });
  }

  async #read(entry: ZipEntry): Promise<Uint8Array> {
    const start = await this.#start(entry);
    if (entry.method === 0) {
      if (entry.storedBytes !== entry.bytes) throw this.#broken(entry, "is stored with two different sizes");
      return this.#source.read(start, entry.bytes);
    }
    if (entry.method !== 8) throw this.#broken(entry, `uses compression method ${entry.method}; 0 and 8 are read`);
    if (entry.bytes > largestDeflated || entry.bytes > entry.storedBytes * largestRatio + 64) {
      throw new ModelError("archive-limit", `${entry.storedBytes} bytes claim to expand to ${entry.bytes}`, {
        place: { file: this.file, member: entry.name },
        help: "store the member without compression",
      });
    }
    return this.#inflate(entry, await this.#source.read(start, entry.storedBytes));
  }

  async #start(entry: ZipEntry): Promise<number> {
    if (entry.offset + 30 > this.#source.size) throw this.#broken(entry, "lies past the end of the archive");
    const header = await this.#source.read(entry.offset, 30);
    const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
    if (view.getUint32(0, true) !== 0x04034b50) throw this.#broken(entry, "has no header where the directory says");
    const start = entry.offset + 30 + view.getUint16(26, true) + view.getUint16(28, true);
    if (start + entry.storedBytes > this.#source.size) throw this.#broken(entry, "is cut off");
    return start;
  }

  #inflate(entry: ZipEntry, packed: Uint8Array): Uint8Array {
    const out = new Uint8Array(entry.bytes);
    let filled = 0;
    const inflate = new Inflate((chunk) => {
      if (filled + chunk.length > out.length) throw this.#broken(entry, "expands to more than it declares");
      out.set(chunk, filled);
      filled += chunk.length;
    });
    try {
      // In pieces, so that a member that expands to more than it says is caught on the way.
      const piece = 1 << 16;
      for (let at = 0; at < packed.length; at += piece) {
        inflate.push(packed.subarray(at, at + piece), at + piece >= packed.length);
      }
    } catch (cause) {
      if (cause instanceof ModelError) throw cause;
      throw this.#broken(entry, `is not well-formed deflate data: ${(cause as Error).message}`);
    }
    if (filled !== out.length) throw this.#broken(entry, `expands to ${filled} bytes, not ${out.length}`);
    return out;
  }

  #broken(entry: ZipEntry, what: string): ModelError {
    const place = { file: this.file, member: entry.name };
    return new ModelError("archive-malformed", `the member ${what}`, { place, help: "make the archive again" });
  }
}
