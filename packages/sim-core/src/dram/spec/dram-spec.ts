/**
 * A DRAM standard with all its figures resolved: a tree of levels, commands, and a table of what must wait for what.
 */

/** Whose rules a device and its controller follow: Ramulator 2.0 or 2.1. */
export type Profile = "r20" | "r21";

/** What a command does to a bank and which command bus it takes. */
export interface DramCommand {
  readonly name: string;
  /** Level at which the command acts: everything below the addressed node of that level. Index into `levels`. */
  readonly scope: number;
  /** Whether the command leaves the addressed row open and takes its request on to the column command. */
  readonly opens: boolean;
  readonly closes: boolean;
  readonly accesses: boolean;
  readonly refreshes: boolean;
  /** Bus of parts with one bus for rows and one for columns; `null` for parts with a single bus. */
  readonly bus: "row" | "column" | null;
  /** Whether it was added to the standard: the controllers here never issue it of their own accord. */
  readonly added?: boolean;
}

/** After `preceding`, at a node of `level`, `following` must wait `latency` ticks there. */
export interface TimingConstraint {
  readonly level: number;
  readonly preceding: number;
  readonly following: number;
  readonly latency: number;
  /** The wait counts from the `window`-th last `preceding`; above 1 it limits how many fit into a stretch of time. */
  readonly window: number;
  /** Whether it holds for the other children of the parent instead of for the node itself. */
  readonly sibling: boolean;
}

/** One channel of a DRAM standard, resolved to ticks. */
export interface DramSpec {
  readonly profile: Profile;
  /** Name in reports and messages. */
  readonly name: string;
  /** Family, such as `DDR4`. */
  readonly standard: string;
  /** From the channel down to row and column, as the command log names them. */
  readonly levels: readonly string[];
  /** Children per node of the level above, parallel to `levels`; the first is the number of channels. */
  readonly counts: readonly number[];
  readonly bankLevel: number;
  /** Level of the nodes that refresh as one: rank, pseudo-channel or channel. `null`: the profile never refreshes it. */
  readonly refreshLevel: number | null;
  /** Columns moved by one access. */
  readonly prefetch: number;
  readonly channelWidthBits: number;
  /** Bits of one chip, where the source says. */
  readonly chipWidthBits: number | null;
  /** Ticks from a read command to the end of its data. */
  readonly readLatency: number;
  /** Ticks per clock cycle: 2 for parts simulated in half clocks. */
  readonly ticksPerClock: number;
  readonly commands: readonly DramCommand[];
  /** Named figures in ticks; `rate` in megatransfers per second, `tCK_ps` in picoseconds. */
  readonly timing: Readonly<Record<string, number>>;
  readonly constraints: readonly TimingConstraint[];
}

/** Bytes of one access. */
export function transactionBytes(spec: DramSpec): number {
  return (spec.prefetch * spec.channelWidthBits) / 8;
}

/** Number of columns that an address can name: those of a row in units of one access. */
export function accessesPerRow(spec: DramSpec): number {
  return spec.counts[spec.bankLevel + 2]! / spec.prefetch;
}

/** Index of the command called `name`, or -1. */
export function commandIndex(spec: DramSpec, name: string): number {
  return spec.commands.findIndex((command) => command.name === name);
}

/** Length of a tick in picoseconds. */
export function tickPicoseconds(spec: DramSpec): number {
  // Parts in half clocks keep tCK of the tick in their tables.
  return spec.timing.tCK_ps!;
}

/** The same standard with another number of channels. */
export function withChannels(spec: DramSpec, channels: number): DramSpec {
  return { ...spec, counts: [channels, ...spec.counts.slice(1)] };
}
