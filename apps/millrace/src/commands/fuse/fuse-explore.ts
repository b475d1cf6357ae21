/** `millrace fuse explore MODEL`: granularity x loop order x lanes, simulated one by one; goes on where it was interrupted. */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { RegionSchedule } from "@millrace/fuseflow-sparse";
import { buildCommand, type Command } from "@stricli/core";
import { type CommonFlags, commonFlags, describe, integerFrom } from "../../cli/flags.ts";
import { type Invocation, presenting } from "../../cli/outcome.ts";
import { MillraceError } from "../../errors.ts";
import { configurations, type Explored, explore, keyOf, readRecord } from "../../fuse/explore.ts";
import type { JsonValue } from "../../terminal/json.ts";
import { formatBytes, formatCount } from "../../terminal/quantity.ts";
import { renderTable } from "../../terminal/table.ts";
import { type FuseFlags, fuseFlags, memoryOf, modelArgument, modelOf } from "./fuse-flags.ts";

type FuseExploreFlags = CommonFlags & FuseFlags & { readonly orders: number; readonly lanes: readonly number[] };

/** The `fuse explore` command. */
export const fuseExplore: Command<Invocation> = buildCommand<FuseExploreFlags, [string], Invocation>({
  docs: {
    brief: "Simulate a model at every granularity, in several orders and lanes",
    customUsage: ["MODEL [-i NAME=VALUE]... [--orders N] [--lanes 1,2,4] [--out DIR]"],
    fullDescription: describe(
      "Simulates every combination of granularity, loop order (of those that lower to different graphs) and lanes of the\noutermost loop, checks each against the dense reference, and prints them with the fastest first. With --out every result\nis kept as it comes, and a later run with the same folder goes on from there.",
      ["millrace fuse explore gcn --orders 2 --lanes 1,4 --out out/gcn"],
    ),
  },
  parameters: {
    flags: {
      ...fuseFlags,
      orders: {
        kind: "parsed",
        parse: integerFrom(1, 1000),
        brief: "Most loop orders of each region",
        placeholder: "N",
        default: "1",
      },
      lanes: {
        kind: "parsed",
        parse: parseLanes,
        brief: "Lanes of the outermost loop",
        placeholder: "N,...",
        default: "1",
      },
      ...commonFlags,
    },
    aliases: { i: "input" },
    positional: { kind: "tuple", parameters: [modelArgument] },
  },
  func: presenting<FuseExploreFlags, [string]>("fuse-explore", async (flags, place, name) => {
    const model = await modelOf(name, flags, { run: true, place });
    const { name: memoryName, memory } = memoryOf(flags, null, place);
    const divisions = divisionsOf(model);
    const record = flags.out === undefined ? null : `${flags.out}/explored.jsonl`;
    const path = record === null ? null : resolve(place.host.folder, record);
    const known = new Map(path !== null && existsSync(path) ? readRecord(readFileSync(path, "utf8")) : []);
    const resumed = known.size;
    const all = configurations(Object.keys(divisions), flags);
    const results: Explored[] = [];
    for (const [at, configuration] of all.entries()) {
      if (place.host.stopRequested())
        throw new MillraceError("interrupted", `interrupted after ${at} of ${all.length}`);
      place.progress.begin(`${at + 1}/${all.length} ${keyOf(configuration)}`);
      const found =
        known.get(keyOf(configuration)) ??
        explore(model, configuration, { regions: divisions[configuration.granularity]!, simulate: { memory } });
      if (found === null) continue;
      results.push(found);
      known.set(keyOf(found), found);
      if (record !== null)
        place.write(record, [...known.values()].map((entry) => `${JSON.stringify(entry)}\n`).join(""));
    }
    const ranked = results.toSorted(
      (a, b) => (a.cycles ?? Number.POSITIVE_INFINITY) - (b.cycles ?? Number.POSITIVE_INFINITY),
    );
    const checked = ranked.every((entry) => entry.cycles === null || entry.checked);
    return {
      status: checked ? 0 : 3,
      json: () => ({
        regions: [],
        cycles: ranked[0]?.cycles ?? null,
        outputs: {},
        checked,
        memory: memoryName,
        resumed,
        configurations: ranked as unknown as JsonValue,
      }),
      text: () => table(ranked),
    };
  }),
});

function divisionsOf({
  program,
  granularities,
}: Awaited<ReturnType<typeof modelOf>>): Readonly<Record<string, readonly RegionSchedule[]>> {
  const tensors = program.statements.map(({ tensor }) => tensor);
  return {
    unfused: tensors.map((tensor) => ({ name: tensor, tensors: [tensor] })),
    ...granularities,
    ...(granularities.full === undefined && { whole: [{ name: program.name, tensors }] }),
  };
}

function table(ranked: readonly Explored[]): string {
  const unfused = ranked.find(
    ({ granularity, order, lanes }) => granularity === "unfused" && order === 0 && lanes === 1,
  );
  const rows = ranked.map(({ granularity, order, lanes, cycles, flops, bytes, nodes, checked, reason }) => [
    granularity,
    `${order}`,
    `${lanes}`,
    cycles === null ? "-" : formatCount(cycles),
    cycles === null || !unfused?.cycles ? "-" : `${(unfused.cycles / cycles).toFixed(2)}x`,
    formatCount(flops),
    formatBytes(bytes),
    `${nodes}`,
    cycles === null ? (reason ?? "no graph") : checked ? "ok" : "wrong",
  ]);
  const right = { align: "right" } as const;
  return renderTable(
    [
      { heading: "granularity", align: "left" },
      { heading: "order", ...right },
      { heading: "lanes", ...right },
      { heading: "cycles", ...right },
      { heading: "speed-up", ...right },
      { heading: "operations", ...right },
      { heading: "moved", ...right },
      { heading: "blocks", ...right },
      { heading: "values", align: "left" },
    ],
    rows,
  );
}

function parseLanes(text: string): readonly number[] {
  return text.split(",").map(integerFrom(1, 256));
}
