/**
 * Perfetto's trace format, as far as timelines need it: track descriptors and track events, with interned names.
 *
 * One cycle is written as one nanosecond. The field numbers are those of the schema files named beside them.
 * Source: Perfetto, protos/perfetto/trace/{trace_packet,interned_data,track_event/*}.proto.
 */
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

// trace.proto, trace_packet.proto
const TRACE_PACKET = 1;
const PACKET = { timestamp: 8, sequence: 10, event: 11, interned: 12, sequenceFlags: 13, descriptor: 60 } as const;
const STATE_CLEARED = 1;
const NEEDS_STATE = 2;
// interned_data.proto
const INTERNED_EVENT_NAMES = 2;
const EVENT_NAME = { iid: 1, name: 2 } as const;
// track_descriptor.proto, counter_descriptor.proto, process_descriptor.proto
const DESCRIPTOR = { uuid: 1, name: 2, process: 3, parent: 5, counter: 8, ordering: 11, rank: 12, text: 14 } as const;
const ORDERING_EXPLICIT = 3;
const COUNTER_UNIT_NAME = 6;
const PROCESS = { pid: 1, name: 6 } as const;
// track_event.proto
const EVENT = { type: 9, nameIid: 10, track: 11, counterValue: 30, doubleValue: 44, flows: 47 } as const;

/** Kinds of track event, with their numbers. */
export const EVENT_TYPE = { sliceBegin: 1, sliceEnd: 2, instant: 3, counter: 4 } as const;

/** A line of the timeline. */
export interface Track {
  /** Unique, above 0. */
  readonly uuid: number;
  readonly name: string;
  /** The track this one is shown under; 0 for none. */
  readonly parent: number;
  /** Place among the tracks of the same parent. */
  readonly rank: number;
  /** Unit, for a counter track. */
  readonly unit?: string;
  /** Shown on request. */
  readonly description?: string;
  /** Makes the track that of a process: a top-level heading. */
  readonly process?: boolean;
}

/** Appends packets to a trace. */
export class PerfettoWriter {
  readonly #writer: BinaryWriter = new BinaryWriter();
  readonly #names = new Map<string, number>();
  #first = true;

  /** Declares a track; before its events. */
  track(track: Track): void {
    this.#packet(0, (packet) => {
      packet.tag(PACKET.descriptor, WireType.LengthDelimited).fork();
      packet.tag(DESCRIPTOR.uuid, WireType.Varint).uint64(track.uuid);
      packet.tag(DESCRIPTOR.name, WireType.LengthDelimited).string(track.name);
      if (track.parent !== 0) packet.tag(DESCRIPTOR.parent, WireType.Varint).uint64(track.parent);
      if (track.process === true) {
        packet.tag(DESCRIPTOR.process, WireType.LengthDelimited).fork();
        packet.tag(PROCESS.pid, WireType.Varint).int32(1);
        packet.tag(PROCESS.name, WireType.LengthDelimited).string(track.name).join();
      }
      if (track.unit !== undefined) {
        packet.tag(DESCRIPTOR.counter, WireType.LengthDelimited).fork();
        packet.tag(COUNTER_UNIT_NAME, WireType.LengthDelimited).string(track.unit).join();
      } else packet.tag(DESCRIPTOR.ordering, WireType.Varint).int32(ORDERING_EXPLICIT);
      packet.tag(DESCRIPTOR.rank, WireType.Varint).int32(track.rank);
      if (track.description !== undefined) {
        packet.tag(DESCRIPTOR.text, WireType.LengthDelimited).string(track.description);
      }
      packet.join();
    });
  }

  /** Begins a slice, or marks an instant; `flow` ties events with the same number above 0 by arrows. */
  begin(type: 1 | 3, at: { readonly track: number; readonly time: number }, name: string, flow: number): void {
    const known = this.#names.get(name);
    const iid = known ?? this.#names.size + 1;
    this.#names.set(name, iid);
    this.#packet(at.time, (packet) => {
      if (known === undefined) {
        packet.tag(PACKET.interned, WireType.LengthDelimited).fork();
        packet.tag(INTERNED_EVENT_NAMES, WireType.LengthDelimited).fork();
        packet.tag(EVENT_NAME.iid, WireType.Varint).uint64(iid);
        packet.tag(EVENT_NAME.name, WireType.LengthDelimited).string(name).join().join();
      }
      this.#event(packet, type, at.track);
      packet.tag(EVENT.nameIid, WireType.Varint).uint64(iid);
      if (flow > 0) packet.tag(EVENT.flows, WireType.Bit64).fixed64(flow);
      packet.join();
    });
  }

  /** Ends the latest slice that was begun on the track. */
  end(track: number, time: number): void {
    this.#packet(time, (packet) => this.#event(packet, EVENT_TYPE.sliceEnd, track).join());
  }

  /** Gives a counter a new value. */
  counter(track: number, time: number, value: number): void {
    this.#packet(time, (packet) => {
      this.#event(packet, EVENT_TYPE.counter, track);
      if (Number.isSafeInteger(value)) packet.tag(EVENT.counterValue, WireType.Varint).int64(value);
      else packet.tag(EVENT.doubleValue, WireType.Bit64).double(value);
      packet.join();
    });
  }

  /** The trace. */
  finish(): Uint8Array {
    return this.#writer.finish();
  }

  #event(packet: BinaryWriter, type: number, track: number): BinaryWriter {
    packet.tag(PACKET.event, WireType.LengthDelimited).fork();
    packet.tag(EVENT.type, WireType.Varint).int32(type);
    return packet.tag(EVENT.track, WireType.Varint).uint64(track);
  }

  #packet(time: number, fill: (packet: BinaryWriter) => void): void {
    const writer = this.#writer.tag(TRACE_PACKET, WireType.LengthDelimited).fork();
    writer.tag(PACKET.timestamp, WireType.Varint).uint64(time);
    writer.tag(PACKET.sequence, WireType.Varint).uint32(1);
    writer.tag(PACKET.sequenceFlags, WireType.Varint).uint32(this.#first ? STATE_CLEARED | NEEDS_STATE : NEEDS_STATE);
    fill(writer);
    this.#first = false;
    writer.join();
  }
}
