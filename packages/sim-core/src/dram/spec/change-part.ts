/**
 * A part with other figures: timings, counts, widths. All that follows from them is worked out anew.
 */
import { SimError } from "../../errors.ts";
import { checkSpec } from "./check-spec.ts";
import { cyclePicoseconds, cyclesOf, densityMegabits, derivedTimings, knownDensities } from "./derived-timings.ts";
import { clockPicoseconds, ticksOf } from "./derived-timings-r21.ts";
import type { DramSpec } from "./dram-spec.ts";
import { evaluateSum, sumsOf } from "./timing-sum.ts";

/** What to change of a part. */
export interface PartChanges {
  /** Ticks by name (`nCL`), nanoseconds by name (`tRCD`), `rate` in megatransfers per second. */
  readonly timing?: Readonly<Record<string, number>>;
  /** Children per node, as in {@link DramSpec.counts}. */
  readonly counts?: readonly number[];
  readonly chipWidthBits?: number;
  readonly channelWidthBits?: number;
}

/**
 * `spec` with `changes`. Refreshing follows from the density of a chip, the distance of openings from its width, unless they
 * are given; constraint rows follow from all timings.
 *
 * @throws {SimError} `dram-spec` for a timing the standard lacks, a density without known refreshing, figures that no part
 *   can have, and specs whose table is not that of their standard.
 */
export function changePart(spec: DramSpec, changes: PartChanges): DramSpec {
  const { counts = spec.counts, channelWidthBits = spec.channelWidthBits, timing: given = {} } = changes;
  const chipWidthBits = changes.chipWidthBits ?? spec.chipWidthBits;
  const sized = { ...spec, counts, channelWidthBits, chipWidthBits };
  const densityChanges = densityMegabits(sized) !== densityMegabits(spec);
  const widthChanges = chipWidthBits !== spec.chipWidthBits;
  if (Object.keys(given).length === 0 && !densityChanges && !widthChanges) return checkSpec(sized);
  const sums = sumsOf(spec);
  const timing = changedTimings(sized, given, { densityChanges, widthChanges });
  if (readLatency(spec.timing) !== spec.readLatency) {
    throw new SimError("dram-spec", `${spec.name}: the read latency does not follow from its timings`);
  }
  const constraints = spec.constraints.map((row, i) => {
    const latency = evaluateSum(sums[i]!, timing);
    if (latency >= 0) return { ...row, latency };
    // The data of another rank may come so late after its command that there is nothing to wait for.
    if (row.sibling) return { ...row, latency: 0 };
    const pair = `${spec.commands[row.preceding]!.name} to ${spec.commands[row.following]!.name}`;
    throw new SimError(
      "dram-spec",
      `${spec.name}: ${sums[i]} makes ${latency} cycles from ${pair}: at least 0 is needed`,
    );
  });
  return checkSpec({ ...sized, timing, constraints, readLatency: readLatency(timing) });
}

/** Ticks from a read to the end of its data; parts with two burst lengths count the shorter. */
function readLatency({ nCL, nBL, nBL_min }: DramSpec["timing"]): number {
  return nCL! + (nBL ?? nBL_min)!;
}

interface SizeChanges {
  readonly densityChanges: boolean;
  readonly widthChanges: boolean;
}

function changedTimings(
  spec: DramSpec,
  given: Readonly<Record<string, number>>,
  { densityChanges, widthChanges }: SizeChanges,
): Record<string, number> {
  const timing: Record<string, number> = { ...spec.timing };
  const { rate, tCK_ps: tCK } = given;
  if (rate !== undefined) Object.assign(timing, { rate, tCK_ps: tickOf(spec, rate) });
  if (tCK !== undefined) timing.tCK_ps = tCK;
  const clockChanges = timing.tCK_ps !== spec.timing.tCK_ps;
  const derived = derivedTimings({ ...spec, timing });
  for (const [name, cycles] of Object.entries(derived)) {
    const ofRefresh = /^n(REF|RF)/.test(name);
    if (clockChanges || (ofRefresh ? densityChanges : widthChanges)) timing[name] = cycles;
  }
  const own = (name: string): boolean => given[name] !== undefined || given[`t${name.slice(1)}`] !== undefined;
  const refresh = spec.timing.nRFC1 === undefined ? "nRFC" : "nRFC1";
  if ((densityChanges || clockChanges) && derived[refresh] === undefined && !own(refresh)) {
    const known = knownDensities(spec).join(", ");
    throw new SimError(
      "dram-spec",
      `${spec.name}: refreshing is known for ${known} Mb, not for ${densityMegabits(spec)} Mb: give ${refresh}`,
    );
  }
  const opening = ["nRRD", "nRRDS", "nFAW"].find(
    (name) => spec.timing[name] !== undefined && derived[name] === undefined,
  );
  if (widthChanges && opening !== undefined && !own(opening)) {
    throw new SimError(
      "dram-spec",
      `${spec.name}: ${opening} is not known for chips of ${spec.chipWidthBits} bits: give it`,
    );
  }
  for (const [name, value] of Object.entries(given)) {
    if (name === "rate" || name === "tCK_ps") continue;
    const cycles = name.startsWith("t") ? `n${name.slice(1)}` : name;
    if (spec.timing[cycles] === undefined) {
      const known = Object.keys(spec.timing).join(", ");
      throw new SimError("dram-spec", `${spec.name}: ${spec.standard} has no timing ${name}; it has ${known}`);
    }
    timing[cycles] = name.startsWith("t") ? ticksFor({ ...spec, timing }, Math.round(value * 1000)) : value;
  }
  return timing;
}

/** Length of a tick of a part that moves `rate` megatransfers per second. */
function tickOf({ profile, standard, ticksPerClock }: DramSpec, rate: number): number {
  return profile === "r20" ? cyclePicoseconds(rate) : Math.floor(clockPicoseconds(standard, rate) / ticksPerClock);
}

function ticksFor(spec: DramSpec, picoseconds: number): number {
  return spec.profile === "r20"
    ? cyclesOf(picoseconds, spec.timing.tCK_ps!, spec.standard)
    : ticksOf(spec, picoseconds);
}
