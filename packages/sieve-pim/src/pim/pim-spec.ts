/**
 * HBM3 whose banks multiply, as a DRAM standard with further commands.
 *
 * Ordinary commands are those of HBM3; ACTAB and MACAB go to all banks of a channel, ACTSB and MACSB to the same bank of
 * every group, ACTPB and MACPB to one bank; WRGB, MVSB, MVGB and SFM move vectors beside them.
 */
import {
  type AddedCommand,
  type AddedConstraint,
  type DramSpec,
  extendSpec,
  type TimingConstraint,
} from "@millrace/sim-core";
import type { PimTiming } from "./timing.ts";

const levels = ["channel", "pseudochannel", "rank", "bankgroup", "bank", "row", "column"] as const;
const level = Object.fromEntries(levels.map((name, at) => [name, at])) as Record<(typeof levels)[number], number>;
const ordinary = ["ACT", "PRE", "PREA", "RD", "WR", "RDA", "WRA", "REFab"] as const;

type Row = readonly [at: keyof typeof level, preceding: string, following: string, latency: number, window?: number];

/** The rows of HBM3: who waits how long after whom. */
function ordinaryRows(t: PimTiming): Row[] {
  const read = t.nCL + t.nBL + 2 - t.nCWL;
  const write = t.nCWL + t.nBL;
  return [
    ["channel", "ACT PRE PREA REFab", "ACT PRE PREA REFab", 1],
    ["pseudochannel", "RD RDA", "RD RDA", t.nBL],
    ["pseudochannel", "WR WRA", "WR WRA", t.nBL],
    ["rank", "RD RDA", "RD RDA", t.nCCDS],
    ["rank", "WR WRA", "WR WRA", t.nCCDS],
    ["rank", "RD RDA", "WR WRA", read],
    ["rank", "WR WRA", "RD RDA", write + t.nWTRS],
    ["rank", "ACT", "ACT", t.nRRDS],
    ["rank", "ACT", "ACT", t.nFAW, 4],
    ["rank", "ACT", "PREA", t.nRAS],
    ["rank", "PREA", "ACT", t.nRP],
    ["rank", "RD", "PREA", t.nRTPS],
    ["rank", "WR", "PREA", write + t.nWR],
    ["bankgroup", "RD RDA", "RD RDA", t.nCCDL],
    ["bankgroup", "WR WRA", "WR WRA", t.nCCDL],
    ["bankgroup", "WR WRA", "RD RDA", write + t.nWTRL],
    ["bankgroup", "ACT", "ACT", t.nRRDL],
    ["bank", "ACT", "ACT", t.nRC],
    ["bank", "ACT", "RD RDA WR WRA", t.nRCD],
    ["bank", "ACT", "PRE", t.nRAS],
    ["bank", "PRE", "ACT", t.nRP],
    ["bank", "RD", "PRE", t.nRTPL],
    ["bank", "WR", "PRE", write + t.nWR],
    ["pseudochannel", "ACT", "REFab", t.nRC],
    ["pseudochannel", "PRE PREA", "REFab", t.nRP],
    ["pseudochannel", "RDA", "REFab", t.nRP + t.nRTPL],
    ["pseudochannel", "WRA", "REFab", write + t.nWR + t.nRP],
    ["pseudochannel", "REFab", "ACT REFab", t.nRFC],
  ];
}

/** Commands that compute or move vectors, with the level they act at. */
const added: readonly AddedCommand[] = [
  { name: "ACTAB", scope: "bank", opens: true, bus: "row" },
  { name: "ACTSB", scope: "bank", opens: true, bus: "row" },
  { name: "ACTPB", scope: "bank", opens: true, bus: "row" },
  { name: "PRESB", scope: "bank", closes: true },
  { name: "PREPB", scope: "bank", closes: true },
  ...["MACAB", "MACSB", "MACPB", "WRGB", "MVSB", "MVGB"].map(
    (name): AddedCommand => ({ name, scope: "bank", bus: "column" }),
  ),
  { name: "SFM", scope: "channel", bus: "column" },
];

