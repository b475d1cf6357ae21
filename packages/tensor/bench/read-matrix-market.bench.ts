/**
 * Reading Matrix Market texts of 32 MB, each beside the plain way (split into lines and words, `parseFloat`) in the same
 * run. Prints MB/s of text for each and their ratio; vitest prints the ratios again. Run with `npx vitest bench --run`.
 */
import { gzipSync } from "node:zlib";
import { bench, describe, expect } from "vitest";
import { type CoordinateList, readTensorFile } from "../src/index.ts";

const TARGET_BYTES = 32e6;
const options = { time: 0, iterations: 3, warmupTime: 0, warmupIterations: 1 };

/** What stands behind the two indices of entry e. */
const kinds: Readonly<Record<string, (e: number) => string>> = {
  pattern: () => "",
  "real, up to 8 digits": (e) => ` ${(Math.imul(e, 2654435761) >>> 8) / 1000}`,
  "real, 17 digits": (e) => ` ${((Math.imul(e, 2654435761) >>> 0) / 4294967296 - 0.5).toExponential(16)}`,
};

for (const [kind, value] of Object.entries(kinds)) {
  const text = makeText(kind, value);
  const packed = new Uint8Array(gzipSync(text, { level: 1 }));
  const read = (): Promise<unknown> => readTensorFile(text, { name: "a.mtx" });
  const readPacked = (): Promise<unknown> => readTensorFile(packed, { name: "a.mtx.gz" });
  const plain = async (): Promise<unknown> => readPlainly(text);

  expect((await readTensorFile(text, { name: "a.mtx" })).list).toEqual(readPlainly(text));
  const speeds = [];
  for (const run of [read, readPacked, plain]) speeds.push(await megabytesPerSecond(run, text.length));
  const [direct, gzipped, baseline] = speeds as [number, number, number];
  const figures = `${direct.toFixed(0)} MB/s, gzipped ${gzipped.toFixed(0)} MB/s, lines and parseFloat ${baseline.toFixed(0)} MB/s`;
  console.log(`${kind}: ${figures}; ratio ${(direct / baseline).toFixed(1)}`);

  describe(`Matrix Market, ${kind}`, () => {
    bench("readTensorFile", async () => void (await read()), options);
    bench("readTensorFile, gzipped", async () => void (await readPacked()), options);
    bench("split lines and parseFloat", async () => void (await plain()), options);
  });
}

function makeText(kind: string, value: (e: number) => string): Uint8Array {
  const lines: string[] = [];
  for (let e = 0, bytes = 0; bytes < TARGET_BYTES; e++) {
    const row = (Math.imul(e, 40503) >>> 0) % 1_000_000;
    const line = `${row + 1} ${((row * 7 + e) % 1_000_000) + 1}${value(e)}\n`;
    bytes += line.length;
    lines.push(line);
  }
  const field = kind === "pattern" ? "pattern" : "real";
  const header = `%%MatrixMarket matrix coordinate ${field} general\n1000000 1000000 ${lines.length}\n`;
  return new TextEncoder().encode(header + lines.join(""));
}

/** Best of three, by CPU time. */
async function megabytesPerSecond(run: () => Promise<unknown>, bytes: number): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < 3; turn++) {
    const before = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, user + system);
  }
  return bytes / best;
}

/** What a reader written in ten minutes does. */
function readPlainly(text: Uint8Array): CoordinateList {
  const lines = new TextDecoder().decode(text).split("\n");
  const [rows = 0, columns = 0, entries = 0] = lines[1]!.split(" ").map(Number);
  const coordinates = [new Int32Array(entries), new Int32Array(entries)] as const;
  const values = new Float64Array(entries);
  for (let e = 0; e < entries; e++) {
    const words = lines[e + 2]!.split(" ");
    coordinates[0][e] = Number.parseInt(words[0]!, 10) - 1;
    coordinates[1][e] = Number.parseInt(words[1]!, 10) - 1;
    values[e] = words[2] === undefined ? 1 : Number.parseFloat(words[2]);
  }
  return { shape: [rows, columns], coordinates, valueType: "float64", values };
}
