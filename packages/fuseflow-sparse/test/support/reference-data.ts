import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { type Level, type LevelKind, pack, type Tensor } from "@millrace/tensor";
import type { SamGraph } from "../../src/sam/graph.ts";
import { type CaseInput, type ReferenceCase, readReferenceCase } from "../../src/sam/json/reference-case.ts";
import { tortillaToGraph } from "../../src/sam/tortilla/convert/to-graph.ts";
import { decodeTortilla } from "../../src/sam/tortilla/decode.ts";

function readGzip<T>(...path: string[]): T {
  const file = join(import.meta.dirname, "../data", ...path);
  return JSON.parse(gunzipSync(readFileSync(file)).toString("utf8")) as T;
}

/** A graph with its operands and what was recorded of its run. */
export interface RecordedRun {
  readonly graph: SamGraph;
  readonly operands: Record<string, Tensor>;
  readonly cycles: number;
  /** Cycles with the burst memory; several where runs differed. */
  readonly cyclesHbm: readonly number[];
}

/** A run of Comal on a graph built by hand. */
export interface ComalRun extends RecordedRun {
  /** Counters as printed: per kind, one number for each block. */
  readonly counts: Readonly<Record<string, readonly number[]>>;
  readonly values: readonly number[];
}

interface StoredComalRun {
  readonly graph: string;
  readonly operands: Record<
    string,
    { shape: number[]; levels: (null | { seg: number[]; crd: number[] })[]; vals: number[] }
  >;
  readonly cycles: number;
  readonly cyclesHbm: number | number[];
  readonly counts: Record<string, number[]>;
  readonly output: { vals: number[] };
}

function comalGraph(base64: string): SamGraph {
  return tortillaToGraph(decodeTortilla(Buffer.from(base64, "base64")).message);
}

/** The runs of Comal on hand-built graphs, by name. */
export function comalRuns(): Map<string, ComalRun> {
  const stored = readGzip<Record<string, StoredComalRun>>("comal-reference", "graphs.json.gz");
  return new Map(
    Object.entries(stored).map(([name, run]) => {
      const operands = Object.fromEntries(
        Object.entries(run.operands).map(([tensor, { shape, levels, vals }]) => {
          const kept = levels.map((level, l): Level => {
            if (level === null) return { kind: "dense", size: shape[l]! };
            const positions = Int32Array.from(level.seg);
            return { kind: "compressed", size: shape[l]!, positions, coordinates: Int32Array.from(level.crd) };
          });
          const format = { levels: kept.map(({ kind }) => ({ kind })), modeOrder: shape.map((_, mode) => mode) };
          return [
            tensor,
            { shape, format, levels: kept, valueType: "float64", values: Float64Array.from(vals) } as Tensor,
          ];
        }),
      );
      const { cycles, counts } = run;
      const cyclesHbm = [run.cyclesHbm].flat();
      return [name, { graph: comalGraph(run.graph), operands, cycles, cyclesHbm, counts, values: run.output.vals }];
    }),
  );
}

/** A run of Comal on what the FuseFlow compiler made of a program. */
export interface ProgramRun extends RecordedRun {
  /** Counters as printed, summed over blocks. */
  readonly counts: Readonly<Record<string, number>>;
  /** The result by numpy, dense, row by row. */
  readonly dense: readonly number[];
  /** Inputs by the names of the program, stored as it says. */
  readonly inputs: Record<string, Tensor>;
}

interface StoredProgram {
  readonly graph: string;
  readonly tensors: Record<string, { modeOrder: number[]; format: LevelKind[]; shape: number[]; argument: number }>;
  readonly io: {
    argOrder: string[];
    inputs: Record<string, { shape: number[]; coo?: number[][]; data?: number[] }>;
    output: { shape: number[]; data: number[] };
  };
  readonly cycles: number;
  readonly cyclesHbm: number | number[];
  readonly counts: Record<string, number>;
}

