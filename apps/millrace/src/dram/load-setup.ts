/** A memory by what people call it: a preset, a configuration in YAML, or a resolved spec in JSON. */
import { existsSync } from "node:fs";
import { extname, resolve } from "node:path";
import { type Profile, readSpec } from "@millrace/sim-core";
import { MillraceError } from "../errors.ts";
import { readText } from "../files/read.ts";
import { presetNamed, presetSpec } from "./presets.ts";
import { readRamulatorConfig } from "./ramulator-config.ts";
import type { DramSetup } from "./setup.ts";

/**
 * The setup that `target` names.
 *
 * @throws {MillraceError} `argument`, `file-missing`, `file-unreadable`, `file-kind`
 * @throws {DiagnosticError} and {SimError} for files with faults
 */
export function loadSetup(folder: string, target: string, profile: Profile | undefined): DramSetup {
  const extension = extname(target).toLowerCase();
  if (extension === ".yaml" || extension === ".yml") {
    return readRamulatorConfig({ name: target, text: readText(folder, target) }, profile);
  }
  if (extension === ".json") return specSetup(folder, target, profile);
  if (existsSync(resolve(folder, target))) {
    throw new MillraceError("file-kind", `${target} is neither .yaml nor .json`, {
      help: "a configuration in Ramulator's schema is .yaml, a resolved spec is .json",
    });
  }
  const preset = presetNamed(target, profile);
  return plainSetup(preset.name, { spec: presetSpec(preset), channels: preset.channels });
}

function specSetup(folder: string, file: string, profile: Profile | undefined): DramSetup {
  let document: unknown;
  try {
    document = JSON.parse(readText(folder, file));
  } catch (cause) {
    if (cause instanceof MillraceError) throw cause;
    throw new MillraceError("file-kind", `${file} is not JSON: ${(cause as Error).message}`, { cause });
  }
  const spec = readSpec(document, file);
  if (profile !== undefined && spec.profile !== profile) {
    throw new MillraceError("argument", `${file} is a spec of profile ${spec.profile}, not of ${profile}`);
  }
  return plainSetup(file, { spec, channels: spec.counts[0]! });
}

function plainSetup(name: string, part: Pick<DramSetup["configuration"], "spec" | "channels">): DramSetup {
  return {
    name,
    configuration: {
      ...part,
      mapping: "RoBaRaCoCh",
      refresh: "all-bank",
      rowPolicy: "open",
      cap: 4,
      scheduler: "frfcfs",
    },
    ratio: { frontend: 1, memory: 1 },
    remarks: [],
  };
}
