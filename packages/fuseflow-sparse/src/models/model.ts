/** Models as library functions: an einsum program, and the granularities at which the paper fuses it. */
import { parseProgram } from "../program/parse-program.ts";
import type { EinsumProgram } from "../program/program.ts";
import type { RegionSchedule } from "../schedule/schedule.ts";

/** How much of a model is fused. */
export type Granularity = "unfused" | "partial" | "full";

/** A model: its program and its regions at each granularity. */
export interface LibraryModel {
  readonly program: EinsumProgram;
  readonly regions: Readonly<Record<Granularity, readonly RegionSchedule[]>>;
}

/** A region as a model lists it, by the last statement of it. */
export interface RegionEnd {
  readonly name: string;
  readonly last: string;
}

/** A model of a program text and the ends of its regions; the unfused one has a region for each statement. */
export function libraryModel(
  text: string,
  ends: { readonly partial: readonly RegionEnd[]; readonly full: readonly RegionEnd[] },
): LibraryModel {
  const program = parseProgram({ name: "<model>", text });
  const tensors = program.statements.map(({ tensor }) => tensor);
  const split = (regionEnds: readonly RegionEnd[]): RegionSchedule[] => {
    let start = 0;
    return regionEnds.map(({ name, last }) => {
      const end = tensors.indexOf(last) + 1;
      const region = { name, tensors: tensors.slice(start, end) };
      start = end;
      return region;
    });
  };
  const alone = tensors.map((tensor): RegionEnd => ({ name: tensor, last: tensor }));
  return { program, regions: { unfused: split(alone), partial: split(ends.partial), full: split(ends.full) } };
}
