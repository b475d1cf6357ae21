/** `read-lookups`: row ids of a trace as bags, and how often rows come again. */
import { analyzeReuse } from "@millrace/ember-dae";
import { loadTrace } from "../../../embed/load-trace.ts";
import { MillraceError } from "../../../errors.ts";
import { formatCount } from "../../../terminal/quantity.ts";
import { file } from "../../options/file-options.ts";
import { integer } from "../../options/scalar-options.ts";
import { type StageKind, stageKind } from "../../stage-kind.ts";

/** The kind. */
export const readLookups: StageKind = stageKind({
  name: "read-lookups",
  brief: "Reads row ids of a trace as bags",
  packages: ["ember-dae"],
  inputs: {},
  options: {
    trace: file("Row ids: text, .u32le or .u64le, perhaps gzipped", "a file"),
    ids: integer("Take the first so many ids", { least: 1, most: 100_000_000, fallback: 16_384 }),
    rows: integer("Rows of the table", { least: 1, most: 1_000_000_000, fallback: 1_000_000 }),
    width: integer("Elements of a row", { least: 1, most: 65_536, fallback: 64 }),
    bag: integer("Ids of a bag", { least: 1, most: 1_000_000, fallback: 80 }),
  },
  output: "lookups",
  run({ options: { trace, ids: most, rows, width, bag }, place }) {
    const ids = loadTrace(place.folder, trace).subarray(0, most);
    const outside = ids.findIndex((id) => id >= rows);
    if (outside >= 0) {
      throw new MillraceError(
        "argument",
        `id ${ids[outside]} at place ${outside} of ${trace} is beyond the ${rows} rows`,
        { help: "raise rows" },
      );
    }
    const { unique, averageReuse, hits } = analyzeReuse(ids, [64, 1024, 16_384]);
    return {
      output: { trace, ids: ids.length, rows, width, bag },
      gave: `${formatCount(ids.length)} ids of ${formatCount(unique)} rows in ${formatCount(Math.ceil(ids.length / bag))} bags`,
      check: { against: "the rows of the table", compared: ids.length, differing: 0, unit: "ids" },
      tables: [
        {
          title: `A row that is used is used ${averageReuse.toFixed(2)} times`,
          columns: ["rows of a cache", "lookups that hit"],
          rows: hits.map(({ rows: held, fraction }) => [held, `${(100 * fraction).toFixed(1)} %`]),
        },
      ],
    };
  },
});
