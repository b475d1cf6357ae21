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

type Fields = Record<number, (reader: BinaryReader) => void>;

function message(reader: BinaryReader, fields: Fields, end = reader.uint32() + reader.pos): void {
  if (end > reader.len) throw new RangeError("a message is longer than the file");
  while (reader.pos < end) {
    const [field, wire] = reader.tag();
    const read = fields[field];
    if (read === undefined) reader.skip(wire, field);
    else read(reader);
  }
  if (reader.pos !== end) throw new RangeError("a message ends in the middle of a field");
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
  message(reader, {
    8: () => {
      time = Number(reader.uint64());
    },
    11: () => {
      event = readEvent(reader, names);
    },
    12: () => message(reader, { 2: () => readName(reader, names) }),
    60: () => {
      track = readTrack(reader);
    },
  });
  if (track !== undefined) take(track);
  if (event !== undefined) take({ ...event, time });
}

function readName(reader: BinaryReader, names: Map<number, string>): void {
  let iid = 0;
  let name = "";
  message(reader, {
    1: () => {
      iid = Number(reader.uint64());
    },
    2: () => {
      name = reader.string();
    },
  });
  names.set(iid, name);
}

function readTrack(reader: BinaryReader): TrackPacket {
  const track = { uuid: 0, name: "", parent: 0, description: "" };
  let unit: string | undefined;
  message(reader, {
    1: () => {
      track.uuid = Number(reader.uint64());
    },
    2: () => {
      track.name = reader.string();
    },
    5: () => {
      track.parent = Number(reader.uint64());
    },
    8: () => {
      unit = "";
      message(reader, {
        6: () => {
          unit = reader.string();
        },
      });
    },
    14: () => {
      track.description = reader.string();
    },
  });
  return { kind: "track", ...track, ...(unit === undefined ? {} : { unit }) };
}

function readEvent(reader: BinaryReader, names: ReadonlyMap<number, string>): Omit<EventPacket, "time"> | undefined {
  let type = 0;
  let iid = 0;
  let track = 0;
  let value = 0;
  message(reader, {
    9: () => {
      type = reader.int32();
    },
    10: () => {
      iid = Number(reader.uint64());
    },
    11: () => {
      track = Number(reader.uint64());
    },
    30: () => {
      value = Number(reader.int64());
    },
    44: () => {
      value = reader.double();
    },
  });
  const kind = eventKinds[type];
  return kind === undefined ? undefined : { kind, track, name: names.get(iid) ?? "", value };
}