/** The compiled programs, by name. */
export function compiledPrograms(): Map<string, ProgramRun> {
  const stored = readGzip<Record<string, StoredProgram>>("comal-reference", "programs.json.gz");
  return new Map(
    Object.entries(stored).map(([name, program]) => {
      const operands = Object.fromEntries(
        Object.entries(program.tensors).map(([tensor, { modeOrder, format, shape, argument }]) => {
          const input = program.io.inputs[program.io.argOrder[argument]!]!;
          const rows = input.coo ?? denseRows(input.data!, shape);
          const coordinates = shape.map((_, mode) => Int32Array.from(rows.map((row) => row[mode]!)));
          const values = Float64Array.from(rows.map((row) => row.at(-1)!));
          const levels = format.map((kind) => ({ kind }));
          return [tensor, pack({ shape, coordinates, valueType: "float64", values }, { levels, modeOrder })];
        }),
      );
      const { cycles, counts, io } = program;
      const cyclesHbm = [program.cyclesHbm].flat();
      const stored = Object.values(program.tensors);
      const inputs = Object.fromEntries(
        io.argOrder.flatMap((argument, at) => {
          const found = Object.keys(program.tensors)[stored.findIndex((tensor) => tensor.argument === at)];
          return found === undefined ? [] : [[argument, operands[found]!]];
        }),
      );
      const dense = io.output.data;
      return [name, { graph: comalGraph(program.graph), operands, cycles, cyclesHbm, counts, dense, inputs }];
    }),
  );
}

function denseRows(data: readonly number[], shape: readonly number[]): number[][] {
  return data.map((value, place) => {
    const coordinates: number[] = [];
    let rest = place;
    for (const extent of [...shape].reverse()) {
      coordinates.unshift(rest % extent);
      rest = Math.floor(rest / extent);
    }
    return [...coordinates, value];
  });
}

/** A case of the global-clock simulator with its operands. */
export interface SamCase extends ReferenceCase {
  readonly operands: Record<string, Tensor>;
}

/** The recorded cases of SAM's simulator, by name. */
export function samCases(): Map<string, SamCase> {
  const stored = readGzip<Record<string, { case: string; files: Record<string, string> }>>(
    "sam-reference",
    "cases.json.gz",
  );
  return new Map(
    Object.entries(stored).map(([name, { case: text, files }]) => {
      const reference = readReferenceCase({ name, text });
      const operands = Object.fromEntries(
        Object.entries(reference.inputs).map(([tensor, input]) => [tensor, caseOperand(input, files)]),
      );
      return [name, { ...reference, operands }];
    }),
  );
}

function caseOperand(input: CaseInput, files: Readonly<Record<string, string>>): Tensor {
  if (input.file === undefined) {
    const values = Float64Array.of(input.value!);
    return { shape: [], format: { levels: [], modeOrder: [] }, levels: [], valueType: "float64", values };
  }
  const lines = files[input.file]!.split("\n").filter((line) => line.trim() !== "" && !/^[%#]/.test(line));
  // The first line of a Matrix Market file holds the sizes.
  const entries = input.file.endsWith(".mtx") ? lines.slice(1) : lines;
  const rows = entries.map((line) => line.trim().split(/\s+/).map(Number));
  const coordinates = input.dims.map((_, mode) => Int32Array.from(rows.map((row) => row[mode]! - 1)));
  const values = Float64Array.from(rows.map((row) => row.at(-1)!));
  const format = { levels: input.levels.map((kind) => ({ kind })), modeOrder: input.modeOrder };
  return pack({ shape: input.dims, coordinates, valueType: "float64", values }, format);
}

/** A recorded trace of one block. */
export interface PrimitiveTrace {
  readonly id: string;
  readonly primitive: string;
  readonly params: { seg?: number[]; crd?: number[]; dim?: number; vals?: number[]; split_factor?: number };
  readonly inputs: Record<string, (number | string)[]>;
  readonly outputs: Record<string, (number | string)[]>;
  readonly outputCycles: Record<string, number[]>;
  readonly doneCycle: number;
}

/** The recorded traces of single blocks. */
export function primitiveTraces(): PrimitiveTrace[] {
  return readGzip<PrimitiveTrace[]>("sam-reference", "primitives.json.gz");
}

/** Fusion tables as the public compiler prints them: as filled, and with joins; a heading, a row for each loop, values. */
export type RecordedTables = readonly [readonly (readonly string[])[], readonly (readonly string[])[]];

/** The recorded fusion tables of every program. */
export function recordedTables(): ReadonlyMap<string, RecordedTables> {
  const { programs, tables } = readGzip<{ programs: Record<string, number>; tables: RecordedTables[] }>(
    "comal-reference",
    "tables.json.gz",
  );
  return new Map(Object.entries(programs).map(([name, number]) => [name, tables[number]!]));
}
