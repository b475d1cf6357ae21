/** `millrace embed trace`: what a trace of row ids says about caches. */
import { analyzeReuse, type TraceFormat } from "@millrace/ember-dae";
import { buildCommand, type Command } from "@stricli/core";
import { type CommonFlags, commonFlags, describe } from "../../cli/flags.ts";
import { type Invocation, presenting } from "../../cli/outcome.ts";
import { loadTrace } from "../../embed/load-trace.ts";
import { renderPairs, renderTable } from "../../terminal/table.ts";

interface TraceFlags extends CommonFlags {
  readonly format?: TraceFormat | undefined;
}

const cacheRows = Array.from({ length: 18 }, (_, power) => 2 ** power);

/** The `embed trace` command. */
export const embedTrace: Command<Invocation> = buildCommand<TraceFlags, [string], Invocation>({
  docs: {
    brief: "Analyse a trace of row ids: reuse, exact stack distances, hits of caches",
    customUsage: ["FILE [--format u32le|u64le|text] [--json]"],
    fullDescription: describe(
      "Reads row ids and says how often rows are used and how soon again. The distance of a use is the number of different\nrows since the last use of its row (1 for a repeat at once); a cache of N rows that drops the least recently used one\nhits exactly the uses of distance up to N. First uses have distance 0.",
      ["millrace embed trace examples/traces/lookups.log", "millrace embed trace indices.u32le --json"],
    ),
  },
  parameters: {
    flags: {
      format: {
        kind: "enum",
        values: ["u32le", "u64le", "text"],
        brief: "How ids stand in the file; told from its ending unless given",
        optional: true,
      },
      ...commonFlags,
    },
    positional: {
      kind: "tuple",
      parameters: [{ brief: "Row ids: .u32le, .u64le, or text", placeholder: "FILE", parse: String }],
    },
  },
  func: presenting<TraceFlags, [string]>("embed-trace", (flags, place, file) => {
    const trace = loadTrace(place.host.folder, file, flags.format);
    const { lookups, unique, averageReuse, histogram, cdf, hits } = analyzeReuse(trace, cacheRows);
    return {
      json: () => ({
        lookups,
        unique,
        reuse: { average: averageReuse, histogram: histogram.map((entry) => ({ ...entry })) },
        stackDistance: { cdf: cdf.map((point) => ({ ...point })) },
        lruHitRate: Object.fromEntries(hits.map(({ rows, fraction }) => [String(rows), fraction])),
      }),
      text: () =>
        renderPairs([
          ["lookups", String(lookups)],
          ["rows used", String(unique)],
          ["uses per row", averageReuse.toFixed(2)],
        ]) +
        renderTable(
          [
            { heading: "cache rows", align: "right" },
            { heading: "hits", align: "right" },
          ],
          hits.map(({ rows, fraction }) => [String(rows), `${(100 * fraction).toFixed(2)} %`]),
        ),
    };
  }),
});
