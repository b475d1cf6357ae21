/**
 * Reads a resolved spec from JSON, in either of the two shapes that are in use: rows of names (Ramulator 2.0 tables) and
 * rows of indices (the export of Ramulator 2.1).
 */
import { SimError } from "../../errors.ts";
import { checkSpec } from "./check-spec.ts";
import type { DramCommand, DramSpec, TimingConstraint } from "./dram-spec.ts";
import { JsonShape } from "./json-shape.ts";

/**
 * A spec from a parsed JSON document; `name` stands for it in messages.
 *
 * @throws {SimError} `dram-spec` with the JSON path of what is wrong.
 */
export function readSpec(document: unknown, name: string): DramSpec {
  const root = new JsonShape(document, name);
  const spec = root.has("resolved") ? readIndexedSpec(root) : readNamedSpec(root);
  return checkSpec(spec);
}

function readNamedSpec(root: JsonShape): DramSpec {
  const levels = root.member("levels").strings();
  const commands = root
    .member("commands")
    .items()
    .map((row): DramCommand => {
      const flag = (key: string): boolean => row.member(key).flag();
      return {
        name: row.member("name").string(),
        scope: indexIn(levels, row.member("scope")),
        opens: flag("open"),
        closes: flag("close"),
        accesses: flag("access"),
        refreshes: flag("refresh"),
        bus: null,
      };
    });
  const names = commands.map((command) => command.name);
  const constraints = root
    .member("constraints")
    .items()
    .map((row): TimingConstraint => {
      const cells = row.items();
      if (cells.length !== 6) row.refuse("[level, preceding, following, latency, window, sibling]");
      return {
        level: indexIn(levels, cells[0]!),
        preceding: indexIn(names, cells[1]!),
        following: indexIn(names, cells[2]!),
        latency: cells[3]!.integer(),
        window: cells[4]!.integer(1),
        sibling: cells[5]!.flag(),
      };
    });
  const timing = root.member("timing");
  const rank = levels.indexOf("rank");
  return {
    profile: "r20",
    name: root.path,
    standard: standardOf(root),
    levels,
    counts: root
      .member("count")
      .items()
      .map((item) => item.integer(1)),
    bankLevel: levels.indexOf("bank"),
    refreshLevel: rank < 0 ? null : rank,
    prefetch: root.member("prefetch").integer(1),
    channelWidthBits: root.member("channelWidth").integer(1),
    chipWidthBits: root.has("dq") ? root.member("dq").integer(1) : null,
    readLatency: root.member("readLatency").integer(),
    ticksPerClock: 1,
    commands,
    timing: Object.fromEntries(timing.keys().map((key) => [key, timing.member(key).integer()])),
    constraints,
  };
}

function standardOf(root: JsonShape): string {
  return root.has("standard") ? root.member("standard").string() : root.path.replace(/^.*?(?=ddr|hbm|lpddr)/i, "");
}

function readIndexedSpec(root: JsonShape): DramSpec {
  const resolved = root.member("resolved");
  const standard = root.member("standard").string();
  const levels = root.member("levels").strings();
  const bankLevel = levels.indexOf("Bank");
  const names = root.member("commands").strings();
  const rows = root.member("rowCommands").strings();
  const columns = root.member("columnCommands").strings();
  const refreshLevel = levels.findIndex((level) => level === "Rank" || level === "PseudoChannel");
  const parameters = root.member("timingParams").strings();
  const values = resolved.member("timing").items();
  if (values.length !== parameters.length) resolved.member("timing").refuse(`${parameters.length} figures`);
  const rowBus = new Set(rows);
  const columnBus = new Set(columns);
  const org = resolved.member("org");
  return {
    profile: "r21",
    name: root.path,
    standard,
    levels,
    counts: org
      .member("count")
      .items()
      .map((item) => item.integer(1)),
    bankLevel,
    refreshLevel: Math.max(refreshLevel, 0),
    prefetch: root.member("prefetch").integer(1),
    channelWidthBits: resolved.member("channel_width").integer(1),
    chipWidthBits: org.member("dq").integer(1),
    readLatency: resolved.member("read_latency").integer(),
    ticksPerClock: root.member("tickMultiplier").integer(1),
    commands: names.map((name) => describeCommand(name, { bankLevel, refreshLevel, rowBus, columnBus })),
    timing: Object.fromEntries(parameters.map((key, i) => [key, values[i]!.integer()])),
    constraints: resolved
      .member("timing_constraints")
      .items()
      .flatMap((row) => readIndexedRow(row, names.length)),
  };
}

function readIndexedRow(row: JsonShape, commands: number): TimingConstraint[] {
  const [level, preceding, following, latency, window, sibling] = row.items();
  if (latency === undefined) row.refuse("[level, [preceding], [following], latency, window, sibling]");
  const index = (cell: JsonShape): number[] => cell.items().map((item) => item.integer(0, commands - 1));
  const after = index(following!);
  return index(preceding!).flatMap((first) =>
    after.map((second) => ({
      level: level!.integer(0, 15),
      preceding: first,
      following: second,
      latency: latency.integer(),
      window: window === undefined ? 1 : window.integer(1),
      sibling: sibling === undefined ? false : sibling.flag(),
    })),
  );
}

interface Surroundings {
  readonly bankLevel: number;
  readonly refreshLevel: number;
  readonly rowBus: ReadonlySet<string>;
  readonly columnBus: ReadonlySet<string>;
}

/** Effects of the commands of profile `r21`, which follow from their names. */
function describeCommand(name: string, { bankLevel, refreshLevel, rowBus, columnBus }: Surroundings): DramCommand {
  const accesses = /^(RD|WR)A?$/.test(name);
  const refreshes = /^(REF|RFM)/.test(name);
  const wide = name.endsWith("ab");
  return {
    name,
    scope: accesses ? bankLevel + 2 : wide ? Math.max(refreshLevel, 0) : bankLevel,
    opens: name === "ACT" || name === "ACT1",
    closes: name.startsWith("PRE") || name === "RDA" || name === "WRA",
    accesses,
    refreshes,
    bus: rowBus.has(name) ? "row" : columnBus.has(name) ? "column" : null,
  };
}

function indexIn(names: readonly string[], cell: JsonShape): number {
  const index = names.indexOf(cell.string());
  if (index < 0) {
    throw new SimError("dram-spec", `${cell.path}: ${cell.string()} is none of ${names.join(", ")}`);
  }
  return index;
}
