// The memories of the benchmark, as command lines and configurations describe them.
import { presetNamed, presetSpec } from "../dist/dram/presets.js";

/** The setup of a part named like "hbm3-2000 16 ch" or "ddr4-2400 2 ranks". */
export function parts(profile, name, ratio) {
  const [presetName] = name.split(" ");
  const publicRun = name.endsWith("of the public run");
  const spec = presetSpec(presetNamed(publicRun ? "hbm3-2000" : presetName, profile));
  const channels = Number(/(\d+) ch/.exec(name)?.[1] ?? 1);
  const ranks = Number(/(\d+) ranks/.exec(name)?.[1] ?? 0);
  const rank = spec.levels.findIndex((level) => level.toLowerCase() === "rank");
  const row = spec.bankLevel + 1;
  const counts = spec.counts.map((count, level) =>
    level === rank && ranks > 0 ? ranks : level === row && publicRun ? 2 ** 14 : count,
  );
  // The public run used a part of half the rows.
  const part = publicRun ? { ...spec, counts, timing: { ...spec.timing, nRFC: 260 } } : { ...spec, counts };
  return {
    name,
    configuration: {
      spec: part,
      channels,
      mapping: "RoBaRaCoCh",
      refresh: "all-bank",
      rowPolicy: "open",
      cap: 4,
      scheduler: "frfcfs",
    },
    ratio,
    remarks: [],
  };
}
