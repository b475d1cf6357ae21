/**
 * What every resolved spec must obey before a controller may rely on it.
 */
import { SimError } from "../../errors.ts";
import { accessesPerRow, commandIndex, type DramSpec } from "./dram-spec.ts";

const LARGEST_LATENCY = 1_000_000;

/**
 * Returns `spec` if a controller can run it.
 *
 * @throws {SimError} `dram-spec` if counts are not powers of two, a command is missing, or a timing is impossible.
 */
export function checkSpec(spec: DramSpec): DramSpec {
  checkCounts(spec);
  checkCommands(spec);
  if (spec.readLatency < 1) refuse(spec, `read latency must be at least 1 tick, not ${spec.readLatency}`);
  if (!(Number.isInteger(spec.timing.tCK_ps) && spec.timing.tCK_ps! > 0)) {
    refuse(spec, "timing tCK_ps must be a positive integer of picoseconds");
  }
  for (const { level, latency, window, preceding, following } of spec.constraints) {
    const pair = `${spec.commands[preceding]?.name} to ${spec.commands[following]?.name}`;
    if (level > spec.bankLevel) refuse(spec, `constraint ${pair} lies below the banks, where no state is kept`);
    if (latency < 0 || latency > LARGEST_LATENCY) {
      refuse(spec, `constraint ${pair} has latency ${latency}, outside 0 to ${LARGEST_LATENCY}`);
    }
    if (window < 1 || window > 64) refuse(spec, `constraint ${pair} has window ${window}, outside 1 to 64`);
  }
  if (spec.refreshLevel !== null) checkRefresh(spec);
  return spec;
}

function checkCounts(spec: DramSpec): void {
  if (spec.bankLevel < 1 || spec.counts.length !== spec.levels.length || spec.levels.length !== spec.bankLevel + 3) {
    refuse(spec, "levels must run from the channel over at least a bank to row and column, with a count for each");
  }
  for (const [i, count] of spec.counts.entries()) {
    if (!Number.isInteger(Math.log2(count)) || count > 2 ** 30) {
      refuse(spec, `count of ${spec.levels[i]} must be a power of two, not ${count}`);
    }
  }
  let banks = 1;
  for (let level = 1; level <= spec.bankLevel; level++) banks *= spec.counts[level]!;
  if (banks > 4096) refuse(spec, `a channel may have up to 4096 banks, not ${banks}`);
  if (accessesPerRow(spec) < 1) {
    refuse(spec, `a row of ${spec.counts.at(-1)} columns is shorter than one access of ${spec.prefetch}`);
  }
}

function checkCommands(spec: DramSpec): void {
  if (spec.commands.length > 32) refuse(spec, `a part may have up to 32 commands, not ${spec.commands.length}`);
  const two = commandIndex(spec, "ACT1") >= 0;
  const close = spec.profile === "r20" ? "PRE" : "PREpb";
  for (const name of [...(two ? ["ACT1", "ACT2", "CAS_RD", "CAS_WR"] : ["ACT"]), close, "RD", "WR"]) {
    if (commandIndex(spec, name) < 0) refuse(spec, `command ${name} is missing`);
  }
}

/** A bank under refresh must not be opened: the engines keep no other record of it. */
function checkRefresh(spec: DramSpec): void {
  const refresh = commandIndex(spec, "REFab");
  if (refresh < 0) refuse(spec, "command REFab is missing, yet the part is refreshed");
  if (!(spec.timing.nREFI! >= 1)) refuse(spec, "timing nREFI must be at least 1 tick");
  const cycles = refreshCycles(spec);
  if (spec.profile !== "r20" || cycles === null) return;
  const open = commandIndex(spec, "ACT");
  const kept = spec.constraints.some(
    ({ level, preceding, following, latency, sibling }) =>
      preceding === refresh && following === open && latency >= cycles && level <= spec.refreshLevel! && !sibling,
  );
  if (!kept) refuse(spec, `no constraint keeps ACT away for the ${cycles} cycles of REFab`);
}

/** Cycles for which a bank of profile `r20` is under refresh; `null` for standards without that state. */
export function refreshCycles(spec: DramSpec): number | null {
  if (spec.profile !== "r20" || commandIndex(spec, "REFab_end") < 0) return null;
  return spec.timing.nRFC ?? spec.timing.nRFC1 ?? null;
}

function refuse(spec: DramSpec, message: string): never {
  throw new SimError("dram-spec", `${spec.name}: ${message}`);
}
