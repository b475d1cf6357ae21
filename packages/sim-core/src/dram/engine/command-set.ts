/**
 * The commands of a spec by the part they play, and which of them a controller issues at all.
 */
import { commandIndex, type DramSpec } from "../spec/dram-spec.ts";

/** Indices into the commands of a spec; -1 for those it lacks. */
export interface CommandSet {
  readonly open: number;
  /** Second half of opening a row, for parts that open in two steps. */
  readonly openSecond: number;
  readonly close: number;
  readonly closeAll: number;
  readonly read: number;
  readonly write: number;
  readonly readClose: number;
  readonly writeClose: number;
  readonly refreshAll: number;
  readonly refreshBank: number;
  /** Starts of the data clock before a read and a write, for parts that stop it. */
  readonly clockRead: number;
  readonly clockWrite: number;
  /** Per command, whether the controller ever issues it. */
  readonly used: readonly boolean[];
}

/** The commands of `spec` for a controller with these options. */
export function commandsOf(spec: DramSpec, options: { refresh: string; rowPolicy: string }): CommandSet {
  const code = (...names: string[]): number =>
    names.reduce((found, n) => (found < 0 ? commandIndex(spec, n) : found), -1);
  const set = {
    open: code("ACT", "ACT1"),
    openSecond: code("ACT2"),
    close: code("PREpb", "PRE"),
    closeAll: code("PREab", "PREA"),
    read: code("RD"),
    write: code("WR"),
    readClose: code("RDA"),
    writeClose: code("WRA"),
    refreshAll: code("REFab"),
    refreshBank: code("REFpb"),
    clockRead: code("CAS_RD"),
    clockWrite: code("CAS_WR"),
  };
  const used = new Set([set.open, set.openSecond, set.close, set.read, set.write, set.clockRead, set.clockWrite]);
  if (options.refresh === "all-bank") used.add(set.refreshAll).add(set.closeAll);
  // Whoever issues added commands wants the rows of ordinary traffic closed first.
  if (spec.commands.some((command) => command.added)) used.add(set.closeAll);
  if (options.refresh === "per-bank") used.add(set.refreshBank);
  if (options.rowPolicy === "closed" && spec.profile === "r21") used.add(set.readClose).add(set.writeClose);
  return { ...set, used: spec.commands.map((command, i) => used.has(i) || command.added === true) };
}
