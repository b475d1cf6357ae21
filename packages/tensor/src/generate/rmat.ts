import { TensorError } from "../errors.ts";
import { combineDuplicates } from "../storage/coordinates/combine-duplicates.ts";
import { sortCoordinates } from "../storage/coordinates/coordinate-list.ts";
import type { CoordinateList } from "../storage/tensor.ts";
import { checkEntries, checkInteger, checkNumber, type GeneratorOptions, generatedList } from "./generated-list.ts";
import { RandomStream } from "./random/random-stream.ts";

/** Options of {@link rmatGraph}. */
export interface RmatOptions extends GeneratorOptions {
  /** The graph has 2^scale vertices; 0 to 30. */
  readonly scale: number;
  /** Edges drawn; fewer remain where the same one is drawn twice. */
  readonly edges: number;
  /** Probabilities of the quadrants (0,0), (0,1), (1,0), (1,1), adding up to 1; 0.57, 0.19, 0.19, 0.05 unless given. */
  readonly quadrants?: readonly [number, number, number, number];
}

/**
 * The adjacency matrix of a random graph with a skewed, self-similar structure: each edge walks down `scale` times into
 * one of four quadrants of the matrix. Directed, self loops kept, repeated edges stored once. The default quadrants are
 * those of Graph500.
 *
 * @throws {TensorError} `generator-options`
 */
export function rmatGraph(options: RmatOptions): CoordinateList {
  const { scale, edges, seed, quadrants = [0.57, 0.19, 0.19, 0.05] } = options;
  checkInteger("scale", scale, 0, 30);
  checkEntries(edges, Number.POSITIVE_INFINITY);
  quadrants.forEach((probability, quadrant) => {
    checkNumber(`the probability of quadrant ${quadrant}`, probability, 0, 1);
  });
  const [a, b, c, d] = quadrants;
  // Written so that a sum which is not a number is refused too.
  if (!(Math.abs(a + b + c + d - 1) <= 1e-9)) {
    throw new TensorError("generator-options", `the quadrants add up to ${a + b + c + d}; expected 1`);
  }
  const stream = new RandomStream(seed, "edges");
  const [rows, columns] = [new Int32Array(edges), new Int32Array(edges)];
  for (let e = 0; e < edges; e++) {
    let [row, column] = [0, 0];
    for (let bit = 0; bit < scale; bit++) {
      const draw = stream.unit();
      row = row * 2 + (draw >= a + b ? 1 : 0);
      column = column * 2 + ((draw >= a && draw < a + b) || draw >= a + b + c ? 1 : 0);
    }
    rows[e] = row;
    columns[e] = column;
  }
  const shape = [2 ** scale, 2 ** scale];
  const drawn = { shape, coordinates: [rows, columns], valueType: "float64" as const, values: new Float64Array(edges) };
  const { coordinates } = sortCoordinates(drawn);
  const once = combineDuplicates(
    { coordinates, valueType: "float64", values: drawn.values, count: edges },
    { duplicates: "sum", dropZeros: false },
  );
  return generatedList(shape, once.coordinates, options);
}
