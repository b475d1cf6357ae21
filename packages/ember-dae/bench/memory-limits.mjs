/** What the memory of this machine allows, by loop nests: the time of a read that waits for the one before it, and the rate
 * of reads that do not wait. */
import { NestBuilder } from "@millrace/loop-ir";

const [multiplier, increment] = [6364136223846793005n, 1442695040888963407n];

/** `steps` reads of random lines, each of which needs the value of the last one. */
function chase(steps, lines) {
  const b = new NestBuilder("chase");
  const x = b.buffer("x", "i32");
  const out = b.buffer("out", "i64", { access: "write" });
  const place = b.local("place", b.i64(1));
  b.for("k", b.i64(0), b.i64(steps), () => {
    const high = b.binary("shift-right-unsigned", place, b.i64(24));
    const line = b.multiply(b.and(high, b.i64(lines - 1)), b.i64(16));
    const next = b.add(b.multiply(place, b.i64(multiplier)), b.i64(increment));
    b.set(place, b.add(next, b.convert("i64", b.load(x, line))));
  });
  b.store(out, b.i64(0), place);
  return b.finish();
}

/** `steps` reads of random rows of `width` floats, prefetched whole into the second cache `ahead` rows before. */
function stream({ steps, rows, width, ahead }) {
  const b = new NestBuilder("stream");
  const x = b.buffer("x", "f32");
  const out = b.buffer("out", "f32", { access: "write" });
  const lanes = 16;
  const types = Array.from({ length: width / lanes }, () => ({ lane: "f32", lanes }));
  const sums = types.map((type) => b.local("sum", b.splat(type, 0)));
  const rowOf = (k) => {
    const mixed = b.multiply(b.add(k, b.i64(1)), b.i64(-7046029254386353131n));
    return b.multiply(b.and(b.binary("shift-right-unsigned", mixed, b.i64(20)), b.i64(rows - 1)), b.i64(width));
  };
  b.for("k", b.i64(0), b.i64(steps), (k) => {
    const later = b.local("later", rowOf(b.add(k, b.i64(ahead))));
    for (const [at] of types.entries()) b.prefetch(x, b.add(later, b.i64(at * lanes)), 2);
    const row = b.local("row", rowOf(k));
    for (const [at, type] of types.entries())
      b.set(sums[at], b.add(sums[at], b.load(x, b.add(row, b.i64(at * lanes)), { type })));
  });
  for (const [at, sum] of sums.entries()) b.store(out, b.i64(at * lanes), sum);
  return b.finish();
}

/** Bound runs over a table; `bytes` of it, a power of two, are read. */
export function limitRuns(compiler, array, { width, bytes }) {
  const [steps, rowBytes] = [2 ** 17, 4 * width];
  const words = new Int32Array(array.buffer, array.byteOffset, bytes / 4);
  const floats = new Float32Array(array.buffer, array.byteOffset, bytes / 4);
  const distances = [8, 16, 24, 32, 64, 128];
  const nests = distances.map((ahead) => stream({ steps, rows: bytes / rowBytes, width, ahead }));
  const [waiting, ...free] = compiler.compile([chase(steps / 4, bytes / 64), ...nests], { checked: false });
  const out = new Float32Array(new SharedArrayBuffer(4 * width));
  return {
    latency: { reads: steps / 4, bound: waiting.bind({ x: words, out: new BigInt64Array(new SharedArrayBuffer(8)) }) },
    rates: free.map((kernel, at) => ({ ahead: distances[at], rows: steps, bound: kernel.bind({ x: floats, out }) })),
  };
}
