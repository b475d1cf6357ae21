// What the kernels are run on: seeded matrices and tensors, in cache and out of it, and files of them for the peers.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  bandedMatrix,
  csfFormat,
  csr,
  denseFormat,
  oneDenseRow,
  pack,
  rmatGraph,
  uniformTensor,
} from "@millrace/tensor";

const banded = (n, half) => (seed) => bandedMatrix({ rows: n, columns: n, lower: half, upper: half, seed });
const uniform = (n, row) => (seed) => uniformTensor({ shape: [n, n], entries: n * row, seed });
const rmat = (scale, edges) => (seed) => rmatGraph({ scale, edges, seed });
const denseRow = (n, row) => (seed) => oneDenseRow({ rows: n, columns: n, entriesPerRow: row, seed });

/** Generators by name; `small` takes a tenth of what lies out of cache. */
export function inputsOf(small) {
  const size = (n) => Math.round(n * (small ? 0.1 : 1));
  const cube = (extent, entries) => () => uniformTensor({ shape: [extent, extent, extent], entries, seed: 1 });
  return {
    matrices: {
      "banded 36 k": banded(4000, 4),
      "rmat 34 k": rmat(12, 40000),
      "banded 7 M": banded(size(1e6), 3),
      "uniform 7 M": uniform(size(1e6), 7),
      "rmat 7.8 M": rmat(small ? 17 : 20, size(8e6)),
      "dense row 6 M": denseRow(size(1e6), 5),
    },
    products: {
      "rmat 34 k": rmat(12, 40000),
      "rmat 131 k": rmat(14, 131072),
      "banded 1.4 M": banded(size(2e5), 3),
      "uniform 1 M": uniform(size(2e5), 5),
    },
    panels: {
      "rmat 34 k": rmat(12, 40000),
      "banded 1.8 M": banded(size(2.5e5), 3),
      "uniform 1.8 M": uniform(size(2.5e5), 7),
    },
    cubes: {
      "uniform 40 k": cube(500, 40000),
      "dense 1 M": cube(150, size(1e6)),
      "uniform 3 M": cube(size(1e4), size(3e6)),
    },
  };
}

/** A matrix by rows, or a tensor by fibres. */
export const stored = (list) => pack(list, list.shape.length === 2 ? csr : csfFormat(3));

/** A dense tensor of numbers that repeat after a thousand, as the peers make them. */
export function ramp(shape) {
  const size = shape.reduce((all, n) => all * n, 1);
  const values = Float64Array.from({ length: size }, (_, at) => ((at * 7919) % 1000) / 1000);
  const levels = shape.map((n) => ({ kind: "dense", size: n }));
  return { shape, format: denseFormat(shape.length), levels, valueType: "float64", values };
}

/** A folder for the files of the peers, gone at the end. */
export function openFolder() {
  const folder = mkdtempSync(join(tmpdir(), "kernel-bench-"));
  const bytes = (array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  const write = (name, [rows, columns], { positions, coordinates, values }) => {
    const path = join(folder, name);
    const header = BigInt64Array.of(BigInt(rows), BigInt(columns), BigInt(coordinates.length));
    const filled = values ?? new Float64Array(coordinates.length);
    writeFileSync(path, Buffer.concat([header, positions, coordinates, filled].map(bytes)));
    return path;
  };
  return {
    folder,
    matrix: (name, { shape, levels, values }) => write(name, shape, { ...levels[1], values }),
    /** The fibres of a tensor, the tree above them, and its roots: three matrices. */
    tensor(name, { shape, levels, values }) {
      const [roots, tree, fibres] = levels;
      const count = (level) => level.positions.length - 1;
      return [
        write(`${name}-fibres`, [count(fibres), shape[2]], { ...fibres, values }),
        write(`${name}-tree`, [count(tree), shape[1]], tree),
        write(`${name}-roots`, [1, shape[0]], roots),
      ];
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
