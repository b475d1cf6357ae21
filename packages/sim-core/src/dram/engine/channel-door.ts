/**
 * What goes into a DRAM channel and what comes out: settings, requests, commands and answers.
 */
import type { DramQuirks } from "../quirks.ts";

/** How a controller is set up. */
export interface ControllerOptions {
  readonly refresh: "all-bank" | "per-bank" | "none";
  /** `closed`: a row is closed after `cap` accesses. */
  readonly rowPolicy: "open" | "closed";
  readonly cap: number;
  readonly scheduler: "frfcfs" | "frfcfs-row-hit";
  readonly quirks: DramQuirks;
  /** Whether each request gets its address; vectors have none and are all taken for the same. */
  readonly addressed: boolean;
}

/** A request at the door of a channel. Owned and reused by the caller. */
export interface Offer {
  address: number;
  bank: number;
  row: number;
  column: number;
  write: boolean;
  ticket: number;
}

/** A command that was issued. Owned and reused by the channel. */
export interface IssuedCommand {
  channel: number;
  clk: number;
  command: number;
  /** First bank it concerns, and the level of the node whose banks it concerns all. */
  bank: number;
  level: number;
  row: number;
  column: number;
  /** Of the request behind it: 0 read, 1 write, -1 maintenance. */
  kind: number;
}

/** Told of every command. */
export interface CommandObserver {
  issued(command: IssuedCommand): void;
}

/** Told when requests are done. */
export interface CompletionObserver {
  /** The data of a read ends at tick `depart`; the controller gives it back in tick `retire`. */
  readDone(ticket: number, depart: number, retire: number): void;
  /** The write command was issued in tick `clk`, or is not needed: a later write to the address absorbs it. */
  writeDone(ticket: number, clk: number): void;
}

/** What became of an offer. */
export type Verdict = 0 | 1 | 2 | 3;
export const REFUSED = 0;
export const QUEUED = 1;
export const FORWARDED = 2;
export const ABSORBED = 3;
