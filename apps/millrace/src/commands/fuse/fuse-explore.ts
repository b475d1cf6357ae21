/** `millrace fuse explore MODEL`: runs every combination of granularity, loop order, lanes and data, with a record to go on from. */
import { availableParallelism } from "node:os";
import {
  type Configuration,
  configurations,
  type ExplorationSubject,
  type Explored,
  figuresOf,
} from "@millrace/fuseflow-sparse";
import { buildCommand, type Command } from "@stricli/core";
import { type CommonFlags, commonFlags, describe, integerFrom } from "../../cli/flags.ts";
import { type Invocation, type Outcome, presenting, type Workplace } from "../../cli/outcome.ts";
import { MillraceError } from "../../errors.ts";
import { explorationReport } from "../../fuse/explore/exploration-report.ts";
import { figureToCsv, pointsToText, ranked } from "../../fuse/explore/exploration-table.ts";
import type { ExplorationPlan } from "../../fuse/explore/explore-job.ts";
import { explorePoints } from "../../fuse/explore/explore-points.ts";
import { exploredView } from "../../fuse/explore/explored-view.ts";
import { ExplorationRecord } from "../../fuse/explore/record.ts";
import { type DataVariant, explorationSubject, fingerprint } from "../../fuse/explore/subject.ts";
import type { MemoryName } from "../../inputs/machine-memory.ts";
import type { JsonValue } from "../../terminal/json.ts";
import { type FuseFlags, fuseFlags, memoryOf, modelArgument, modelOf, requestOf } from "./fuse-flags.ts";

type FuseExploreFlags = CommonFlags &
  Pick<FuseFlags, "input" | "formats" | "dims" | "part" | "memory"> & {
    readonly orders: number;
    readonly lanes: readonly (readonly number[])[];
    readonly blocks: readonly number[];
    readonly data?: readonly DataVariant[] | undefined;
    readonly vary?: string | undefined;
    readonly jobs?: number | undefined;
  };

/** The `fuse explore` command. */
export const fuseExplore: Command<Invocation> = buildCommand<FuseExploreFlags, [string], Invocation>({
  docs: {
    brief: "Simulate a model at every granularity, in several orders and lanes",
    customUsage: [
      "MODEL [-i NAME=VALUE]... [--orders N] [--lanes 1,4,4x4] [--blocks 1,4] [--data uniform:0.1,...] [--out DIR]",
    ],
    fullDescription: describe(
      "Simulates every combination of granularity, loop order (of those that lower to different graphs), lanes of the outer\nloops, tiles and data, checks each against the dense reference, and prints them with the fastest first. With --out every\nresult is kept as it comes, and the same command goes on from there; the folder gets a report with figures, and their data as CSV.",
      [
        "millrace fuse explore gcn --orders 4 --lanes 1,2,4,4x4 --out out/gcn",
        "millrace fuse explore gcn --data uniform:0.02,power-law:0.02,block-diagonal:0.02",
      ],
    ),
  },
  parameters: {
    flags: {
      input: fuseFlags.input,
      formats: fuseFlags.formats,
      dims: fuseFlags.dims,
      part: fuseFlags.part,
      memory: fuseFlags.memory,
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
        brief: "Lanes of the outermost loop; 4x4: and of the next",
        placeholder: "N,...",
        default: "1",
      },
      blocks: {
        kind: "parsed",
        parse: parseBlocks,
        brief: "Edges of square tiles that values become; 1 for none",
        placeholder: "N,...",
        default: "1",
      },
      data: {
        kind: "parsed",
        parse: parseData,
        brief: "Also on drawn data: uniform, power-law or block-diagonal",
        placeholder: "PATTERN:DENSITY,...",
        optional: true,
      },
      vary: {
        kind: "parsed",
        parse: String,
        brief: "Input that is drawn; the first square sparse one unless given",
        placeholder: "NAME",
        optional: true,
      },
      jobs: {
        kind: "parsed",
        parse: integerFrom(1, 256),
        brief: "Simulations at the same time; one per core unless given",
        placeholder: "N",
        optional: true,
      },
      ...commonFlags,
    },
    aliases: { i: "input" },
    positional: { kind: "tuple", parameters: [modelArgument] },
  },
  func: presenting<FuseExploreFlags, [string]>("fuse-explore", explored),
});

