/**
 * The DRAM of a configuration in Ramulator's schema: a preset of organisation and timing, or figures, or both.
 */
import {
  type CommandEnergies,
  changePart,
  type DramSpec,
  densityMegabits,
  derivedTimings,
  type Organisation,
  organisationsOf,
  type Profile,
  SimError,
} from "@millrace/sim-core";
import { type Preset, presetSpec, presets } from "./presets.ts";
import { readEnergies } from "./ramulator-energy.ts";
import type { YamlShape } from "./yaml-shape.ts";

/** What `MemorySystem.DRAM` describes. */
export interface ConfiguredPart {
  readonly spec: DramSpec;
  readonly channels: number;
  readonly energies?: CommandEnergies;
}

/**
 * The part that `dram` describes; without `profile` that of `r20` where it has the part, else `r21`.
 *
 * @throws {DiagnosticError} for unknown keys and parts, and figures that do not fit
 */
export function readPart(dram: YamlShape, profile: Profile | undefined): ConfiguredPart {
  dram.allowOnly(["impl", "org", "timing", "RFM", "voltage", "current", "drampower_enable"]);
  if (dram.absent) dram.refuse("MemorySystem.DRAM is missing");
  const org = dram.member("org");
  const timing = dram.member("timing");
  const { preset, organisation } = chooseBase(dram, profile);
  const base = presetSpec(preset);
  const levels = base.levels.map((level) => level.toLowerCase());
  org.allowOnly(["preset", "dq", "density", "channel_width", ...levels]);
  const names = Object.keys(base.timing);
  timing.allowOnly(["preset", ...names, ...names.map((name) => name.replace(/^n/, "t"))]);
  const sizes = readSizes(org, base, organisation);
  const given = readTimings(timing, base);
  const energies = readEnergies(dram);
  try {
    const spec = changePart(base, { ...sizes, timing: given });
    return { spec, channels: spec.counts[0]!, ...(energies === undefined ? {} : { energies: energies(spec) }) };
  } catch (cause) {
    if (!(cause instanceof SimError)) throw cause;
    const culprit = Object.keys(given).length > 0 ? timing : org;
    return culprit.refuse(cause.message.replace(`${base.name}: `, ""));
  }
}

interface Base {
  readonly preset: Preset;
  /** The organisation that the file names, where that is not the preset's own. */
  readonly organisation?: Organisation;
}

/** The preset to start from. */
function chooseBase(dram: YamlShape, profile: Profile | undefined): Base {
  const candidates = presets.filter((each) => profile === undefined || each.profile === profile);
  const of = profile === undefined ? "" : ` of profile ${profile}`;
  const standard = dram
    .member("impl")
    .oneOf([...new Set(candidates.map((each) => each.standard))], `that of a known part${of}`);
  const ofStandard = candidates.filter((each) => each.standard === standard);
  const speed = dram.member("timing").member("preset");
  const speeds = [...new Set(ofStandard.map((each) => each.timing))];
  const ofSpeed = speed.absent
    ? ofStandard
    : ofStandard.filter((each) => each.timing === speed.oneOf(speeds, `that of a known part${of}`));
  const shape = dram.member("org").member("preset");
  if (shape.absent) return { preset: ofSpeed[0]! };
  const further = ofSpeed[0]!.profile === "r20" ? organisationsOf(standard) : [];
  const shapes = [...new Set([...ofSpeed.map((each) => each.organisation), ...further.map(({ name }) => name)])];
  const name = shape.oneOf(shapes, `that of a known part${of}`);
  const own = ofSpeed.find((each) => each.organisation === name);
  if (own !== undefined) return { preset: own };
  return { preset: ofSpeed[0]!, organisation: further.find((each) => each.name === name)! };
}

interface Sizes {
  readonly counts: readonly number[];
  readonly chipWidthBits?: number;
  readonly channelWidthBits: number;
}

