/** The kinds of stages, in the order in which a pipeline might name them. A new kind adds its line here. */
import type { StageKind } from "./stage-kind.ts";
import { placeExperts } from "./stages/experts/place-experts.ts";
import { readRouting } from "./stages/experts/read-routing.ts";
import { simulateExperts } from "./stages/experts/simulate-experts.ts";
import { tuneExperts } from "./stages/experts/tune-experts.ts";
import { chooseFusion } from "./stages/fusion/choose-fusion.ts";
import { importSparseModel } from "./stages/fusion/import-sparse-model.ts";
import { simulateFusion } from "./stages/fusion/simulate-fusion.ts";
import { tuneFusion } from "./stages/fusion/tune-fusion.ts";
import { measureKernel } from "./stages/kernels/measure-kernel.ts";
import { partitionKernel } from "./stages/kernels/partition-kernel.ts";
import { readKernel } from "./stages/kernels/read-kernel.ts";
import { tuneKernel } from "./stages/kernels/tune-kernel.ts";
import { compileEmbedding } from "./stages/lookups/compile-embedding.ts";
import { readLookups } from "./stages/lookups/read-lookups.ts";
import { runLookups } from "./stages/lookups/run-lookups.ts";
import { simulateLookups } from "./stages/lookups/simulate-lookups.ts";
import { tuneLookups } from "./stages/lookups/tune-lookups.ts";
import { findPrograms } from "./stages/operators/find-programs.ts";
import { simulateOperators } from "./stages/operators/simulate-operators.ts";
import { tuneOperators } from "./stages/operators/tune-operators.ts";
import { verifyPrograms } from "./stages/operators/verify-programs.ts";

/** All kinds. */
export const stageKinds: readonly StageKind[] = [
  importSparseModel,
  chooseFusion,
  tuneFusion,
  simulateFusion,
  readRouting,
  simulateExperts,
  tuneExperts,
  placeExperts,
  readKernel,
  partitionKernel,
  tuneKernel,
  measureKernel,
  compileEmbedding,
  readLookups,
  simulateLookups,
  runLookups,
  tuneLookups,
  findPrograms,
  verifyPrograms,
  tuneOperators,
  simulateOperators,
];

/** Names of all kinds. */
export const stageKindNames: readonly string[] = stageKinds.map(({ name }) => name);

/** The kind of that name; undefined if there is none. */
export function kindNamed(name: string): StageKind | undefined {
  return stageKinds.find((kind) => kind.name === name);
}
