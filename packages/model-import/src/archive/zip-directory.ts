/** The directory of a zip archive, read from its end; no member is touched. */
import { ModelError } from "../errors.ts";
import type { ByteSource } from "../graph/weight.ts";

/** A member as the directory describes it. */
export interface ZipEntry {
  /** The path inside the archive, with `/`; never absolute, never with `..`. */
  readonly name: string;
  /** 0: stored, 8: deflated. */
  readonly method: number;
  readonly storedBytes: number;
  readonly bytes: number;
  readonly crc: number;
  /** Of the local header. */
  readonly offset: number;
}

/** What an archive may be at most. */
export interface ArchiveLimits {
  readonly members: number;
  readonly directoryBytes: number;
}

const defaultLimits: ArchiveLimits = { members: 1 << 18, directoryBytes: 1 << 26 };
const endBytes = 22;
const longestComment = 65_535;
const signature = { end: 0x06054b50, end64: 0x06064b50, locator64: 0x07064b50, entry: 0x02014b50 };

/**
 * The members of an archive, in the order of its directory.
 *
 * @throws {ModelError} `archive-malformed`, `archive-limit`, `archive-path`
 */
export async function readZipDirectory(
  source: ByteSource,
  file: string,
  limits: ArchiveLimits = defaultLimits,
): Promise<ZipEntry[]> {
  const tailBytes = Math.min(source.size, endBytes + longestComment);
  const tail = viewOf(await source.read(source.size - tailBytes, tailBytes));
  const end = findEnd(tail);
  if (end === undefined) throw malformed(file, "the end of its directory is missing", "the file may be cut off");
  const { count, size, offset } = await directoryPlace(source, file, { tail, end });
  if (count > limits.members || size > limits.directoryBytes) {
    throw new ModelError("archive-limit", `its directory claims ${count} members in ${size} bytes`, {
      place: { file },
      help: `at most ${limits.members} members in ${limits.directoryBytes} bytes are read`,
    });
  }
  if (offset + size > source.size) throw malformed(file, `its directory would lie at ${offset}, past the end`);
  const entries = parseEntries(viewOf(await source.read(offset, size)), count, file);
  checkOverlaps(entries, offset, file);
  return entries;
}

function malformed(file: string, what: string, help = "make the archive again"): ModelError {
  return new ModelError("archive-malformed", `not a whole zip archive: ${what}`, { place: { file }, help });
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function findEnd(tail: DataView): number | undefined {
  for (let at = tail.byteLength - endBytes; at >= 0; at--) {
    if (tail.getUint32(at, true) !== signature.end) continue;
    if (at + endBytes + tail.getUint16(at + 20, true) <= tail.byteLength) return at;
  }
  return undefined;
}

async function directoryPlace(
  source: ByteSource,
  file: string,
  { tail, end }: { tail: DataView; end: number },
): Promise<{ count: number; size: number; offset: number }> {
  const count = tail.getUint16(end + 10, true);
  const size = tail.getUint32(end + 12, true);
  const offset = tail.getUint32(end + 16, true);
  if (count !== 0xffff && size !== 0xffffffff && offset !== 0xffffffff) return { count, size, offset };
  const locator = end - 20;
  if (locator < 0 || tail.getUint32(locator, true) !== signature.locator64) return { count, size, offset };
  const at = Number(tail.getBigUint64(locator + 8, true));
  if (!(at + 56 <= source.size)) throw malformed(file, "its 64-bit directory lies past the end");
  const record = viewOf(await source.read(at, 56));
  if (record.getUint32(0, true) !== signature.end64) throw malformed(file, "its 64-bit directory is missing");
  return {
    count: Number(record.getBigUint64(32, true)),
    size: Number(record.getBigUint64(40, true)),
    offset: Number(record.getBigUint64(48, true)),
  };
}

function parseEntries(view: DataView, count: number, file: string): ZipEntry[] {
  const entries: ZipEntry[] = [];
  const seen = new Set<string>();
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (at + 46 > view.byteLength || view.getUint32(at, true) !== signature.entry) {
      throw malformed(file, `entry ${index} of ${count} of its directory is broken`);
    }
    const nameBytes = view.getUint16(at + 28, true);
    const extraBytes = view.getUint16(at + 30, true);
    const next = at + 46 + nameBytes + extraBytes + view.getUint16(at + 32, true);
    if (next > view.byteLength) throw malformed(file, `entry ${index} of its directory is cut off`);
    const raw = new Uint8Array(view.buffer, view.byteOffset + at + 46, nameBytes);
    const name = checkedName(new TextDecoder().decode(raw), file);
    if (seen.has(name)) throw malformed(file, `member ${name} appears twice`);
    seen.add(name);
    const sizes = longSizes(view, at, at + 46 + nameBytes, extraBytes);
    if ((view.getUint16(at + 8, true) & 1) !== 0) throw malformed(file, `member ${name} is encrypted`);
    entries.push({ name, method: view.getUint16(at + 10, true), crc: view.getUint32(at + 16, true), ...sizes });
    at = next;
  }
  return entries;
}

// The sizes and the offset of an entry, from its 64-bit extra field where the 32-bit ones are full.
function longSizes(view: DataView, at: number, extraAt: number, extraBytes: number) {
  let bytes = view.getUint32(at + 24, true);
  let storedBytes = view.getUint32(at + 20, true);
  let offset = view.getUint32(at + 42, true);
  for (let field = extraAt; field + 4 <= extraAt + extraBytes; ) {
    const length = view.getUint16(field + 2, true);
    const stop = Math.min(field + 4 + length, extraAt + extraBytes);
    if (view.getUint16(field, true) === 1) {
      let next = field + 4;
      const take = (value: number): number => {
        if (value !== 0xffffffff || next + 8 > stop) return value;
        next += 8;
        return Number(view.getBigUint64(next - 8, true));
      };
      bytes = take(bytes);
      storedBytes = take(storedBytes);
      offset = take(offset);
    }
    field += 4 + length;
  }
  return { bytes, storedBytes, offset };
}

function checkedName(name: string, file: string): string {
  const path = name.replaceAll("\\", "/");
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path) || path.split("/").includes("..") || path.includes("\0")) {
    throw new ModelError("archive-path", `member ${JSON.stringify(name)} would leave the archive`, {
      place: { file },
      help: "names are relative and without ..; make the archive again",
    });
  }
  return path;
}

function checkOverlaps(entries: readonly ZipEntry[], directory: number, file: string): void {
  const sorted = [...entries].sort((a, b) => a.offset - b.offset);
  for (const [index, { name, offset, storedBytes }] of sorted.entries()) {
    const limit = sorted[index + 1]?.offset ?? directory;
    if (offset + 30 + storedBytes > limit) throw malformed(file, `member ${name} overlaps what follows it`);
  }
}
