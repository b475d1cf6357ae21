/** The passes in their order, and the levels of optimisation as prefixes of it. */
import { EmberError } from "../errors.ts";
import { type Program, walk } from "../ir/op.ts";
import { verify } from "../ir/verify.ts";
import { alignQueues } from "./align-queues.ts";
import { bufferize } from "./bufferize.ts";
import { decouple } from "./decouple.ts";
import { lowerToDlc } from "./lower-to-dlc.ts";
import { lowerToTmu, type TmuSize } from "./lower-to-tmu.ts";
import { storeStreams } from "./store-streams.ts";
import { vectorize } from "./vectorize.ts";

/** Names of passes. */
export type PassName =
  | "decouple"
  | "store-streams"
  | "vectorize"
  | "bufferize"
  | "align-queues"
  | "lower-to-dlc"
  | "lower-to-tmu";

/** The levels a program goes through. */
export type Level = "scf" | "slc" | "slcv" | "dlc" | "tmu";

/** emb-opt0 to emb-opt3: nothing, vectors, buffers, aligned queues with streams that store. */
export type OptimizationLevel = 0 | 1 | 2 | 3;

/** How a program is compiled. */
export interface CompileOptions {
  readonly level: OptimizationLevel;
  /** Elements of a vector: 2, 4, 8 or 16; 8 unless given. */
  readonly lanes?: number;
  /** Also lower to a unit of this size. */
  readonly tmu?: TmuSize;
  /** Verify after every pass. */
  readonly verifyEach?: boolean;
  /** Told the program after every pass. */
  readonly after?: (pass: PassName, program: Program) => void;
}

/** A program at every level. */
export interface Compiled {
  readonly scf: Program;
  readonly slc: Program;
  /** With all passes of the level of optimisation; without vectors at emb-opt0. */
  readonly slcv: Program;
  readonly dlc: Program;
  /** Where a unit was asked for. */
  readonly tmu?: Program;
}

const from: Readonly<Record<Exclude<PassName, "decouple" | "lower-to-dlc" | "lower-to-tmu">, OptimizationLevel>> = {
  "store-streams": 3,
  vectorize: 1,
  bufferize: 2,
  "align-queues": 3,
};

/** The level that a program is at. */
export function levelOf(program: Program): Level {
  const names = [...walk(program.body)].map(({ name }) => name);
  const has = (pattern: RegExp) => names.some((name) => pattern.test(name));
  if (has(/^tmu\./)) return "tmu";
  if (has(/^dlc\./)) return "dlc";
  if (has(/^slcv\./)) return "slcv";
  return has(/^slc\./) ? "slc" : "scf";
}

type Run = (pass: PassName, program: Program, step: (given: Program) => Program) => Program;

/**
 * Compiles a program of the SCF level.
 *
 * @throws {EmberError} `ir-invalid` if verification fails, `machine` if the program does not fit the unit
 */
export function compile(scf: Program, options: CompileOptions): Compiled {
  const run = runnerOf(options);
  verify(scf, "input");
  const slc = run("store-streams", run("decouple", scf, decouple), storeStreams);
  return { scf, ...lowered(slc, options, run) };
}

/**
 * Compiles a program that is decoupled already: one of the SLC level, or of the SLCV level, whose vectors stay as they are.
 *
 * @throws {EmberError} `ir-invalid` for a program of another level, or if verification fails; `machine` as {@link compile}
 */
export function compileDecoupled(program: Program, options: CompileOptions): Omit<Compiled, "scf"> {
  const level = levelOf(program);
  if (level !== "slc" && level !== "slcv")
    throw new EmberError("ir-invalid", `${program.name} is a program of the ${level} level, not of slc or slcv`);
  const run = runnerOf(options);
  verify(program, "input");
  return lowered(level === "slc" ? run("store-streams", program, storeStreams) : program, options, run);
}

function runnerOf({ level, lanes = 8, after, verifyEach }: CompileOptions): Run {
  if (![2, 4, 8, 16].includes(lanes)) {
    throw new EmberError("unsupported", `vectors of ${lanes} lanes`, { help: "vectors have 2, 4, 8 or 16 lanes" });
  }
  return (pass, program, step) => {
    if (pass in from && level < from[pass as keyof typeof from]) return program;
    const result = step(program);
    after?.(pass, result);
    if (verifyEach === true) verify(result, pass);
    return result;
  };
}

function lowered(slc: Program, { lanes = 8, tmu }: CompileOptions, run: Run): Omit<Compiled, "scf"> {
  let slcv = levelOf(slc) === "slcv" ? slc : run("vectorize", slc, (given) => vectorize(given, lanes));
  slcv = run("bufferize", slcv, bufferize);
  slcv = run("align-queues", slcv, alignQueues);
  const dlc = run("lower-to-dlc", slcv, lowerToDlc);
  verify(dlc, "lower-to-dlc");
  if (tmu === undefined) return { slc, slcv, dlc };
  const configured = run("lower-to-tmu", dlc, (given) => lowerToTmu(given, tmu));
  verify(configured, "lower-to-tmu");
  return { slc, slcv, dlc, tmu: configured };
}