function readSizes(org: YamlShape, base: DramSpec, organisation: Organisation | undefined): Sizes {
  const levels = base.levels.map((level) => level.toLowerCase());
  const inChip = base.standard.startsWith("HBM") ? 1 : 2;
  const usual = organisation === undefined ? base.counts : [...base.counts.slice(0, inChip), ...organisation.counts];
  const own = { ...base, counts: usual, chipWidthBits: organisation?.chipWidthBits ?? base.chipWidthBits };
  if (org.member("preset").absent) {
    const needed = ["dq", "density", ...levels].filter((key) => org.member(key).absent);
    if (needed.length > 0) org.refuse(`without a preset org must say everything: ${needed.join(", ")} missing`);
  }
  const dq = org.member("dq");
  const chipWidthBits = dq.absent ? own.chipWidthBits : powerOfTwo(dq, 1024);
  const counts = usual.map((count, at) => readCount(org.member(levels[at]!), count));
  const density = org.member("density");
  const megabits = density.absent ? densityMegabits(own) : density.integer(1, 2 ** 30);
  const built = densityMegabits({ ...base, counts, chipWidthBits });
  if (megabits !== built) {
    const shape = `${levels.slice(inChip).join(" x ")} is ${counts.slice(inChip).join(" x ")}`;
    const width = chipWidthBits === null ? "" : ` of ${chipWidthBits} bits`;
    (density.absent ? org : density).refuse(
      `${shape}${width}: ${built} Mb, which is not the density of ${megabits} Mb`,
      `${usual.slice(inChip).join(" x ")} of ${own.chipWidthBits} bits is ${densityMegabits(own)} Mb`,
    );
  }
  const width = org.member("channel_width");
  const channelWidthBits = width.absent ? base.channelWidthBits : powerOfTwo(width, 4096);
  return { counts, channelWidthBits, ...(chipWidthBits === null ? {} : { chipWidthBits }) };
}

/** The timings that differ from those of the preset; without one, all that do not follow from others must be there. */
function readTimings(timing: YamlShape, base: DramSpec): Record<string, number> {
  const given: Record<string, number> = {};
  const preset = timing.member("preset");
  for (const { key, value } of timing.members()) {
    if (key === "preset") continue;
    if (key === "rate" && !preset.absent) {
      if (value.integer(1, 100_000) !== base.timing.rate)
        value.refuse(`rate is that of the preset, ${base.timing.rate}: leave out one of them`);
    } else if (key.startsWith("t") && key !== "tCK_ps") given[key] = value.number(0, 1e6);
    else {
      const cycles = value.integer(key === "rate" || key === "tCK_ps" ? 1 : 0, 1_000_000);
      if (preset.absent || cycles !== base.timing[key]) given[key] = cycles;
    }
  }
  if (!preset.absent) return given;
  const follows = followingTimings(base);
  const missing = Object.keys(base.timing).filter(
    (name) => given[name] === undefined && given[name.replace(/^n/, "t")] === undefined && !follows(name),
  );
  if (missing.length > 0) timing.refuse(`without a preset timing must say everything: ${missing.join(", ")} missing`);
  return given;
}

/** Which timings are worked out from others where they are not given. */
function followingTimings(base: DramSpec): (name: string) => boolean {
  if (base.profile === "r20") return (name) => /^(nREF\w*|nRF\w*|nDRF\w*|nCS|tCK_ps|nRRD\w*|nFAW|nRREFD)$/.test(name);
  const derived = derivedTimings(base);
  return (name) => name === "tCK_ps" || derived[name] !== undefined;
}

function readCount(shape: YamlShape, preset: number): number {
  return shape.absent ? preset : powerOfTwo(shape, 2 ** 30);
}

function powerOfTwo(shape: YamlShape, most: number): number {
  const value = shape.integer(1, most);
  if (!Number.isInteger(Math.log2(value))) shape.refuse(`${shape.name} must be a power of two, not ${value}`);
  return value;
}