/** The rows of the added commands. */
function addedRows(t: PimTiming): Row[] {
  const moves = "WRGB MVSB MVGB SFM RD WR";
  return [
    ["channel", "ACTAB", "ACTAB ACT PRE PREA REFab", 2],
    ["channel", "ACTSB", "ACTSB ACT PRE PREA REFab PRESB", 2],
    ["channel", "ACTPB", "ACTPB ACT PRE PREA REFab PREPB", 2],
    ["channel", "MACAB", "MACAB", t.nCCDAB],
    ["channel", "ACTAB", "ACTAB", t.nRC],
    ["channel", "ACTAB", "MACAB", t.nRCD],
    ["channel", "ACTAB", "PREA", t.nRAS],
    ["channel", "MACAB", "PREA", t.nRTPL],
    ["channel", "PREA", "ACTAB", t.nRP],
    ["channel", "MACSB", "MACSB", t.nCCDSB],
    ["bank", "ACTSB", "ACTSB", t.nRC],
    ["bank", "ACTSB", "MACSB", t.nRCD],
    ["bank", "ACTSB", "PRESB", t.nRAS],
    ["bank", "MACSB", "PRESB", t.nRTPL],
    ["bank", "PRESB", "ACTSB", t.nRP],
    ["channel", "MACPB", "MACPB", t.nBL],
    ["rank", "MACPB", "MACPB", t.nCCDS],
    ["bankgroup", "MACPB", "MACPB", t.nCCDL],
    ["bank", "ACTPB", "ACTPB", t.nRC],
    ["bank", "ACTPB", "MACPB", t.nRCD],
    ["bank", "ACTPB", "PREPB", t.nRAS],
    ["bank", "MACPB", "PREPB", t.nRTPL],
    ["bank", "PREPB", "ACTPB", t.nRP],
    ["pseudochannel", "ACTAB ACTSB ACTPB", "REFab", t.nRC],
    ["pseudochannel", "PRESB PREPB", "REFab", t.nRP],
    ["pseudochannel", "REFab", "ACTAB ACTSB ACTPB", t.nRFC],
    ["pseudochannel", moves, "WRGB MVSB MVGB SFM", t.nBL],
    ["pseudochannel", "WRGB MVSB MVGB SFM", "RD WR", t.nBL],
    ["rank", moves, "WRGB MVSB MVGB SFM", t.nCCDS],
    ["rank", "WRGB MVSB MVGB SFM", "RD WR", t.nCCDS],
    ["bankgroup", moves, "WRGB MVSB MVGB SFM", t.nCCDL],
    ["bankgroup", "WRGB MVSB MVGB SFM", "RD WR", t.nCCDL],
  ];
}

/** Rows that let nothing of the other mode begin before the banks are free: for channels that do both. */
function sharingRows(t: PimTiming): Row[] {
  return [
    ["channel", "ACT", "ACTAB ACTSB ACTPB", t.nRC],
    ["channel", "PRE", "ACTAB ACTSB ACTPB", t.nRP],
    ["channel", "PREA", "ACT", t.nRP],
    ["channel", "ACTAB ACTSB ACTPB", "ACT", t.nRC],
  ];
}

/**
 * The standard for `channels` channels. With `shared`, rows are added between ordinary commands and those to many banks;
 * without, each keeps the times of its own.
 */
export function pimSpec(timing: PimTiming, channels: number, shared = false): DramSpec {
  const rows = shared ? [...addedRows(timing), ...sharingRows(timing)] : addedRows(timing);
  return extendSpec(hbm3(timing, channels), {
    commands: added,
    constraints: rows.map(
      ([at, preceding, following, latency]): AddedConstraint => ({
        level: at,
        preceding: preceding.split(" "),
        following: following.split(" "),
        latency,
      }),
    ),
  });
}

function hbm3(timing: PimTiming, channels: number): DramSpec {
  const { name, gigabitsPerSecond, tCKps, ...cycles } = timing;
  const code = (command: string): number => ordinary.indexOf(command as (typeof ordinary)[number]);
  const constraints = ordinaryRows(timing).flatMap(([at, preceding, following, latency, window = 1]) =>
    preceding.split(" ").flatMap((first) =>
      following.split(" ").map((second): TimingConstraint => {
        return { level: level[at], preceding: code(first), following: code(second), latency, window, sibling: false };
      }),
    ),
  );
  return {
    profile: "r20",
    name,
    standard: "HBM3-PIM",
    levels: [...levels],
    counts: [channels, 2, 2, 4, 4, 2 ** 14, 64],
    bankLevel: level.bank,
    refreshLevel: level.pseudochannel,
    prefetch: 2,
    channelWidthBits: 128,
    chipWidthBits: null,
    readLatency: timing.nCL + timing.nBL,
    ticksPerClock: 1,
    commands: ordinary.map((command) => ({
      name: command,
      scope: command === "PREA" || command === "REFab" ? level.channel : command === "ACT" ? level.row : level.bank,
      opens: command === "ACT",
      closes: command.startsWith("PRE") || command.endsWith("A"),
      accesses: command.startsWith("RD") || command.startsWith("WR"),
      refreshes: command === "REFab",
      bus: command.startsWith("RD") || command.startsWith("WR") ? "column" : "row",
    })),
    timing: { ...cycles, rate: gigabitsPerSecond * 1000, tCK_ps: tCKps },
    constraints,
  };
}
