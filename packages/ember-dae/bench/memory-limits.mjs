/** What the memory of this machine allows, by loop nests: the time of a read that waits for the one before it, what it costs to
 * find the page of a line, and the rates at which rows are read, or only prefetched, when nothing is computed with them. */
import { NestBuilder } from "@millrace/loop-ir";

const [multiplier, increment] = [6364136223846793005n, 1442695040888963407n];
const wordsOfLine = 16;

/** `steps` reads of random lines of `x`, side by side or one on each page of 4 KiB, each of which needs the value of the last. */
function chase(steps, lines, scattered) {
  const b = new NestBuilder("chase");
  const x = b.buffer("x", "i32");
  const out = b.buffer("out", "i64", { access: "write" });
  const place = b.local("place", b.i64(1));
  b.for("k", b.i64(0), b.i64(steps), () => {
    const high = b.binary("shift-right-unsigned", place, b.i64(24));
    const line = b.local("line", b.and(high, b.i64(lines - 1)));
    // Lines of different pages lie at different places of them, so that they share no set of a cache.
    const onPage = b.multiply(b.and(b.multiply(line, b.i64(5)), b.i64(63)), b.i64(wordsOfLine));
    const at = scattered ? b.add(b.multiply(line, b.i64(1024)), onPage) : b.multiply(line, b.i64(wordsOfLine));
    const next = b.add(b.multiply(place, b.i64(multiplier)), b.i64(increment));
    b.set(place, b.add(next, b.convert("i64", b.load(x, at))));
  });
  b.store(out, b.i64(0), place);
  return b.finish();
}

/** Reads one word of every line, or of the first `count`, of each row that `idx` names, in order, and keeps their bits joined. */
function reads({ width, ahead, count = width / wordsOfLine }) {
  const b = new NestBuilder("reads");
  const x = b.buffer("x", "i32");
  const idx = b.buffer("idx", "i64");
  const out = b.buffer("out", "i32", { access: "write" });
  const lines = Array.from({ length: count }, (_, line) => b.i64(line * wordsOfLine));
  const seen = lines.map(() => b.local("seen", b.i32(0)));
  const last = b.subtract(b.length(idx), b.i64(1));
  const rowOf = (k) => b.local("row", b.multiply(b.load(idx, k), b.i64(width)));
  b.for("k", b.i64(0), b.length(idx), (k) => {
    if (ahead > 0) {
      const later = rowOf(b.minimum(b.add(k, b.i64(ahead)), last));
      for (const line of lines) b.prefetch(x, b.add(later, line), 2);
    }
    const row = rowOf(k);
    for (const [at, line] of lines.entries()) b.set(seen[at], b.or(seen[at], b.load(x, b.add(row, line))));
  });
  for (const [at, bits] of seen.entries()) b.store(out, b.i64(at), bits);
  return b.finish();
}

/** Prefetches every line of each row that `idx` names into cache `level`, and reads none: nothing ever waits for them. */
function prefetches({ width, level }) {
  const b = new NestBuilder("prefetches");
  const x = b.buffer("x", "i32");
  const idx = b.buffer("idx", "i64");
  const out = b.buffer("out", "i32", { access: "write" });
  b.for("k", b.i64(0), b.length(idx), (k) => {
    const row = b.local("row", b.multiply(b.load(idx, k), b.i64(width)));
    for (let line = 0; line < width; line += wordsOfLine) b.prefetch(x, b.add(row, b.i64(line)), level);
  });
  b.store(out, b.i64(0), b.i32(0));
  return b.finish();
}

/**
 * Bound runs over the first `bytes`, a power of two, of a table. Rates are over the rows, the order and the pages of each of
 * the given `streams` of ids: reads behind no prefetch or one of several distances, and prefetches alone.
 */
export function limitRuns(compiler, array, { width, bytes, streams }) {
  const steps = 2 ** 15;
  const x = new Int32Array(array.buffer, array.byteOffset, bytes / 4);
  const distances = [0, 8, 16, 24, 32, 64, 128];
  const nests = [
    ...distances.map((ahead) => reads({ width, ahead })),
    ...[1, 2].map((level) => prefetches({ width, level })),
  ];
  const few = 2 ** 14;
  const single = [
    ...[chase(steps, bytes / 64, false), chase(steps, few, false), chase(steps, few, true)],
    reads({ width, ahead: 64, count: 1 }),
  ];
  const [waiting, packed, scattered, firstLines, ...free] = compiler.compile([...single, ...nests], { checked: false });
  const out = new Int32Array(new SharedArrayBuffer(4 * width));
  const bound = (kernel, idx) => kernel.bind({ x, idx, out });
  const alone = (kernel) => ({
    reads: steps,
    bound: kernel.bind({ x, out: new BigInt64Array(new SharedArrayBuffer(8)) }),
  });
  return {
    waiting: { latency: alone(waiting), packed: alone(packed), scattered: alone(scattered) },
    streams: streams.map((idx) => ({
      firstLines: [{ ahead: 64, bound: bound(firstLines, idx) }],
      reads: free.slice(0, distances.length).map((kernel, at) => ({ ahead: distances[at], bound: bound(kernel, idx) })),
      prefetches: free.slice(distances.length).map((kernel) => ({ bound: bound(kernel, idx) })),
    })),
  };
}
