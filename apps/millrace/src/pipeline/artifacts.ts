/** What stages pass on: one type for each name that an input or an output can have. Plain data, which is kept as JSON. */
import type { Config } from "@millrace/baco-tuner";
import type { Operation } from "@millrace/ember-dae";
import type { RegionSchedule } from "@millrace/fuseflow-sparse";

/** A sparse model with the operands it runs on. */
export interface SparseModelArtifact {
  readonly model: string;
  readonly operands: Readonly<Record<string, string>>;
  readonly seed: number;
  /** The model as an einsum program. */
  readonly program: string;
  /** Stored entries of each operand. */
  readonly entries: Readonly<Record<string, number>>;
}

/** Regions of a model, and what they took. */
export interface FusionArtifact {
  readonly regions: readonly RegionSchedule[];
  readonly cycles: number;
}

/** What a tuner found in a space: its best configuration beside the default, and every evaluation. */
export interface StudyArtifact {
  readonly space: string;
  /** Valid configurations; null where they are endlessly many. */
  readonly size: number | null;
  readonly objectives: readonly string[];
  readonly best: EvaluatedConfiguration;
  /** The configuration that the study began with; values are null if it does not work. */
  readonly first: { readonly config: Config; readonly values: readonly number[] | null };
  readonly pareto: readonly EvaluatedConfiguration[];
  readonly evaluations: number;
  readonly infeasible: number;
}

/** A configuration and its objectives. */
export interface EvaluatedConfiguration {
  readonly config: Config;
  readonly values: readonly number[];
}

/** The experts that each token of a layer was sent to. */
export interface RoutingArtifact {
  /** Name of the model, as both `step-ir` and `sieve-pim` know it. */
  readonly model: string;
  readonly trace: string;
  readonly experts: readonly (readonly number[])[];
  /** Tokens of each expert. */
  readonly counts: readonly number[];
}

/** A model whose first embedding operation is compiled. */
export interface EmbeddingModelArtifact {
  readonly model: string;
  /** The recorded run that its values were compared with, if there is one. */
  readonly recorded: string | null;
  readonly operation: Operation;
  /** The name that the operation is timed by. */
  readonly timed: string;
}

/** Row ids of a batch, and the table that they are of. */
export interface LookupsArtifact {
  readonly trace: string;
  readonly ids: number;
  readonly rows: number;
  readonly width: number;
  readonly bag: number;
}

/** An expression and its operands. */
export interface KernelArtifact {
  readonly expression: string;
  readonly operands: Readonly<Record<string, string>>;
  readonly seed: number;
}

/** Programs that were found for tasks. */
export interface ProgramsArtifact {
  /** Task file; null for the tasks that come with the program. */
  readonly tasks: string | null;
  readonly programs: readonly FoundProgram[];
}

/** A program for a task, as a text of the paper's syntax. */
export interface FoundProgram {
  readonly task: string;
  readonly text: string;
}

/** What a tuner found for each program. */
export interface ProgramStudiesArtifact {
  readonly studies: readonly (StudyArtifact & { readonly task: string })[];
}

/** Designs side by side: what each takes, in cycles, nanoseconds or work. */
export interface ComparisonArtifact {
  readonly designs: readonly {
    readonly name: string;
    readonly cycles?: number;
    readonly ns?: number;
    readonly largestUnitWork?: number;
    readonly bytes?: number;
  }[];
}

/** Every name with its type. */
export interface Artifacts {
  readonly "sparse-model": SparseModelArtifact;
  readonly fusion: FusionArtifact;
  readonly "fusion-study": StudyArtifact;
  readonly routing: RoutingArtifact;
  readonly "experts-study": StudyArtifact;
  readonly "embedding-model": EmbeddingModelArtifact;
  readonly lookups: LookupsArtifact;
  readonly "lookups-study": StudyArtifact;
  readonly kernel: KernelArtifact;
  readonly "kernel-study": StudyArtifact;
  readonly programs: ProgramsArtifact;
  readonly operators: ProgramsArtifact;
  readonly "operators-study": ProgramStudiesArtifact;
  /** Designs side by side; no stage takes it. */
  readonly comparison: ComparisonArtifact;
}

/** The name of what an input takes or a stage gives. */
export type ArtifactName = keyof Artifacts;
