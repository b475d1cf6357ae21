/** `millrace fuse compile MODEL`: the graphs of a model's regions. */
import {
  compileProgram,
  countOrders,
  estimateProgram,
  printGraphJson,
  printGraphviz,
  printProgram,
  proposeFusion,
  storedTensor,
  withBlock,
} from "@millrace/fuseflow-sparse";
import { buildCommand, type Command } from "@stricli/core";
import { type CommonFlags, commonFlags, describe } from "../../cli/flags.ts";
import { type Invocation, presenting } from "../../cli/outcome.ts";
import { MillraceError } from "../../errors.ts";
import { modelGraphView } from "../../fuse/model-views.ts";
import { decisionsToText } from "../../fuse/run-model.ts";
import { PassTexts } from "../../simulation/keep-views.ts";
import { formatCount } from "../../terminal/quantity.ts";
import { renderTable } from "../../terminal/table.ts";
import { type FuseFlags, fuseFlags, modelArgument, modelOf, scheduleOf } from "./fuse-flags.ts";

type FuseCompileFlags = CommonFlags &
  FuseFlags & { readonly printAfter?: string | undefined; readonly emit: "summary" | "gv" | "json" | "program" };

/** The `fuse compile` command. */
export const fuseCompile: Command<Invocation> = buildCommand<FuseCompileFlags, [string], Invocation>({
  docs: {
    brief: "Compile a model to fused dataflow graphs",
    customUsage: ["MODEL [--schedule FILE | --fuse GRANULARITY] [--block N] [--formats A=ss,...] [--print-after PASS]"],
    fullDescription: describe(
      "Compiles every fusion region of a model to a SAM graph and prints orders and sizes, or the graphs. With --print-after\nthe result of a pass is printed for each region: fuse, order, table (the fusion table, cell by cell), lower, common-blocks,\njoin-duplicates, locate-dense, lanes, dead-blocks, or all. Costs are estimates, where there are operands to estimate from.",
      ["millrace fuse compile gcn --fuse partial", "millrace fuse compile gcn --fuse full --print-after table"],
    ),
  },
  parameters: {
    flags: {
      ...fuseFlags,
      printAfter: {
        kind: "parsed",
        parse: parsePass,
        brief: "Print what a pass made",
        placeholder: "PASS",
        optional: true,
      },
      emit: {
        kind: "enum",
        values: ["summary", "gv", "json", "program"],
        brief: "Print a summary, the graphs, or the program",
        default: "summary",
      },
      ...commonFlags,
    },
    aliases: { i: "input" },
    positional: { kind: "tuple", parameters: [modelArgument] },
  },
  func: presenting<FuseCompileFlags, [string]>("fuse-compile", async (flags, place, name) => {
    const model = await modelOf(name, flags, { run: false, place });
    const { program, operands } = model;
    const stored = new Map(Object.entries(operands).map(([tensor, value]) => [tensor, storedTensor(value)]));
    const tiled = flags.block === undefined ? { regions: [] } : withBlock({ regions: [] }, flags.block);
    const schedule = scheduleOf(model, flags, place) ?? {
      ...tiled,
      regions: proposeFusion(program, operands, { stored, schedule: tiled }).regions,
    };
    const printed: string[] = [];
    const texts = new PassTexts();
    let region = -1;
    const compiled = compileProgram(program, {
      schedule,
      stored,
      observe: (pass, text) => {
        if (pass === "fuse") region += 1;
        if (place.kept !== undefined) texts.add(`${region} ${pass}`, text(), pass === "fuse");
        if (flags.printAfter === pass || flags.printAfter === "all") printed.push(`// after ${pass}\n${text()}\n`);
      },
    });
    const known = program.inputs.every((input) => Object.hasOwn(operands, input.name));
    const estimate = known ? estimateProgram(compiled, operands) : null;
    const graphs = compiled.regions.flatMap(({ kernels }) => kernels.map(({ graph }) => graph));
    place.kept?.view(
      "passes",
      `Passes over ${program.name}`,
      texts.view((name) => name.replace(/^\d+/, (at) => compiled.regions[Number(at)]?.name ?? "")),
    );
    place.kept?.view("graph", program.name, modelGraphView(compiled, null));
    if (flags.out !== undefined) {
      for (const graph of graphs) place.write(`${flags.out}/${graph.name}.json`, printGraphJson(graph));
    }
    const regions = compiled.regions.map(({ name: region, kernels }, at) => ({
      name: region,
      cycles: estimate === null ? null : Math.round(estimate.regions[at]!.cycles),
      flops: estimate === null ? null : Math.round(estimate.regions[at]!.flops),
      bytes: estimate === null ? null : Math.round(estimate.regions[at]!.bytes),
      nodes: kernels.reduce((sum, { graph }) => sum + graph.blocks.length, 0),
      orders: kernels.map(({ order }) => order.join(",")),
      legalOrders: kernels.map(({ partial }) => countOrders(partial)?.toString() ?? null),
    }));
    const summary = (): string => {
      const rows = regions.map(({ name: region, cycles, nodes, orders, legalOrders }) => [
        region,
        cycles === null ? "-" : `~${formatCount(cycles)}`,
        `${nodes}`,
        orders.at(-1) ?? "",
        legalOrders.at(-1) ?? "many",
      ]);
      const columns = [
        { heading: "region", align: "left" },
        { heading: "cycles", align: "right" },
        { heading: "blocks", align: "right" },
        { heading: "loops", align: "left" },
        { heading: "legal orders", align: "right" },
      ] as const;
      return `${renderTable(columns, rows)}${decisionsToText(compiled)}`;
    };
    const text = (): string => {
      if (printed.length > 0) return printed.join("\n");
      if (flags.emit === "program") return printProgram(program);
      if (flags.emit === "summary") return summary();
      return graphs.map((graph) => (flags.emit === "gv" ? printGraphviz(graph) : printGraphJson(graph))).join("\n");
    };
    return {
      json: () => ({
        regions,
        cycles: estimate === null ? null : Math.round(estimate.cycles),
        outputs: {},
        checked: false,
        estimated: true,
        ...(printed.length === 0 ? {} : { printed }),
      }),
      text,
    };
  }),
});

const passes = [
  "fuse",
  "order",
  "table",
  "lower",
  "common-blocks",
  "join-duplicates",
  "locate-dense",
  "dead-blocks",
  "lanes",
  "all",
];

function parsePass(word: string): string {
  if (passes.includes(word)) return word;
  throw new MillraceError("argument", `there is no pass "${word}"`, { help: `passes are ${passes.join(", ")}` });
}
