/** Which stages `embed compile` runs: a level to print and a level of optimisation, or the stages of the published compiler. */
import {
  type Compiled,
  type CompileOptions,
  compile,
  compileDecoupled,
  type Level,
  levelOf,
  type OptimizationLevel,
  type Program,
} from "@millrace/ember-dae";
import { MillraceError } from "../errors.ts";

/** What is printed: a level, or a kernel. */
export type Emitted = Level | "c" | "wat";

/** The flags that choose stages. */
export interface StageFlags {
  readonly emit?: Emitted | undefined;
  readonly opt?: OptimizationLevel | undefined;
  readonly scfToSlc?: boolean | undefined;
  readonly optimize?: boolean | undefined;
  readonly slcToDlc?: boolean | undefined;
}

/** What the flags ask for. */
export interface Stages {
  readonly emit: Emitted;
  readonly opt: OptimizationLevel;
  /** The level that programs must be at, where stages were named. */
  readonly from: "scf" | "decoupled" | undefined;
}

/** @throws {MillraceError} `argument` for stages beside a level, and for a stage left out between two others */
export function stagesOf({ emit, opt, scfToSlc, optimize, slcToDlc }: StageFlags): Stages {
  if (scfToSlc !== true && optimize !== true && slcToDlc !== true)
    return { emit: emit ?? "dlc", opt: opt ?? 3, from: undefined };
  if (emit !== undefined || opt !== undefined) {
    throw new MillraceError("argument", "--scf-to-slc, --optimize and --slc-to-dlc say what --emit and --opt say", {
      help: "give the stages, or --emit and --opt",
    });
  }
  const printed = slcToDlc === true ? "dlc" : optimize === true ? "slcv" : "slc";
  return { emit: printed, opt: optimize === true ? 3 : 0, from: scfToSlc === true ? "scf" : "decoupled" };
}

/**
 * Compiles a program from the level that it is at.
 *
 * @throws {MillraceError} `argument` where stages or levels do not follow from the program's own
 */
export function compileStages(
  program: Program,
  { emit, from }: Stages,
  options: CompileOptions,
): Partial<Compiled> & Pick<Compiled, "dlc"> {
  const level = levelOf(program);
  const refuse = (message: string, help: string): never => {
    throw new MillraceError("argument", `${program.name} ${message}`, { help });
  };
  if (level === "dlc" || level === "tmu")
    return refuse(`is at the ${level} level`, "programs of scf, slc and slcv are compiled");
  if (level === "scf") {
    if (from === "decoupled") return refuse("is a loop nest", "--scf-to-slc comes before --optimize and --slc-to-dlc");
    return compile(program, options);
  }
  if (from === "scf") return refuse(`is at the ${level} level`, "leave --scf-to-slc out");
  if (emit === "scf" || (emit === "slc" && level === "slcv"))
    return refuse(`is at the ${level} level`, `--emit ${emit} needs a program of a level before it`);
  return compileDecoupled(program, options);
}
