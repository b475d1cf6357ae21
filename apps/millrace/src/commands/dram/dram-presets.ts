/** `millrace dram presets`: the DRAM parts that come with the program. */
import { burstTicks, dataBuses, tickPicoseconds, transactionBytes } from "@millrace/sim-core";
import { buildCommand, type Command } from "@stricli/core";
import { type CommonFlags, commonFlags, describe } from "../../cli/flags.ts";
import { type Invocation, presenting } from "../../cli/outcome.ts";
import { presetSpec, presets } from "../../dram/presets.ts";
import { renderTable } from "../../terminal/table.ts";

/** The `dram presets` command. */
export const dramPresets: Command<Invocation> = buildCommand<CommonFlags, [], Invocation>({
  docs: {
    brief: "List the DRAM parts that come with the program",
    customUsage: ["[--json]"],
    fullDescription: describe(
      "Lists the presets of both profiles: the names of Ramulator's presets behind them, the channels a memory of them has\nunless told otherwise, and the peak bandwidth that their own timings allow.",
      ["millrace dram presets"],
    ),
  },
  parameters: { flags: commonFlags },
  func: presenting<CommonFlags, []>("dram-presets", () => {
    const rows = presets.map((preset) => {
      const spec = presetSpec(preset);
      const perTick = ((dataBuses(spec) * transactionBytes(spec)) / burstTicks(spec)) * preset.channels;
      return {
        ...preset,
        transactionBytes: transactionBytes(spec),
        peakBytesPerCycle: perTick,
        peakGigabytesPerSecond: (perTick / tickPicoseconds(spec)) * 1000,
      };
    });
    return {
      json: () => rows,
      text: () =>
        renderTable(
          [
            { heading: "preset", align: "left" },
            { heading: "profile", align: "left" },
            { heading: "organisation", align: "left" },
            { heading: "timing", align: "left" },
            { heading: "channels", align: "right" },
            { heading: "access", align: "right" },
            { heading: "peak", align: "right" },
          ],
          rows.map((row) => [
            row.name,
            row.profile,
            row.organisation,
            row.timing,
            String(row.channels),
            `${row.transactionBytes} B`,
            `${row.peakGigabytesPerSecond.toFixed(1)} GB/s`,
          ]),
        ),
    };
  }),
});
