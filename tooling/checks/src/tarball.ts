import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";

// A tar archive is a row of blocks of 512 bytes: before each file one header block, after it zeros up to a full block.
const blockBytes = 512;
const nameField = { start: 0, bytes: 100 };
const sizeField = { start: 124, bytes: 12 };
const checksumField = { start: 148, bytes: 8 };

/** Reads one text file out of a gzipped tar archive. */
export function readFromTarball(tarball: string, path: string): string {
  const archive = gunzipSync(readFileSync(tarball));
  for (let header = 0; header + blockBytes <= archive.length && archive[header] !== 0; ) {
    const bytes = Number.parseInt(readField(archive, header, sizeField), 8);
    const content = header + blockBytes;
    if (readField(archive, header, nameField) === path) return archive.toString("utf8", content, content + bytes);
    header = content + Math.ceil(bytes / blockBytes) * blockBytes;
  }
  throw new Error(`there is no ${path} in ${tarball}`);
}

function readField(archive: Buffer, header: number, field: { start: number; bytes: number }): string {
  const start = header + field.start;
  return archive.toString("utf8", start, start + field.bytes).replace(/\0.*$/s, "");
}

/** Puts the files of an installed package into a gzipped tar archive, as a registry would hand them out. */
export function packFolder(folder: string): Buffer {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const blocks = files.sort().flatMap((file) => {
    const content = readFileSync(file);
    const path = `package${file.slice(folder.length).replaceAll("\\", "/")}`;
    return [headerBlock(path, content.length), content, Buffer.alloc(-content.length & (blockBytes - 1))];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * blockBytes)]), { level: 1 });
}

function headerBlock(path: string, bytes: number): Buffer {
  // A path longer than its field is cut at a slash, and the front part stands in the prefix field.
  const cut = path.length > nameField.bytes ? path.indexOf("/", path.length - nameField.bytes - 1) : -1;
  const header = Buffer.alloc(blockBytes);
  header.write(path.slice(cut + 1), nameField.start, nameField.bytes);
  header.write("0000644\0", 100);
  header.write("0000000\x000000000\0", 108);
  header.write(`${bytes.toString(8).padStart(11, "0")}\0`, sizeField.start);
  header.write("00000000000\0", 136);
  header.write(" ".repeat(checksumField.bytes), checksumField.start);
  header.write("0", 156);
  header.write("ustar\x0000", 257);
  if (cut > 0) header.write(path.slice(0, cut), 345, 155);
  let checksum = 0;
  for (const byte of header) checksum += byte;
  header.write(`${checksum.toString(8).padStart(6, "0")}\0 `, checksumField.start);
  return header;
}
