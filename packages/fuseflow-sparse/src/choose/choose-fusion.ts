/**
 * Chooses fusion regions: candidates are estimated, those that are expected to be far from the best are dropped, the rest is
 * simulated, and the fastest is taken.
 */
import type { Tensor } from "@millrace/tensor";
import { type CompiledProgram, compileProgram, defaultRegions } from "../compile/compile-program.ts";
import { type ProgramRun, type SimulateProgramOptions, simulateProgram } from "../compile/simulate-program.ts";
import { FuseflowError } from "../errors.ts";
import { estimateProgram, type ProgramEstimate } from "../heuristic/estimate-program.ts";
import type { EinsumProgram } from "../program/program.ts";
import type { RegionSchedule } from "../schedule/schedule.ts";
import { type ProposeOptions, proposeFusion } from "./propose-fusion.ts";

/** Candidates expected to take this many times the cycles of the best are not simulated. */
const FAR = 1.25;

/** How a choice is made. */
export interface ChooseOptions extends ProposeOptions {
  /** Divisions to consider besides those that are found, by name. */
  readonly candidates?: Readonly<Record<string, readonly RegionSchedule[]>>;
  /** Most candidates that are simulated; 4 unless given. */
  readonly survivors?: number;
  readonly simulate?: SimulateProgramOptions;
  /** Told of each candidate before it is simulated. */
  readonly onCandidate?: (name: string) => void;
}

/** A division that was considered. */
export interface FusionCandidate {
  readonly name: string;
  readonly regions: readonly RegionSchedule[];
  readonly compiled: CompiledProgram;
  readonly estimate: ProgramEstimate;
  /** Absent if it was not simulated. */
  readonly run?: ProgramRun;
}

/** All that was considered, best first, and the choice. */
export interface FusionChoice {
  readonly chosen: FusionCandidate & { readonly run: ProgramRun };
  readonly candidates: readonly FusionCandidate[];
  /** Runs of statements that were estimated on the way. */
  readonly looked: number;
}

/** Chooses the regions of `program` for `operands`, inputs by name. */
export function chooseFusion(
  program: EinsumProgram,
  operands: Readonly<Record<string, Tensor>>,
  options: ChooseOptions = {},
): FusionChoice {
  const proposal = proposeFusion(program, operands, options);
  const all = program.statements.map(({ tensor }) => tensor);
  const divisions: Readonly<Record<string, readonly RegionSchedule[]>> = {
    proposed: proposal.regions,
    ...(program.regions && { written: defaultRegions(program) }),
    ...options.candidates,
    unfused: all.map((tensor) => ({ name: tensor, tensors: [tensor] })),
    whole: [{ name: program.name, tensors: all }],
  };
  const estimated = new Map<string, FusionCandidate>();
  for (const [name, regions] of Object.entries(divisions)) {
    const key = regions.map(({ tensors }) => tensors.join()).join("|");
    if (estimated.has(key)) continue;
    const compiled = compiledUnlessLarge(program, regions, options);
    if (compiled !== null)
      estimated.set(key, { name, regions, compiled, estimate: estimateProgram(compiled, operands) });
  }
  const limit = options.bytesPerCycle;
  const cost = ({ estimate: { cycles, bytes } }: FusionCandidate): number =>
    limit === undefined ? cycles : Math.max(cycles, bytes / limit);
  const ranked = [...estimated.values()].sort((a, b) => cost(a) - cost(b));
  const near = ranked.filter((candidate) => cost(candidate) <= FAR * cost(ranked[0]!));
  const survivors = new Set(near.slice(0, options.survivors ?? 4));
  const candidates = ranked.map((candidate): FusionCandidate => {
    if (!survivors.has(candidate)) return candidate;
    options.onCandidate?.(candidate.name);
    return { ...candidate, run: simulateProgram(candidate.compiled, operands, options.simulate) };
  });
  const ran = candidates.filter((candidate): candidate is FusionChoice["chosen"] => candidate.run !== undefined);
  const chosen = ran.reduce((best, candidate) => (candidate.run.cycles < best.run.cycles ? candidate : best));
  return { chosen, candidates, looked: proposal.looked };
}

/** The program compiled, or null where a region would be too large a graph. */
function compiledUnlessLarge(
  program: EinsumProgram,
  regions: readonly RegionSchedule[],
  options: ChooseOptions,
): CompiledProgram | null {
  try {
    return compileProgram(program, { ...options, schedule: { ...options.schedule, regions } });
  } catch (error) {
    if (error instanceof FuseflowError && error.code === "graph-too-large") return null;
    throw error;
  }
}
