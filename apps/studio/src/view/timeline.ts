/** A timeline: tracks in a tree, each with its spans, instants or counter values, in the order of time. */
import { StudioError } from "../errors.ts";
import { type EventPacket, readPackets, type TrackPacket } from "../timeline/trace-packets.ts";

/** Spans of one track in the order they begin; they do not overlap. Parallel columns. */
export interface Spans {
  readonly from: Float64Array;
  /** At least `from`. */
  readonly until: Float64Array;
  /** Index into the names of the timeline. */
  readonly name: Uint32Array;
}

/** A line of a timeline; a counter has values, any other line has spans and instants. */
export interface TimelineTrack {
  /** Names of the tracks around it and its own, joined by slashes; the outermost one is left out where there is only one. */
  readonly path: string;
  readonly name: string;
  /** Tracks around it. */
  readonly depth: number;
  /** How many of the tracks that follow stand under it. */
  readonly under: number;
  readonly description: string;
  /** Unit of the values; undefined for what is no counter. */
  readonly unit: string | undefined;
  readonly spans: Spans;
  readonly instants: { readonly time: Float64Array; readonly name: Uint32Array };
  /** From each time on the counter has the value. */
  readonly values: { readonly time: Float64Array; readonly value: Float64Array };
}

/** A recording of a run. */
export interface TimelineView {
  /** `cycles`, or `ns` where the recording has no clock. */
  readonly unit: "cycles" | "ns";
  /** Time of the last event. */
  readonly end: number;
  readonly names: readonly string[];
  /** Each track stands before those under it. */
  readonly tracks: readonly TimelineTrack[];
  /** The file itself, for other tools. */
  readonly file: Uint8Array;
}

/** A track while it is read. */
class Gathered {
  readonly packet: TrackPacket;
  readonly under: Gathered[] = [];
  readonly from: number[] = [];
  readonly until: number[] = [];
  readonly name: number[] = [];
  readonly instantTime: number[] = [];
  readonly instantName: number[] = [];
  readonly valueTime: number[] = [];
  readonly value: number[] = [];
  open = false;

  constructor(packet: TrackPacket) {
    this.packet = packet;
  }

  take({ kind, time, value }: EventPacket, name: number): void {
    if (kind === "begin") {
      if (this.open) this.until.push(time);
      this.open = true;
      this.from.push(time);
      this.name.push(name);
    } else if (kind === "end") {
      if (!this.open) throw new RangeError(`a span ends at ${time} on ${this.packet.name} that did not begin`);
      this.open = false;
      this.until.push(Math.max(time, this.from.at(-1)!));
    } else if (kind === "instant") {
      this.instantTime.push(time);
      this.instantName.push(name);
    } else {
      this.valueTime.push(time);
      this.value.push(value);
    }
  }
}

/**
 * Reads the trace that `--timeline` writes. A span that is open when the next begins on its track ends there.
 *
 * @throws {StudioError} `timeline` for bytes that are no such trace
 */
export function readTimelineView(bytes: Uint8Array, of: string): TimelineView {
  try {
    return gathered(bytes);
  } catch (cause) {
    const message = `${of}: ${(cause as Error).message}: expected a Perfetto trace as --timeline writes it`;
    throw new StudioError("timeline", message, { cause });
  }
}

function gathered(bytes: Uint8Array): TimelineView {
  const byUuid = new Map<number, Gathered>();
  const names = new Map<string, number>();
  let end = 0;
  readPackets(bytes, (packet) => {
    if (packet.kind === "track") {
      if (byUuid.has(packet.uuid)) throw new RangeError(`track ${packet.uuid} is declared twice`);
      // Parents come first, so there are no rings.
      if (packet.parent !== 0 && !byUuid.has(packet.parent))
        throw new RangeError(
          `track ${packet.uuid} stands under track ${packet.parent}, which is not declared before it`,
        );
      byUuid.set(packet.uuid, new Gathered(packet));
      return;
    }
    const track = byUuid.get(packet.track);
    if (track === undefined) throw new RangeError(`an event at ${packet.time} names track ${packet.track}`);
    const name = names.get(packet.name) ?? names.size;
    names.set(packet.name, name);
    track.take(packet, name);
    if (packet.time > end) end = packet.time;
  });
  const roots: Gathered[] = [];
  for (const track of byUuid.values()) {
    if (track.open) track.until.push(end);
    (byUuid.get(track.packet.parent)?.under ?? roots).push(track);
  }
  const isClocked = roots.some(({ packet }) => packet.description.includes("one cycle"));
  const tracks: TimelineTrack[] = [];
  for (const root of roots) list(root, { around: "", lone: roots.length === 1, depth: 0, tracks });
  return { unit: isClocked ? "cycles" : "ns", end, names: [...names.keys()], tracks, file: bytes };
}

interface ListPlace {
  /** Path of the track around it. */
  readonly around: string;
  /** Whether it is the only outermost track: its name says nothing. */
  readonly lone: boolean;
  readonly depth: number;
  readonly tracks: TimelineTrack[];
}

/** Lists a track and those under it. Nesting is as deep as ids have slashes: a few. */
function list(track: Gathered, { around, lone, depth, tracks }: ListPlace): void {
  if (depth > 100) throw new RangeError("tracks are nested more than 100 deep");
  const { packet } = track;
  const own = around === "" ? packet.name : `${around}/${packet.name}`;
  const at = tracks.length;
  const listed = {
    path: own,
    name: packet.name,
    depth,
    under: 0,
    description: packet.description,
    unit: packet.unit,
    spans: {
      from: Float64Array.from(track.from),
      until: Float64Array.from(track.until),
      name: Uint32Array.from(track.name),
    },
    instants: { time: Float64Array.from(track.instantTime), name: Uint32Array.from(track.instantName) },
    values: { time: Float64Array.from(track.valueTime), value: Float64Array.from(track.value) },
  };
  tracks.push(listed);
  for (const child of track.under) list(child, { around: lone ? "" : own, lone: false, depth: depth + 1, tracks });
  listed.under = tracks.length - at - 1;
}