async function explored(flags: FuseExploreFlags, place: Workplace, name: string): Promise<Outcome> {
  const { host, progress } = place;
  const model = await modelOf(name, flags, { run: true, place });
  const { name: memory } = memoryOf(flags, null, place);
  progress.begin(`proposing regions of ${model.program.name}`);
  const { data: variants = [], vary: input } = flags;
  const subject = explorationSubject(model, { variants, input, seed: flags.seed });
  const [own] = Object.keys(subject.data);
  const points = configurations({
    data: Object.keys(subject.data),
    granularities: Object.keys(subject.divisions),
    orders: flags.orders,
    lanes: flags.lanes,
    blocks: flags.blocks,
    // Regions are proposed for the data as given.
  }).filter(({ data, granularity }) => data === own || granularity !== "proposed");
  const record = new ExplorationRecord(host.folder, flags.out, fingerprint(subject, memory, host.folder));
  if (record.size > 0) place.note(`going on after ${record.size} results`);
  const left = points.filter((point) => record.known(point) === undefined);
  progress.begin(`exploring ${model.program.name}`);
  let done = 0;
  const completed = await explorePoints(
    left,
    { subject, plan: planOf(name, flags, { subject, memory, folder: host.folder }) },
    {
      jobs: flags.jobs ?? availableParallelism(),
      host,
      onResult: (result) => {
        if (result !== null) record.add(result);
        progress.report(++done, left.length, "configurations");
      },
    },
  );
  if (!completed) throw interruption(done, left, flags.out);
  const results = record.finish(points);
  const figures = figuresOf(results, subject);
  place.kept?.view("points", `Schedules of ${model.program.name}`, exploredView(results));
  if (flags.out !== undefined) {
    for (const figure of figures) place.write(`${flags.out}/${figure.name}.csv`, figureToCsv(figure));
    place.write(`${flags.out}/report.html`, explorationReport(model.program.name, results, { figures, memory }));
  }
  return outcomeOf(results, figures, memory);
}

/** The exploration as threads are told of it. */
function planOf(
  model: string,
  flags: FuseExploreFlags,
  { subject, ...rest }: Pick<ExplorationPlan, "memory" | "folder"> & { readonly subject: ExplorationSubject },
): ExplorationPlan {
  const { inputs, formats, sizes, ...request } = requestOf(flags, true);
  return {
    model,
    request: { ...request, inputs: [...inputs], formats: [...formats], sizes: [...sizes] },
    variants: flags.data ?? [],
    vary: flags.vary ?? null,
    divisions: subject.divisions,
    ...rest,
  };
}

function outcomeOf(results: readonly Explored[], figures: ReturnType<typeof figuresOf>, memory: MemoryName): Outcome {
  const order = ranked(results);
  const wrong = order.some(({ checked }) => checked === false);
  return {
    status: wrong ? 3 : 0,
    json: () => ({
      regions: (order[0]?.regions ?? []) as unknown as JsonValue,
      cycles: order[0]?.cycles ?? null,
      outputs: {},
      checked: order.every(({ cycles, checked }) => cycles === null || checked === true),
      memory,
      configurations: order as unknown as JsonValue,
      figures: figures as unknown as JsonValue,
    }),
    text: () => pointsToText(order),
  };
}

function interruption(done: number, left: readonly Configuration[], out: string | undefined): MillraceError {
  return new MillraceError("interrupted", `interrupted after ${done} of ${left.length} configurations`, {
    ...(out === undefined ? {} : { help: "the same command goes on where it stopped" }),
  });
}

function parseLanes(text: string): readonly (readonly number[])[] {
  const factors = text.split(",").map((word) => word.split("x").map(integerFrom(1, 256)));
  const keys = factors.map((each) => each.join("x"));
  return factors.filter((_, at) => keys.indexOf(keys[at]!) === at);
}

function parseBlocks(text: string): readonly number[] {
  return [...new Set(text.split(",").map(integerFrom(1, 64)))];
}

function parseData(text: string): readonly DataVariant[] {
  return text.split(",").map((word) => {
    const [, pattern, density] = /^(uniform|power-law|block-diagonal):(\d*\.?\d+)$/.exec(word) ?? [];
    const share = Number(density);
    if (pattern !== undefined && share > 0 && share <= 1)
      return { pattern: pattern as DataVariant["pattern"], density: share };
    throw new MillraceError("argument", `must be PATTERN:DENSITY, not "${word}"`, {
      help: "for example uniform:0.05,power-law:0.05,block-diagonal:0.1",
    });
  });
}
