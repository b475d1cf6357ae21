import { expect, test } from "vitest";
import { presetFiles, presetSpec, presets } from "../../src/dram/presets.ts";

test("every spec that is installed is a preset, and the other way round", () => {
  const names = presets.map(({ name, profile }) => `${profile}-${name}.json`);
  expect(names.sort()).toEqual(presetFiles());
});

test.each(presets)("$name of $profile is a spec of its profile and standard", (preset) => {
  const spec = presetSpec(preset);
  expect([spec.profile, spec.standard, spec.name]).toEqual([preset.profile, preset.standard, preset.name]);
});
