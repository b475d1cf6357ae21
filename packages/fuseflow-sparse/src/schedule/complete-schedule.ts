/** Checks a schedule against its program, and puts its regions in an order in which they can run. */
import { nearest } from "@millrace/ir-text";
import { parseFormat, TensorError } from "@millrace/tensor";
import { accessesIn, type EinsumProgram } from "../program/program.ts";
import type { FusionSchedule, RegionSchedule } from "./schedule.ts";

/** Where faults go: what is wrong, where in the schedule, what to do. */
export interface ScheduleFaults {
  readonly report: (message: string, path: readonly (string | number)[], help?: string) => void;
}

/** The schedule with every statement in a region and regions in running order; faults are reported. */
export function completeSchedule(
  schedule: FusionSchedule,
  program: EinsumProgram,
  { report }: ScheduleFaults,
): FusionSchedule {
  const regionOf = new Map<string, number>();
  const results = program.statements.map(({ tensor }) => tensor);
  for (const [at, region] of schedule.regions.entries()) {
    for (const [k, tensor] of region.tensors.entries()) {
      const path = ["regions", at, "tensors", k];
      const near = nearest(tensor, results);
      if (!results.includes(tensor))
        report(`${tensor} is no result of the program`, path, near && `did you mean ${near}?`);
      else if (regionOf.has(tensor)) report(`${tensor} is in two regions`, path);
      else regionOf.set(tensor, at);
    }
  }
  for (const [name, format] of Object.entries(schedule.formats ?? {})) {
    const input = program.inputs.find((each) => each.name === name);
    const why =
      input === undefined ? `a format is given for ${name}, which is no input` : refusal(format, input.shape.length);
    if (why !== null) report(why, ["formats", name]);
  }
  const regions: RegionSchedule[] = schedule.regions.map((region) => ({
    ...region,
    tensors: results.filter((tensor) => region.tensors.includes(tensor)),
  }));
  for (const tensor of results) {
    if (regionOf.has(tensor)) continue;
    regionOf.set(tensor, regions.length);
    regions.push({ name: tensor, tensors: [tensor] });
  }
  const order = runningOrder(regions, regionOf, program);
  if (order === null) {
    report(
      "the regions wait for each other: each uses a result of the other",
      ["regions"],
      "move a statement so that one region comes first",
    );
    return { ...schedule, regions };
  }
  return { ...schedule, regions: order };
}

/** Why a tensor of that order cannot be stored so, or null. */
function refusal(format: string, order: number): string | null {
  try {
    parseFormat(format, order);
    return null;
  } catch (error) {
    if (!(error instanceof TensorError)) throw error;
    return error.message;
  }
}

/** The regions so that each comes after those whose results it uses, otherwise in program order. */
function runningOrder(
  regions: readonly RegionSchedule[],
  regionOf: ReadonlyMap<string, number>,
  program: EinsumProgram,
): readonly RegionSchedule[] | null {
  const needs = regions.map(() => new Set<number>());
  for (const { tensor, expression } of program.statements) {
    const own = regionOf.get(tensor);
    if (own === undefined) continue;
    for (const access of accessesIn(expression)) {
      const other = regionOf.get(access.tensor);
      if (other !== undefined && other !== own) needs[own]!.add(other);
    }
  }
  const first = regions.map(({ tensors }) => program.statements.findIndex(({ tensor }) => tensors.includes(tensor)));
  const left = new Set(regions.map((_, at) => at).sort((a, b) => first[a]! - first[b]!));
  const order: RegionSchedule[] = [];
  while (left.size > 0) {
    const next = [...left].find((at) => [...needs[at]!].every((need) => !left.has(need)));
    if (next === undefined) return null;
    left.delete(next);
    order.push(regions[next]!);
  }
  return order;
}
