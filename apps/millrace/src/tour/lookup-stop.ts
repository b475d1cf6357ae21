/** The stop of the tour that looks rows up on this machine: a recorded trace of ids, by a plain loop and by compiled kernels. */
import { LookupEngine } from "@millrace/ember-dae";
import { nodeHost } from "@millrace/loop-ir";
import { loadTrace } from "../embed/load-trace.ts";
import { exampleFolder } from "./tour-tensors.ts";

/** Rows of the table that the trace is of, elements of a row, and lookups of a bag. */
const [ROWS, BAG] = [1_000_000, 64];
export const LOOKUP_WIDTH = 64;
/** Runs of each way, of which the fastest counts. */
const ROUNDS = 3;

/** What the stop shows. */
export const lookupAbout: string = `An EmbeddingBag on this machine: 131,072 ids with the reuse that was measured in 2021, in bags of ${BAG}, of a table of a million rows of ${LOOKUP_WIDTH} elements (256 MB). A loop in JavaScript, and the kernel that Ember compiles, in C where there is a compiler and in WebAssembly where there is none: with accumulators in registers, then also with prefetches that run ahead across bags. All results have the same bits.`;

/** One way to look up. */
export interface LookupRun {
  readonly variant: "plain loop" | "kernel" | "kernel, running ahead";
  /** `JavaScript`, `c` or `wasm`. */
  readonly target: string;
  readonly lookups: number;
  readonly bags: number;
  readonly bytes: number;
  readonly nanoseconds: number;
  readonly compared: number;
  readonly differing: number;
}

interface Bags {
  readonly indices: Int32Array;
  readonly offsets: Int32Array;
}

const ways = [
  { variant: "plain loop", runAheadLines: 0 },
  { variant: "kernel", runAheadLines: 0 },
  { variant: "kernel, running ahead", runAheadLines: undefined },
] as const;

/** Looks the trace up in three ways; `now` gives milliseconds, and `begin` is told before each. */
export function runLookups(now: () => number, begin: (variant: string) => void): readonly LookupRun[] {
  const indices = Int32Array.from(loadTrace(exampleFolder("traces"), "reuse-2021.u32le.gz"));
  const offsets = Int32Array.from({ length: Math.ceil(indices.length / BAG) }, (_, bag) => bag * BAG);
  const counts = { lookups: indices.length, bags: offsets.length, bytes: 4 * LOOKUP_WIDTH * indices.length };
  let expected: Float32Array | undefined;
  return ways.map(({ variant, runAheadLines }) => {
    begin(variant);
    return withTable({ indices, offsets }, runAheadLines, ({ rows, look, target }) => {
      const plain = variant === "plain loop";
      const { result, nanoseconds } = fastest(now, plain ? () => plainLoop(rows, { indices, offsets }) : look);
      expected ??= result;
      const differing = result.reduce((wrong, value, at) => wrong + Number(!Object.is(value, expected?.[at])), 0);
      const measured = { target: plain ? "JavaScript" : target, nanoseconds, compared: result.length, differing };
      return { variant, ...counts, ...measured };
    });
  });
}

interface FilledTable {
  readonly rows: Float32Array;
  /** Looks all bags up. */
  readonly look: () => Float32Array;
  readonly target: string;
}

/** Gives `use` a table in which the rows that are looked up are filled. */
function withTable<T>(
  { indices, offsets }: Bags,
  runAheadLines: number | undefined,
  use: (table: FilledTable) => T,
): T {
  const engine = new LookupEngine(nodeHost(process), {
    threads: 1,
    ...(runAheadLines !== undefined && { runAheadLines }),
  });
  const table = engine.createTable({ element: "f32", rows: ROWS, width: LOOKUP_WIDTH });
  try {
    const rows = table.array as Float32Array;
    for (const id of indices) {
      for (let j = 0; j < LOOKUP_WIDTH; j++) rows[id * LOOKUP_WIDTH + j] = ((7 * id + 3 * j) % 101) / 8 - 6;
    }
    // Arrays of the engine are not copied on the way to its kernels.
    const ids = engine.sharedArray("i32", indices.length);
    const starts = engine.sharedArray("i32", offsets.length);
    ids.set(indices);
    starts.set(offsets);
    const out = engine.sharedArray("f32", offsets.length * LOOKUP_WIDTH);
    const look = () => table.lookup({ indices: ids, offsets: starts, out }) as Float32Array;
    return use({ rows, look, target: engine.target });
  } finally {
    table.close();
    engine.close();
  }
}

function plainLoop(table: Float32Array, { indices, offsets }: Bags): Float32Array {
  const out = new Float32Array(offsets.length * LOOKUP_WIDTH);
  for (let bag = 0; bag < offsets.length; bag++) {
    const end = offsets[bag + 1] ?? indices.length;
    for (let p = offsets[bag]!; p < end; p++) {
      const row = indices[p]! * LOOKUP_WIDTH;
      for (let j = 0; j < LOOKUP_WIDTH; j++) out[bag * LOOKUP_WIDTH + j]! += table[row + j]!;
    }
  }
  return out;
}

/** The result of a run, and how long the fastest of some took, behind one that compiles and touches memory. */
function fastest(
  now: () => number,
  run: () => Float32Array,
): { result: Float32Array<ArrayBuffer>; nanoseconds: number } {
  let best = Number.POSITIVE_INFINITY;
  let result = run();
  for (let round = 0; round < ROUNDS; round++) {
    const start = now();
    result = run();
    best = Math.min(best, now() - start);
  }
  return { result: Float32Array.from(result), nanoseconds: Math.round(best * 1e6) };
}
