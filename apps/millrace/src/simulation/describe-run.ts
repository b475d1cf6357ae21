/** A simulation as a result: the JSON document that scripts rely on, and tables for people. */
import type { DramChannelSummary, MemoryReport } from "@millrace/sim-core";
import type { CoordinateList, Tensor } from "@millrace/tensor";
import { entryCount, printFormat, unpack } from "@millrace/tensor";
import { lossShares } from "../dram/loss-cause.ts";
import type { JsonValue } from "../terminal/json.ts";
import { formatBytes, formatCount, formatShare } from "../terminal/quantity.ts";
import { renderPairs, renderTable, type TableColumn } from "../terminal/table.ts";
import { counted } from "../terminal/wording.ts";
import type { GraphRun } from "./run-graph.ts";

/** The document of `--json`; `extra` adds members to it. */
export function runToJson(run: GraphRun, extra: Readonly<Record<string, JsonValue>> = {}): JsonValue {
  const { report, settings, counts } = run;
  const types = new Map(run.graph.blocks.map((block) => [block.id, block.type]));
  return {
    name: run.graph.name,
    profile: settings.profile,
    memory: settings.memory,
    fifo: settings.fifo ?? null,
    cycles: report.cycles,
    outputs: Object.fromEntries(Object.entries(run.outputs).map(([name, tensor]) => [name, outputToJson(tensor)])),
    nodes: report.nodes.map(({ id, busy, starved, blocked }) => ({
      id,
      type: types.get(id) ?? "memory",
      busy,
      starved,
      blocked,
    })),
    channels: report.channels.map(({ id, tokens, highWater }) => ({ id, tokens, highWater })),
    counts: counts as unknown as JsonValue,
    memories: run.report.memories as unknown as JsonValue,
    deadlock: report.deadlock as unknown as JsonValue,
    ...extra,
  };
}

/** A tensor as a member of the JSON document. */
export function outputToJson(tensor: Tensor): JsonValue {
  return { shape: tensor.shape, format: printFormat(tensor.format), entries: entriesOf(unpack(tensor)) };
}

function* entriesOf(list: CoordinateList): Generator<number[]> {
  const count = entryCount(list);
  for (let e = 0; e < count; e++) yield [...list.coordinates.map((array) => array[e]!), list.values[e]!];
}

const nodeColumns: readonly TableColumn[] = [
  { heading: "node", align: "left" },
  { heading: "type", align: "left" },
  { heading: "busy", align: "right" },
  { heading: "starved", align: "right" },
  { heading: "blocked", align: "right" },
];

/** The tables for people: what ran, how long, what came out, and where the time went. */
export function runToText(run: GraphRun): string {
  const { report, settings, graph, counts } = run;
  const fifo = settings.fifo === undefined ? "unbounded queues" : `queues of ${formatCount(settings.fifo)}`;
  const pairs: [string, string][] = [
    ["graph", graph.expression === undefined ? graph.name : `${graph.name}: ${graph.expression}`],
    ["machine", `profile ${settings.profile}, memory ${settings.memory}, ${fifo}`],
    ["cycles", formatCount(report.cycles)],
    ["tokens", `${formatCount(counts.tokens)} (${(counts.tokens / Math.max(1, report.cycles)).toFixed(2)} per cycle)`],
    ...run.report.memories.map((memory): [string, string] => [memory.id, trafficText(memory)]),
    ...Object.entries(run.outputs).map(([name, tensor]): [string, string] => [
      `output ${name}`,
      `${counted(entryCount(unpack(tensor)), "entry", "entries")}, ${shapeText(tensor.shape)}, ${printFormat(tensor.format)}`,
    ]),
  ];
  const types = new Map(graph.blocks.map((block) => [block.id, block.type]));
  const share = (cycles: number): string => formatShare(cycles / Math.max(1, report.cycles));
  const nodes = report.nodes.map(({ id, busy, starved, blocked }) => [
    id,
    types.get(id) ?? "memory",
    share(busy),
    share(starved),
    share(blocked),
  ]);
  return `${renderPairs(pairs)}\n${renderTable(nodeColumns, nodes)}${deadlockText(run)}`;
}

function trafficText({ bytesRead, bytesWritten, channels }: MemoryReport): string {
  const moved = `${formatBytes(bytesRead)} read, ${formatBytes(bytesWritten)} written`;
  if (channels === undefined) return moved;
  const total = (of: (channel: DramChannelSummary) => number): number =>
    channels.reduce((sum, each) => sum + of(each), 0);
  const hits =
    total((each) => each.hits) /
    Math.max(
      1,
      total((each) => each.hits + each.misses + each.conflicts),
    );
  return `${moved}, ${formatShare(hits)} row hits, ${formatShare(lossShares(channels).data)} of the peak`;
}

function deadlockText({ report }: GraphRun): string {
  const { deadlock } = report;
  if (deadlock === null) return "";
  const waits = deadlock.cycle.map(({ node, channel, waitsFor, owedBy }) => {
    const what = waitsFor === "token" ? `a token of ${channel}` : `a free slot in ${channel}`;
    return `  ${node} waits for ${what}, which ${owedBy} owes it`;
  });
  const way =
    deadlock.capacity === null
      ? "no queue size frees it"
      : `queues of ${deadlock.capacity} free it: --fifo ${deadlock.capacity}`;
  return `\ndeadlock at cycle ${formatCount(report.cycles)}: ${way}\n${waits.join("\n")}\n`;
}

function shapeText(shape: readonly number[]): string {
  return shape.length === 0 ? "scalar" : shape.map((extent) => formatCount(extent)).join(" x ");
}
