/** The stop of the tour that adds up rows of a table: for each paper, the vectors of the papers that it is tied to. */
import {
  compile,
  type DaeMachine,
  instantiate,
  interpret,
  interpretDlc,
  machineNamed,
  makeMemory,
  type Operation,
  type OptimizationLevel,
  operationNest,
  simulateOperation,
  type TimingReport,
  withFreshOutput,
} from "@millrace/ember-dae";
import type { CoordinateList } from "@millrace/tensor";

const operation: Operation = {
  ...{ kind: "bag", weights: "none", reduce: "add", finish: "none" },
  ...{ table: "f32", index: "i64" },
};

/** Elements of a vector. */
export const EMBEDDING_WIDTH = 64;
/** Bags whose results are compared bit by bit; all are timed. */
const COMPARED_BAGS = 128;

const levels = [0, 1, 2, 3] as const;

/** One level of optimisation. */
export interface EmbeddingRun {
  readonly level: OptimizationLevel;
  readonly report: TimingReport;
  readonly compared: number;
  readonly differing: number;
}

/** What the stop shows. */
export const embeddingAbout: string = `An EmbeddingBag on a real index trace: for every row of the graph, the sum of the ${EMBEDDING_WIDTH}-element vectors of its columns. A core with an access unit runs it: the unit walks offsets, ids and rows and fills a queue, the core empties it. Without optimisation each element is a token of its own; then elements become vectors, vectors of a row are buffered under one token, and ids stay out of the queue. Checked: the queue carries what its law says, and the first ${COMPARED_BAGS} bags have the bits of the plain loops.`;

/** Times the bags of `graph` at every level; `begin` is told before each. */
export function runEmbeddings(graph: CoordinateList, begin: (variant: string) => void): readonly EmbeddingRun[] {
  const fibres = fibresOf(graph);
  const machine = machineNamed("dae") as DaeMachine;
  const rows = graph.shape[1] as number;
  return levels.map((level) => {
    begin(`emb-opt${level}`);
    const report = simulateOperation({ operation, fibres, rows, width: EMBEDDING_WIDTH }, machine, { level });
    const law = queueLaw(level, { lookups: report.lookups, bags: fibres.ptr.length - 1, lanes: machine.lanes });
    const wrong = law.filter((count, at) => count !== [report.tokens, report.scalars, report.vectors][at]).length;
    const bits = sameBits(graph, level) ? 0 : 1;
    return { level, report, compared: law.length + COMPARED_BAGS * EMBEDDING_WIDTH, differing: wrong + bits };
  });
}

/** Rows of a matrix as bags of their columns. */
function fibresOf({ shape, coordinates }: CoordinateList, bags = shape[0] as number) {
  const ptr = new Float64Array(bags + 1);
  const rows = coordinates[0] as ArrayLike<number>;
  const columns = coordinates[1] as ArrayLike<number>;
  let used = 0;
  for (; used < rows.length && rows[used]! < bags; used++) ptr[rows[used]! + 1]! += 1;
  for (let bag = 0; bag < bags; bag++) ptr[bag + 1]! += ptr[bag]!;
  return { ptr, idx: Float64Array.from({ length: used }, (_, entry) => columns[entry]!), val: undefined };
}

/** Tokens, scalars and vectors of a level, for `lookups` rows in `bags`, without the token that ends it all. */
function queueLaw(
  level: OptimizationLevel,
  { lookups, bags, lanes }: { lookups: number; bags: number; lanes: number },
) {
  const vectors = lookups * Math.ceil(EMBEDDING_WIDTH / lanes);
  const elements = lookups * EMBEDDING_WIDTH;
  const law: Record<OptimizationLevel, readonly [number, number, number]> = {
    0: [elements, 3 * elements, 0],
    1: [vectors, vectors, 3 * vectors],
    2: [lookups, lookups, vectors],
    3: [lookups + bags, 0, vectors],
  };
  return law[level];
}

function sameBits(graph: CoordinateList, level: OptimizationLevel): boolean {
  const bags = Math.min(COMPARED_BAGS, graph.shape[0] as number);
  const table = makeMemory("f32", [graph.shape[1] as number, EMBEDDING_WIDTH]);
  for (let at = 0; at < table.array.length; at++) table.array[at] = ((7 * at) % 101) / 8 - 6;
  const plain = instantiate(operation, { table, fibres: fibresOf(graph, bags) });
  const decoupled = withFreshOutput(plain);
  const nest = operationNest(operation);
  interpret(nest, plain.memories);
  interpretDlc(compile(nest, { level }).dlc, decoupled.memories);
  const [expected, given] = [plain, decoupled].map(({ memories }) => memories.at(-1)?.array as Float32Array);
  return expected?.every((value, at) => Object.is(value, given?.[at])) === true;
}
