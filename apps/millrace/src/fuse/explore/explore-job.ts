/** What threads run: one point of an exploration. */
import {
  type Configuration,
  type ExplorationSubject,
  type Explored,
  Explorer,
  type RegionSchedule,
} from "@millrace/fuseflow-sparse";
import type { JobCall } from "@millrace/sweep";
import { type MemoryName, machineMemory } from "../../inputs/machine-memory.ts";
import { type LoadRequest, loadModel } from "../load-model.ts";
import { type DataVariant, explorationSubject, fingerprint } from "./subject.ts";

/** An exploration as plain data, from which every thread makes its subject. */
export interface ExplorationPlan {
  readonly model: string;
  readonly request: Omit<LoadRequest, "inputs" | "formats" | "sizes"> &
    Record<"inputs" | "formats", readonly (readonly [string, string])[]> & {
      readonly sizes: readonly (readonly [string, number])[];
    };
  readonly variants: readonly DataVariant[];
  readonly vary: string | null;
  readonly divisions: Readonly<Record<string, readonly RegionSchedule[]>>;
  readonly memory: MemoryName;
  /** Files are named from here. */
  readonly folder: string;
}

/** Runs points in this thread; null for a point that there is not. */
export function explorerFor(subject: ExplorationSubject, memory: MemoryName, folder: string): Explorer {
  return new Explorer(subject, { memory: machineMemory(folder, memory) });
}

// Of the only exploration that this thread takes part in.
let opened: Promise<Explorer> | undefined;

/**
 * Runs a point; the result as the text of {@link Explored}, whose members keep their order.
 *
 * @public Threads load this module by its address.
 */
export default async function exploreJob({ task, input, context }: JobCall): Promise<string> {
  opened ??= open(context as unknown as ExplorationPlan, task as string);
  const explorer = await opened;
  const explored: Explored | null = explorer.explore(input as unknown as Configuration);
  return JSON.stringify(explored);
}

/** Makes the subject again. @throws {Error} if it has another fingerprint: a file changed since. */
async function open(plan: ExplorationPlan, expected: string): Promise<Explorer> {
  const { model: name, request, variants, vary, divisions, memory, folder } = plan;
  const maps = { inputs: new Map(request.inputs), formats: new Map(request.formats), sizes: new Map(request.sizes) };
  const place = { folder, reading: () => () => {}, begin: () => {} };
  const model = await loadModel(name, { ...request, ...maps }, place);
  const subject = explorationSubject(model, { variants, input: vary ?? undefined, seed: request.seed, divisions });
  if (fingerprint(subject, memory, folder) !== expected) throw new Error("a file of the model or its inputs changed");
  return explorerFor(subject, memory, folder);
}
