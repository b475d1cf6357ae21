/** The passes known by name. */
import { nearest } from "@millrace/ir-text";
import { StepError } from "../errors.ts";
import type { Program } from "../program/program.ts";
import { dynamicParallelize } from "./dynamic-parallelize.ts";
import { dynamicTiling } from "./dynamic-tiling.ts";
import type { Pass, PassResult, PassSettings } from "./pass.ts";
import { timeMultiplex } from "./time-multiplex.ts";

/** All passes. */
export const passes: readonly Pass[] = [dynamicTiling, timeMultiplex, dynamicParallelize];

/**
 * Applies the pass called `name`.
 *
 * @throws {StepError} `pass-unknown`, `pass-settings`, or `pass-refused` with the reason for each place that looked right.
 */
export function applyPass(program: Program, name: string, settings: PassSettings = {}): PassResult {
  const names = passes.map((pass) => pass.name);
  const pass = passes.find((one) => one.name === name);
  if (pass === undefined) {
    const close = nearest(name, names);
    const hint = close === undefined ? `known are ${names.join(", ")}` : `did you mean '${close}'?`;
    throw new StepError("pass-unknown", `there is no pass '${name}'; ${hint}`, { hint });
  }
  checkSettings(pass, settings);
  return pass.run(program, settings);
}

function checkSettings({ name, options }: Pass, settings: PassSettings): void {
  for (const key of Object.keys(settings)) {
    if (Object.hasOwn(options, key)) continue;
    const known = Object.keys(options).join(", ") || "none";
    throw new StepError("pass-settings", `${name} has no setting '${key}'; settings are: ${known}`);
  }
  for (const [key, { kind, about, optional }] of Object.entries(options)) {
    const value = settings[key];
    if (value === undefined) {
      if (optional) continue;
      throw new StepError("pass-settings", `${name} needs the setting '${key}', ${about}`);
    }
    if (kind === "integer" && !(Number.isSafeInteger(value) && Number(value) >= 1)) {
      throw new StepError(
        "pass-settings",
        `'${key}' of ${name}, ${about}, must be an integer of at least 1, not ${value}`,
      );
    }
  }
}
