/** Voltages and currents of a configuration in Ramulator's schema, as energies of commands. */
import { type CommandEnergies, commandEnergies, type DramSpec, energyTicks } from "@millrace/sim-core";
import type { YamlShape } from "./yaml-shape.ts";

/** Currents in the order and under the names of the schema, for {@link ChipCurrents}. */
const currentNames = {
  IDD0: "idd0",
  IDD2N: "idd2n",
  IDD3N: "idd3n",
  IDD4R: "idd4r",
  IDD4W: "idd4w",
  IDD5B: "idd5ab",
} as const;

/**
 * What turns a spec into the energies of its commands, for all chips of a rank; `undefined` where the file gives no currents.
 *
 * @throws {DiagnosticError} for currents that are not all there
 */
export function readEnergies(dram: YamlShape): ((spec: DramSpec) => CommandEnergies) | undefined {
  const voltage = dram.member("voltage").allowOnly(["preset", "VDD", "VPP"]);
  const pumped = Object.keys(currentNames).map((name) => name.replace("IDD", "IPP"));
  const current = dram.member("current").allowOnly(["preset", ...Object.keys(currentNames), ...pumped]);
  const enabled = dram.member("drampower_enable");
  if (!enabled.absent && !enabled.flag()) return undefined;
  if (voltage.absent && current.absent && enabled.absent) return undefined;
  for (const group of [voltage, current]) {
    const preset = group.member("preset");
    if (!preset.absent) preset.refuse(`there are no presets of ${group.name}: give the figures of a data sheet`);
  }
  const vddVolts = voltage.member("VDD").number(0.1, 10);
  const currents = { vddVolts, idd0: 0, idd2n: 0, idd3n: 0, idd4r: 0, idd4w: 0, idd5ab: 0 };
  for (const [name, key] of Object.entries(currentNames)) currents[key] = current.member(name).number(0, 10_000);
  return (spec) => {
    const ticks = energyTicks(spec);
    if (ticks === null || spec.chipWidthBits === null) {
      return dram.refuse(`the energy of commands is not known for ${spec.standard}`);
    }
    return commandEnergies(currents, ticks, Math.max(1, spec.channelWidthBits / spec.chipWidthBits));
  };
}
