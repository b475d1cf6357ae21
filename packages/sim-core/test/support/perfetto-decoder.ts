// A minimal reader of protobuf and of Perfetto traces, independent of the writer: plain varints, no library.
export type Field = { readonly number: number; readonly value: number | bigint | Uint8Array };

/** The fields of one message, in order. */
function fields(bytes: Uint8Array): Field[] {
  const found: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]!;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = Number(varint());
    const number = key >> 3;
    const wire = key & 7;
    const view = new DataView(bytes.buffer, bytes.byteOffset + at);
    if (wire === 0) found.push({ number, value: varint() });
    else if (wire === 1) {
      found.push({ number, value: number === 44 ? view.getFloat64(0, true) : view.getBigUint64(0, true) });
      at += 8;
    } else if (wire === 2) {
      const length = Number(varint());
      found.push({ number, value: bytes.subarray(at, at + length) });
      at += length;
    } else throw new Error(`wire type ${wire}`);
  }
  if (at !== bytes.length) throw new Error("a message ends in the middle of a field");
  return found;
}

export interface DecodedTrack {
  readonly uuid: number;
  readonly name: string;
  readonly parent: number;
  readonly unit: string | undefined;
}

export interface DecodedEvent {
  readonly time: number;
  readonly type: "begin" | "end" | "instant" | "counter";
  readonly track: number;
  readonly name: string | undefined;
  readonly value: number | undefined;
  readonly flow: bigint | undefined;
}

const one = (message: readonly Field[], number: number): Field["value"] | undefined =>
  message.find((field) => field.number === number)?.value;
const text = (value: Field["value"] | undefined): string => new TextDecoder().decode(value as Uint8Array);

/** Tracks and events of a trace. */
export function decodeTrace(bytes: Uint8Array): { tracks: DecodedTrack[]; events: DecodedEvent[] } {
  const names = new Map<number, string>();
  const tracks: DecodedTrack[] = [];
  const events: DecodedEvent[] = [];
  for (const field of fields(bytes)) {
    if (field.number !== 1) throw new Error(`field ${field.number} in a trace`);
    const packet = fields(field.value as Uint8Array);
    const interned = one(packet, 12);
    for (const entry of interned === undefined ? [] : fields(interned as Uint8Array)) {
      const pair = fields(entry.value as Uint8Array);
      names.set(Number(one(pair, 1)), text(one(pair, 2)));
    }
    const descriptor = one(packet, 60);
    if (descriptor !== undefined) {
      const track = fields(descriptor as Uint8Array);
      const counter = one(track, 8);
      tracks.push({
        uuid: Number(one(track, 1)),
        name: text(one(track, 2)),
        parent: Number(one(track, 5) ?? 0),
        unit: counter === undefined ? undefined : text(one(fields(counter as Uint8Array), 6)),
      });
    }
    const body = one(packet, 11);
    if (body === undefined) continue;
    const event = fields(body as Uint8Array);
    const iid = one(event, 10);
    const value = one(event, 30) ?? one(event, 44);
    events.push({
      time: Number(one(packet, 8)),
      type: (["begin", "end", "instant", "counter"] as const)[Number(one(event, 9)) - 1]!,
      track: Number(one(event, 11)),
      name: iid === undefined ? undefined : names.get(Number(iid)),
      value: value === undefined ? undefined : Number(value),
      flow: one(event, 47) as bigint | undefined,
    });
  }
  return { tracks, events };
}

/** Cycles per name on one track: each slice from its begin to the next end. */
export function sliceCycles(events: readonly DecodedEvent[], track: number): Map<string, number> {
  const sums = new Map<string, number>();
  const open: DecodedEvent[] = [];
  for (const event of events) {
    if (event.track !== track) continue;
    if (event.type === "begin") open.push(event);
    if (event.type !== "end") continue;
    const begin = open.pop()!;
    sums.set(begin.name!, (sums.get(begin.name!) ?? 0) + event.time - begin.time);
  }
  if (open.length > 0) throw new Error("a slice is never ended");
  return sums;
}
