/**
 * The packets of a Perfetto trace, as far as recorded timelines use them: tracks, spans, instants, counters.
 *
 * Source: Perfetto, protos/perfetto/trace/{trace_packet,interned_data,track_event/*}.proto; other fields are passed over.
 */
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";

/** A line of a timeline. */
export interface TrackPacket {
  readonly kind: "track";
  readonly uuid: number;
  readonly name: string;
  /** Uuid of the track it stands under; 0 for none. */
  readonly parent: number;
  /** Unit, for a counter. */
  readonly unit?: string;
  readonly description: string;
}

/** Something that happened on a track at a time. */
export interface EventPacket {
  readonly kind: "begin" | "end" | "instant" | "counter";
  readonly track: number;
  readonly time: number;
  /** Of what begins and of instants. */
  readonly name: string;
  /** Of counters. */
  readonly value: number;
}

const eventKinds = [undefined, "begin", "end", "instant", "counter"] as const;

/** The end of the message that begins here. */
function endOf(reader: BinaryReader): number {
  const end = reader.uint32() + reader.pos;
  if (end > reader.len) throw new RangeError("a message is longer than the file");
  return end;
}

/** Whether there are further fields before `end`. */
function within(reader: BinaryReader, end: number): boolean {
  if (reader.pos > end) throw new RangeError("a message ends in the middle of a field");
  return reader.pos < end;
}

/** Hands the packets of a trace on in their order; throws an `Error` where the bytes are no trace. */
export function readPackets(bytes: Uint8Array, take: (packet: TrackPacket | EventPacket) => void): void {
  const names = new Map<number, string>();
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    if (field !== 1 || wire !== WireType.LengthDelimited) throw new RangeError("something else than a packet");
    readPacket(reader, names, take);
  }
}

function readPacket(
  reader: BinaryReader,
  names: Map<number, string>,
  take: (packet: TrackPacket | EventPacket) => void,
): void {
  let time = 0;
  let event: Omit<EventPacket, "time"> | undefined;
  let track: TrackPacket | undefined;
  for (const end = endOf(reader); within(reader, end); ) {
    const [field, wire] = reader.tag();
    if (field === 8) time = Number(reader.uint64());
    else if (field === 11) event = readEvent(reader, names);
    else if (field === 12) readNames(reader, names);
    else if (field === 60) track = readTrack(reader);
    else reader.skip(wire, field);
  }
  if (track !== undefined) take(track);
  if (event !== undefined) take({ ...event, time });
}

function readNames(reader: BinaryReader, names: Map<number, string>): void {
  for (const end = endOf(reader); within(reader, end); ) {
    const [field, wire] = reader.tag();
    if (field === 2) readName(reader, names);
    else reader.skip(wire, field);
  }
}

function readName(reader: BinaryReader, names: Map<number, string>): void {
  let iid = 0;
  let name = "";
  for (const end = endOf(reader); within(reader, end); ) {
    const [field, wire] = reader.tag();
    if (field === 1) iid = Number(reader.uint64());
    else if (field === 2) name = reader.string();
    else reader.skip(wire, field);
  }
  names.set(iid, name);
}

function readTrack(reader: BinaryReader): TrackPacket {
  const track = { uuid: 0, name: "", parent: 0, description: "" };
  let unit: string | undefined;
  for (const end = endOf(reader); within(reader, end); ) {
    const [field, wire] = reader.tag();
    if (field === 1) track.uuid = Number(reader.uint64());
    else if (field === 2) track.name = reader.string();
    else if (field === 5) track.parent = Number(reader.uint64());
    else if (field === 8) unit = readUnit(reader);
    else if (field === 14) track.description = reader.string();
    else reader.skip(wire, field);
  }
  return { kind: "track", ...track, ...(unit === undefined ? {} : { unit }) };
}

function readUnit(reader: BinaryReader): string {
  let unit = "";
  for (const end = endOf(reader); within(reader, end); ) {
    const [field, wire] = reader.tag();
    if (field === 6) unit = reader.string();
    else reader.skip(wire, field);
  }
  return unit;
}

function readEvent(reader: BinaryReader, names: ReadonlyMap<number, string>): Omit<EventPacket, "time"> | undefined {
  let type = 0;
  let iid = 0;
  let track = 0;
  let value = 0;
  for (const end = endOf(reader); within(reader, end); ) {
    const [field, wire] = reader.tag();
    if (field === 9) type = reader.int32();
    else if (field === 10) iid = Number(reader.uint64());
    else if (field === 11) track = Number(reader.uint64());
    else if (field === 30) value = Number(reader.int64());
    else if (field === 44) value = reader.double();
    else reader.skip(wire, field);
  }
  const kind = eventKinds[type];
  return kind === undefined ? undefined : { kind, track, name: names.get(iid) ?? "", value };
}
