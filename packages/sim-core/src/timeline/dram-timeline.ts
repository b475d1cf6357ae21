/**
 * A recording of DRAM commands that Perfetto opens: for each bank a line with the rows that were open and the accesses
 * to them, for each data bus its bursts, for each node that refreshes as one its refreshes.
 */
import type { CommandObserver, IssuedCommand } from "../dram/engine/channel.ts";
import type { DramSpec } from "../dram/spec/dram-spec.ts";
import { EventLog } from "./event-log.ts";
import { EVENT_TYPE, PerfettoWriter } from "./perfetto-writer.ts";
import type { TimelineOptions } from "./timeline.ts";
import { TrackTree } from "./track-tree.ts";

/** The lines of one channel, made when it issues its first command. */
interface ChannelTracks {
  /** Per level and node, in tree order: its track. */
  readonly nodes: readonly (readonly number[])[];
  /** Per node of the level that has the data buses: the track of its bus. */
  readonly buses: readonly number[];
  /** Per bank: since when a row is open, -1 for none, and which. */
  readonly openSince: Float64Array;
  readonly openRow: Int32Array;
}

/** Records the commands of one memory: make it their observer, then `encode` it. */
export class DramTimeline implements CommandObserver {
  readonly #spec: DramSpec;
  readonly #log: EventLog;
  readonly #tracks: TrackTree = new TrackTree();
  readonly #channels = new Map<number, ChannelTracks>();
  readonly #names: string[] = [];
  readonly #ids = new Map<string, number>();
  readonly #banksBelow: readonly number[];
  // Level whose nodes have a data bus each, and ticks of a burst on it.
  readonly #busLevel: number;
  readonly #burst: number;

  constructor(spec: DramSpec, options: TimelineOptions = {}) {
    const { from = 0, until = Number.POSITIVE_INFINITY, maximumEvents = 1_000_000 } = options;
    this.#spec = spec;
    this.#log = new EventLog({ from, until, maximum: maximumEvents });
    const { bankLevel, counts } = spec;
    this.#banksBelow = Array.from({ length: bankLevel + 1 }, (_, level) =>
      counts.slice(level + 1, bankLevel + 1).reduce((product, count) => product * count, 1),
    );
    this.#busLevel = /^pseudo/i.test(spec.levels[1]!) ? 1 : 0;
    this.#burst = spec.timing.nBL ?? 1;
  }

  /** The tick from which events were dropped for their number; `null` if none were. */
  get truncatedAt(): number | null {
    return this.#log.truncatedAt;
  }

  issued({ channel, clk, command, bank, level, row }: IssuedCommand): void {
    const { name, opens, closes, accesses, refreshes } = this.#spec.commands[command]!;
    const tracks = this.#tracksOf(channel);
    const node = Math.floor(bank / this.#banksBelow[level]!);
    const track = tracks.nodes[level]![node]!;
    if (accesses) {
      this.#log.instant(track, clk, this.#name(name), 0);
      const bus = tracks.buses[Math.floor(bank / this.#banksBelow[this.#busLevel]!)]!;
      this.#log.slice(bus, { from: clk, until: clk + this.#burst }, this.#name(name));
    }
    if (opens) {
      tracks.openSince[bank] = clk;
      tracks.openRow[bank] = row;
    }
    if (closes) {
      const first = node * this.#banksBelow[level]!;
      for (let each = first; each < first + this.#banksBelow[level]!; each++) this.#close(tracks, each, clk);
    }
    if (refreshes) this.#log.slice(track, { from: clk, until: clk + this.#refreshTicks(name) }, this.#name(name));
  }

  /** The trace file of a run of `cycles` ticks: open it in the Perfetto UI. The same commands give the same bytes. */
  encode(cycles: number): Uint8Array {
    for (const tracks of this.#channels.values()) {
      for (let bank = 0; bank < tracks.openSince.length; bank++) this.#close(tracks, bank, cycles);
    }
    const writer = new PerfettoWriter();
    for (const track of this.#tracks.tracks) writer.track(track);
    for (const { kind, track, time, end, name } of this.#log.events()) {
      const type = kind === "slice" ? EVENT_TYPE.sliceBegin : EVENT_TYPE.instant;
      writer.begin(type, { track, time }, this.#names[name]!, 0);
      if (kind === "slice") writer.end(track, end);
    }
    return writer.finish();
  }

  #close(tracks: ChannelTracks, bank: number, clk: number): void {
    const since = tracks.openSince[bank]!;
    if (since < 0) return;
    tracks.openSince[bank] = -1;
    const track = tracks.nodes[this.#spec.bankLevel]![bank]!;
    this.#log.slice(track, { from: since, until: clk }, this.#name(`row ${tracks.openRow[bank]}`));
  }

  #refreshTicks(name: string): number {
    const { timing } = this.#spec;
    return (/(pb|sb)$/.test(name) ? timing.nRFCpb : undefined) ?? timing.nRFC ?? timing.nRFC1 ?? 1;
  }

  #tracksOf(channel: number): ChannelTracks {
    const known = this.#channels.get(channel);
    if (known !== undefined) return known;
    const { bankLevel, counts, levels } = this.#spec;
    const root = `channel ${channel}`;
    const nodes: number[][] = [[this.#tracks.node(root)]];
    const buses: number[] = [];
    let ids = [root];
    if (this.#busLevel === 0) buses.push(this.#tracks.node(`${root}/data bus`));
    for (let level = 1; level <= bankLevel; level++) {
      const name = levels[level]!.toLowerCase();
      ids = ids.flatMap((id) => Array.from({ length: counts[level]! }, (_, at) => `${id}/${name} ${at}`));
      nodes.push(ids.map((id) => this.#tracks.node(id)));
      if (level === this.#busLevel) buses.push(...ids.map((id) => this.#tracks.node(`${id}/data bus`)));
    }
    const made: ChannelTracks = {
      nodes,
      buses,
      openSince: new Float64Array(ids.length).fill(-1),
      openRow: new Int32Array(ids.length),
    };
    this.#channels.set(channel, made);
    return made;
  }

  #name(name: string): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    this.#ids.set(name, this.#names.length);
    return this.#names.push(name) - 1;
  }
}
