/** `millrace tour`: each system once on real data, one table, one report. */

import { basename } from "node:path";
import type { TimingProfileName } from "@millrace/fuseflow-sparse";
import { TimelineRecorder } from "@millrace/sim-core";
import { buildCommand, type Command } from "@stricli/core";
import { type CommonFlags, commonFlags, describe } from "../cli/flags.ts";
import { type Invocation, type Outcome, presenting, type Workplace } from "../cli/outcome.ts";
import { packageVersion } from "../cli/version.ts";
import { MillraceError } from "../errors.ts";
import { peakOf } from "../simulation/peak.ts";
import type { RunSettings } from "../simulation/run-graph.ts";
import { writeJson } from "../terminal/json.ts";
import { renderPairs } from "../terminal/table.ts";
import { runStop, type StopRun } from "../tour/run-stop.ts";
import { samStops } from "../tour/sam-stops.ts";
import type { SectionRun } from "../tour/section.ts";
import { sections } from "../tour/sections.ts";
import { tourReport } from "../tour/tour-report.ts";
import { tourRows, tourTable } from "../tour/tour-table.ts";
import { tourTensors } from "../tour/tour-tensors.ts";

type TourFlags = Omit<CommonFlags, "out"> & {
  readonly out: string;
  readonly graph?: string | undefined;
  readonly profile: TimingProfileName;
  readonly memory: "none" | "hbm-burst";
};

/** The timeline covers this much of its kernel: enough to see the pipeline fill, and a small file. */
const TIMELINE_CYCLES = 10_000;

const STOPS: number = samStops.length + sections.length;

/** The `tour` command. */
export const tour: Command<Invocation> = buildCommand<TourFlags, [], Invocation>({
  docs: {
    brief: "Run each system once on real data and write a report",
    customUsage: ["[--out DIR] [--graph FILE]"],
    fullDescription: describe(
      "Compiles and simulates sparse kernels on a citation graph, checks every value, then shows each other system on real\ndata: its rows, counted and checked. Prints the figures and writes report.html and tour.json. A wrong value ends with\nstatus 3.",
      ["millrace tour --out out/tour", "millrace tour --graph examples/data/karate.mtx --out out/karate"],
    ),
  },
  parameters: {
    flags: {
      graph: {
        kind: "parsed",
        parse: String,
        brief: "Run on this square matrix instead",
        placeholder: "FILE",
        optional: true,
      },
      profile: { kind: "enum", values: ["sam-sync", "comal"], brief: "Clock rules", default: "comal" },
      memory: { kind: "enum", values: ["none", "hbm-burst"], brief: "Model of the memory", default: "hbm-burst" },
      ...commonFlags,
      out: { kind: "parsed", parse: String, brief: "Where the report goes", placeholder: "DIR", default: "out/tour" },
    },
  },
  func: presenting<TourFlags, []>("tour", async (flags, place) => {
    const settings: RunSettings = { profile: flags.profile, memory: flags.memory, memoryModel: flags.memory };
    const { folder } = place.host;
    place.progress.begin("reading");
    const tensors = await tourTensors({ folder, graph: flags.graph, seed: flags.seed });
    const timeline = new TimelineRecorder({ until: TIMELINE_CYCLES });
    const runs: StopRun[] = [];
    const beginAt =
      (at: number) =>
      (variant: string): void => {
        if (place.host.stopRequested())
          throw new MillraceError("interrupted", `interrupted after ${at} of ${STOPS} stops`);
        place.progress.begin(`${at + 1}/${STOPS} ${variant}`);
      };
    for (const [at, stop] of samStops.entries()) {
      runs.push(runStop(stop, { tensors, settings, timeline, begin: beginAt(at) }));
      // Kept after every stop, so that an interrupted tour leaves what it had.
      keepRows(runs, flags, place);
    }
    const shown: SectionRun[] = [];
    for (const [at, section] of sections.entries()) {
      const begin = beginAt(samStops.length + at);
      shown.push(await section({ tensors, seed: flags.seed, now: () => place.host.now(), begin }));
    }
    place.progress.begin("drawing");
    const roof = peakOf(
      runs.flatMap(({ variants }) => variants.flatMap(({ kernels }) => kernels.map(({ run }) => run))),
    );
    const page = await tourReport({
      runs,
      sections: shown.map(({ section }) => section),
      tensors,
      settings,
      roof,
      seed: flags.seed,
      version: packageVersion,
    });
    const report = place.write(`${flags.out}/report.html`, page);
    const trace = place.write(`${flags.out}/spmm.pftrace`, timeline.encode());
    return outcomeOf({ runs, shown }, { report, trace });
  }),
});

function keepRows(runs: readonly StopRun[], flags: TourFlags, place: Workplace): void {
  const texts: string[] = [];
  writeJson((text) => texts.push(text), { rows: tourRows(runs) });
  place.write(`${flags.out}/tour.json`, texts.join(""));
}

interface TourRuns {
  readonly runs: readonly StopRun[];
  readonly shown: readonly SectionRun[];
}

// Programs get the names of the files within the folder they asked for, people what they can open.
function outcomeOf({ runs, shown }: TourRuns, files: { readonly report: string; readonly trace: string }): Outcome {
  const all = [...runs.flatMap(({ variants }) => variants), ...shown];
  return {
    status: all.some(({ differing }) => differing > 0) ? 3 : 0,
    json: () => ({
      rows: [...tourRows(runs), ...shown.flatMap((one) => one.rows)],
      report: basename(files.report),
      timeline: basename(files.trace),
    }),
    text: () =>
      `${tourTable(runs)}${shown.map(({ table }) => table).join("")}\n${renderPairs([
        ["report", files.report],
        ["timeline", `${files.trace} (SpMM; open it at https://ui.perfetto.dev)`],
      ])}`,
  };
}
