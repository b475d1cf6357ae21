/** Writes protobuf messages for tests. */
const utf8 = new TextEncoder();

function number(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

/** A message of the given fields. */
export function messageBytes(...fields: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(fields.flatMap((bytes) => [...bytes]));
}

/** A field with bytes or a message. */
export function field(index: number, bytes: Uint8Array): Uint8Array {
  return Uint8Array.from([...number(index * 8 + 2), ...number(bytes.length), ...bytes]);
}

/** A field with a string. */
export function text(index: number, value: string): Uint8Array {
  return field(index, utf8.encode(value));
}

/** A field with a number of at least 0. */
export function varint(index: number, value: number): Uint8Array {
  return Uint8Array.from([...number(index * 8), ...number(value)]);
}
