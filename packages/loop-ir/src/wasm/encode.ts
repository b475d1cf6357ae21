/** The binary form of WebAssembly: numbers, vectors and sections. Source of the layout: the WebAssembly core specification. */

/** Bytes under construction. */
export class ByteWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  byte(...values: readonly number[]): this {
    for (const value of values) {
      this.#room(1);
      this.#bytes[this.#length++] = value;
    }
    return this;
  }

  bytes(values: Uint8Array): this {
    this.#room(values.length);
    this.#bytes.set(values, this.#length);
    this.#length += values.length;
    return this;
  }

  /** An unsigned LEB128 integer of up to 32 bits. */
  unsigned(value: number): this {
    let rest = value >>> 0;
    while (rest >= 0x80) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    return this.byte(rest);
  }

  /** A signed LEB128 integer of up to 64 bits. */
  signed(value: number | bigint): this {
    if (typeof value === "number" && value >= -64 && value < 64) return this.byte(value & 0x7f);
    let rest = BigInt(value);
    for (;;) {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      if ((rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0)) return this.byte(low);
      this.byte(low | 0x80);
    }
  }

  /** Every NaN has the same bits: which ones a number of the host has is arbitrary. */
  f32(value: number): this {
    if (Number.isNaN(value)) return this.byte(0, 0, 0xc0, 0x7f);
    return this.bytes(new Uint8Array(littleEndian(4, (view) => view.setFloat32(0, value, true))));
  }

  f64(value: number): this {
    if (Number.isNaN(value)) return this.byte(0, 0, 0, 0, 0, 0, 0xf8, 0x7f);
    return this.bytes(new Uint8Array(littleEndian(8, (view) => view.setFloat64(0, value, true))));
  }

  /** A name: its length in bytes, then the bytes. */
  name(text: string): this {
    const encoded = new TextEncoder().encode(text);
    return this.unsigned(encoded.length).bytes(encoded);
  }

  /** `body` preceded by its length in bytes. */
  sized(body: ByteWriter): this {
    return this.unsigned(body.length).bytes(body.finish());
  }

  /** A section of a module. */
  section(id: number, body: ByteWriter): this {
    return this.byte(id).sized(body);
  }

  /** The bytes so far. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  #room(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + more));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}

function littleEndian(bytes: number, write: (view: DataView) => void): ArrayBuffer {
  const buffer = new ArrayBuffer(bytes);
  write(new DataView(buffer));
  return buffer;
}

/** Value types as they are encoded. */
export const valueType = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;

/** The name of an encoded value type. */
export type WasmType = keyof typeof valueType;

/** The numbers of the sections that a kernel has. */
export const section = { type: 1, import: 2, function: 3, export: 7, code: 10 } as const;
