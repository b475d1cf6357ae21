/** The parts that come with the program: resolved specs by short names, and by the names of Ramulator's presets. */
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { nearest } from "@millrace/ir-text";
import { type DramSpec, type Profile, readSpec } from "@millrace/sim-core";
import { MillraceError } from "../errors.ts";
import { readText } from "../files/read.ts";
import { alternatives } from "../terminal/wording.ts";

/** A part, and how many channels of it a memory has unless told otherwise. */
export interface Preset {
  readonly name: string;
  readonly profile: Profile;
  readonly standard: string;
  /** What Ramulator calls the organisation and the speed grade. */
  readonly organisation: string;
  readonly timing: string;
  readonly channels: number;
}

const folder = fileURLToPath(new URL("../../presets", import.meta.url));

/** All presets, by profile and then by name. */
export const presets: readonly Preset[] = [
  preset("r20", "ddr3-1600", "DDR3 DDR3_4Gb_x8 DDR3_1600K", 1),
  preset("r20", "ddr4-2400", "DDR4 DDR4_8Gb_x8 DDR4_2400R", 1),
  preset("r20", "ddr4-3200", "DDR4 DDR4_8Gb_x8 DDR4_3200AA", 1),
  preset("r20", "ddr5-3200", "DDR5 DDR5_16Gb_x8 DDR5_3200AN", 1),
  preset("r20", "hbm2-2000", "HBM2 HBM2_8Gb HBM2_2Gbps", 8),
  preset("r20", "hbm2-2000-4gb", "HBM2 HBM2_4Gb HBM2_2Gbps", 8),
  preset("r20", "hbm3-2000", "HBM3 HBM3_8Gb HBM3_2Gbps", 16),
  preset("r20", "hbm3-2000-4gb", "HBM3 HBM3_4Gb HBM3_2Gbps", 16),
  preset("r21", "ddr4-2400", "DDR4 DDR4_8Gb_x8 DDR4_2400R", 1),
  preset("r21", "ddr4-3200", "DDR4 DDR4_8Gb_x8 DDR4_3200AA", 1),
  preset("r21", "ddr5-4800", "DDR5 DDR5_16Gb_x8 DDR5_4800AN", 1),
  preset("r21", "hbm2-2000", "HBM2 HBM2_8Gb HBM2_2000Mbps", 8),
  preset("r21", "hbm3-6400", "HBM3 HBM3_16Gb_8hi HBM3_6400Mbps", 16),
  preset("r21", "hbm4-8000", "HBM4 HBM4_32Gb_8Hi HBM4_8000Mbps", 32),
  preset("r21", "lpddr5-6400", "LPDDR5 LPDDR5_16Gb_x16 LPDDR5_6400", 1),
];

function preset(profile: Profile, name: string, ramulator: string, channels: number): Preset {
  const [standard = "", organisation = "", timing = ""] = ramulator.split(" ");
  return { name, profile, standard, organisation, timing, channels };
}

/** The resolved spec of a preset. */
export function presetSpec({ profile, name, standard }: Preset): DramSpec {
  const spec = readSpec(JSON.parse(readText(folder, `${profile}-${name}.json`)), name);
  return { ...spec, standard };
}

/**
 * The preset called `name`: of the profile asked for; where none is, of `r21` before `r20`.
 *
 * @throws {MillraceError} `argument` for a name that no preset has
 */
export function presetNamed(name: string, profile: Profile | undefined): Preset {
  const lower = name.toLowerCase();
  const called = presets.filter((each) => each.name === lower);
  const found =
    profile === undefined ? (called.find((each) => each.profile === "r21") ?? called[0]) : ofProfile(called, profile);
  if (found !== undefined) return found;
  if (called.length > 0) {
    throw new MillraceError("argument", `preset ${lower} exists in profile ${called[0]!.profile}, not in ${profile}`, {
      help: `profile ${profile} has ${alternatives(namesOf(profile!))}`,
    });
  }
  const similar = nearest(
    lower,
    presets.map((each) => each.name),
  );
  throw new MillraceError("argument", `"${name}" is neither a file nor a preset`, {
    help: similar === undefined ? "millrace dram presets lists the presets" : `did you mean ${similar}?`,
  });
}

function ofProfile(candidates: readonly Preset[], profile: Profile): Preset | undefined {
  return candidates.find((each) => each.profile === profile);
}

function namesOf(profile: Profile): string[] {
  return presets.filter((each) => each.profile === profile).map((each) => each.name);
}

/** Names of the spec files that are installed; for checks of the list above. */
export function presetFiles(): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort();
}
