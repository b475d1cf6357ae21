/** What each unit had to do, over all phases of all statements of a kernel. */
import { grainsOfUnits } from "../partition/grains.ts";
import { type Strategy, unitWork } from "../partition/plan.ts";
import { listSchedule } from "../partition/strategies.ts";
import type { StagePlan, StageRunner } from "./run-stage.ts";

/** Work and steps of the units; a unit's work is what it has in all phases. */
export interface UnitStatistics {
  readonly units: number;
  /** Work of all phases. */
  readonly work: number;
  /** Most work that one unit may have, phase by phase: the sum of the bounds. */
  readonly bound: number;
  readonly unitWork: readonly number[];
  /** Merge steps that each unit took: iterations of the innermost variable that work is counted at. */
  readonly unitSteps: readonly number[];
}

/** Adds up the phases of some stages; dynamic blocks and grains are counted for the unit that takes them. */
export async function unitStatistics(
  stages: readonly { readonly runner: StageRunner; readonly plan: StagePlan | undefined }[],
  { units, strategy }: { readonly units: number; readonly strategy: Strategy },
): Promise<UnitStatistics> {
  const work = new Array<number>(units).fill(0);
  const steps = new Array<number>(units).fill(0);
  let total = 0;
  let bound = 0;
  for (const { runner, plan } of stages) {
    if (plan === undefined) continue;
    const counted = await runner.steps(plan);
    if (plan.phases.length === 0) {
      // A statement without loops: one number made of others.
      work[0] = work[0]! + 1;
      steps[0] = steps[0]! + counted[0]![0]!;
      total += 1;
      bound += 1;
    }
    plan.phases.forEach(({ plan: phase }, at) => {
      const parts = unitWork(phase);
      const owner = ownersOf(parts, units, strategy);
      const own = new Array<number>(units).fill(0);
      parts.forEach((part, u) => {
        own[owner[u]!] = own[owner[u]!]! + part;
        steps[owner[u]!] = steps[owner[u]!]! + counted[at]![u]!;
      });
      own.forEach((part, u) => {
        work[u] = work[u]! + part;
      });
      total += phase.work;
      bound += parts.length === units ? phase.bound : Math.max(...own);
    });
  }
  return { units, work: total, bound, unitWork: work, unitSteps: steps };
}

/** Which of `units` units takes each part of a plan. */
function ownersOf(parts: readonly number[], units: number, strategy: Strategy): number[] {
  if (parts.length === units) return parts.map((_, u) => u);
  if (strategy === "dynamic") return listSchedule(parts, units);
  const grains = grainsOfUnits(parts.length, units);
  const owner = new Array<number>(parts.length);
  for (let u = 0; u < units; u++) owner.fill(u, grains[u], grains[u + 1]);
  return owner;
}
