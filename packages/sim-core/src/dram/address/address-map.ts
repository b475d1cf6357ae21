/**
 * From byte addresses to channel, bank, row and column, and back.
 *
 * An address is divided by the bytes of one access first. A mapper then takes bits from the low end upwards, as many for
 * each level as its count needs; columns count whole accesses.
 */
import { SimError } from "../../errors.ts";
import { accessesPerRow, type DramSpec, transactionBytes } from "../spec/dram-spec.ts";

/** Order of the levels in an address, named from the high bits to the low ones. */
export type MappingName = "RoBaRaCoCh" | "ChRaBaRoCo" | "MOP4CLXOR";

/** The mappings by name. */
export const mappingNames: readonly MappingName[] = ["RoBaRaCoCh", "ChRaBaRoCo", "MOP4CLXOR"];

// Parts of a placed address.
const CHANNEL = 0;
const BANK = 1;
const ROW = 2;
const COLUMN = 3;

/** A bit field of an address. */
interface Field {
  readonly level: number;
  readonly bits: number;
  /** Bits of the level below this field. */
  readonly shift: number;
}

/** Maps the addresses of one configuration. */
export class AddressMap {
  readonly spec: DramSpec;
  readonly mapping: MappingName;
  readonly #fields: readonly Field[];
  readonly #bytes: number;
  readonly #bits: readonly number[];
  // Where each field and each exclusive-or goes when banks are one number: see `place`.
  readonly #steps: Int32Array;
  readonly #scatters: Int32Array;
  readonly #straight: Int32Array;

  /** @throws {SimError} `dram-spec` if counts are not powers of two. */
  constructor(spec: DramSpec, mapping: MappingName) {
    this.spec = spec;
    this.mapping = mapping;
    this.#bytes = transactionBytes(spec);
    const counts = [...spec.counts.slice(0, -1), accessesPerRow(spec)];
    this.#bits = counts.map((count, level) => {
      const bits = Math.log2(count);
      if (!Number.isInteger(bits)) {
        throw new SimError("dram-spec", `count of ${spec.levels[level]} must be a power of two, not ${count}`);
      }
      return bits;
    });
    this.#fields = layOut(this.#bits, spec.profile, mapping);
    this.#steps = this.#compileFields();
    this.#scatters = this.#compileScatters();
    this.#straight = this.#compileStraight();
  }

  /** Writes bank, row and column of `address` to `target`, banks numbered in tree order; returns the channel. */
  place(address: number, target: { bank: number; row: number; column: number }): number {
    const access = Math.floor(address / this.#bytes);
    const at = this.#straight;
    if (access > 0x7fff_ffff || at.length === 0) return this.#placeStepwise(access, target);
    const bits = access | 0;
    // Without a loop, which would look the array up again at each turn. Fields that are not there have no mask.
    target.column = (((bits >> at[3]!) & at[4]!) << at[5]!) | (((bits >> at[6]!) & at[7]!) << at[8]!);
    target.row = ((bits >> at[9]!) & at[10]!) << at[11]!;
    target.bank =
      (((bits >> at[12]!) & at[13]!) << at[14]!) |
      (((bits >> at[15]!) & at[16]!) << at[17]!) |
      (((bits >> at[18]!) & at[19]!) << at[20]!) |
      (((bits >> at[21]!) & at[22]!) << at[23]!);
    return ((bits >> at[0]!) & at[1]!) << at[2]!;
  }

  /** The same, field by field, for addresses and mappings of any kind. */
  #placeStepwise(access: number, target: { bank: number; row: number; column: number }): number {
    let rest = access;
    const steps = this.#steps;
    let channel = 0;
    let bank = 0;
    let row = 0;
    let column = 0;
    for (let i = 0; i < steps.length; i += 3) {
      const bits = steps[i + 1]!;
      const shift = steps[i + 2]!;
      let value: number;
      if (rest <= 0x7fff_ffff) {
        value = (rest & ((1 << bits) - 1)) << shift;
        rest >>>= bits;
      } else {
        value = (rest % 2 ** bits) << shift;
        rest = Math.floor(rest / 2 ** bits);
      }
      switch (steps[i]) {
        case CHANNEL:
          channel |= value;
          break;
        case BANK:
          bank |= value;
          break;
        case ROW:
          row |= value;
          break;
        default:
          column |= value;
      }
    }
    if (this.#takesAllBits) row = (row + rest * 2 ** this.#bits[this.spec.bankLevel + 1]!) | 0;
    const scatters = this.#scatters;
    for (let i = 0; i < scatters.length; i += 4) {
      const value = ((column >> scatters[i + 1]!) & scatters[i + 2]!) << scatters[i + 3]!;
      if (scatters[i] === CHANNEL) channel ^= value;
      else if (scatters[i] === BANK) bank ^= value;
      else row ^= value;
    }
    target.bank = bank;
    target.row = row;
    target.column = column;
    return channel;
  }

  /** Of each level, the part of an address it belongs to, and its lowest bit there. */
  #partOf(level: number): [part: number, shift: number] {
    const { bankLevel } = this.spec;
    if (level === 0) return [CHANNEL, 0];
    if (level > bankLevel) return [level === bankLevel + 1 ? ROW : COLUMN, 0];
    let shift = 0;
    for (let below = level + 1; below <= bankLevel; below++) shift += this.#bits[below]!;
    return [BANK, shift];
  }

  /** Triples of part, bits and place, from the low end of an address upwards. */
  #compileFields(): Int32Array {
    return Int32Array.from(
      this.#fields.flatMap(({ level, bits, shift }) => {
        const [part, base] = this.#partOf(level);
        return [part, bits, base + shift];
      }),
    );
  }

  /**
   * Triples of lowest bit, mask and place: of the channel, two of the column, the row, four of the bank; nothing for
   * mappings with more to them.
   */
  #compileStraight(): Int32Array {
    const straight = new Int32Array(24);
    // By part: channel, bank, row, column.
    const free = [[0], [12, 15, 18, 21], [9], [3, 6]];
    let lowest = 0;
    for (const { level, bits, shift } of this.#fields) {
      const [part, base] = this.#partOf(level);
      // Of the 31 bits of an access that is placed in this way, those above are 0.
      const held = Math.min(bits, 31 - lowest);
      if (held > 0) {
        const place = free[part]!.shift();
        if (place === undefined) return new Int32Array(0);
        straight.set([lowest, 2 ** held - 1, base + shift], place);
      }
      lowest += bits;
    }
    return this.#takesAllBits ? new Int32Array(0) : straight;
  }

  /** Quadruples of part, lowest column bit, mask and place. */
  #compileScatters(): Int32Array {
    if (this.mapping !== "MOP4CLXOR") return new Int32Array(0);
    const steps: number[] = [];
    let shift = 0;
    for (let level = this.#firstScattered; level <= this.spec.bankLevel + 1; level++) {
      const [part, base] = this.#partOf(level);
      const bits = this.#bits[level]!;
      // Columns have far fewer bits than 31; beyond them there is nothing to combine with.
      if (bits > 0 && shift < 31) steps.push(part, shift, 2 ** bits - 1, base);
      shift += bits;
    }
    return Int32Array.from(steps);
  }

  /** The channel mapper of 2.1 keeps the channel out of the exclusive-or. */
  get #firstScattered(): number {
    return this.spec.profile === "r21" ? 1 : 0;
  }

  /** Bytes after which addresses repeat; `Infinity` where the row takes all remaining bits. */
  get span(): number {
    const bits = this.#bits.reduce((sum, b) => sum + b, 0);
    return this.#takesAllBits ? Number.POSITIVE_INFINITY : 2 ** bits * this.#bytes;
  }

  get #takesAllBits(): boolean {
    return this.mapping === "MOP4CLXOR";
  }

  /** Writes the index at each level to `vector`, `[levels]`. */
  map(address: number, vector: Int32Array | number[]): void {
    let rest = Math.floor(address / this.#bytes);
    vector.fill(0);
    for (const { level, bits, shift } of this.#fields) {
      const size = 2 ** bits;
      vector[level]! += (rest % size) * 2 ** shift;
      rest = Math.floor(rest / size);
    }
    if (this.mapping !== "MOP4CLXOR") return;
    // What is left above the fields belongs to the row.
    const row = this.spec.bankLevel + 1;
    vector[row]! += rest * 2 ** this.#bits[row]!;
    this.#scatter(vector);
  }

  /** The lowest byte address of a vector: the inverse of `map`. */
  unmap(vector: ArrayLike<number>): number {
    const indices = Array.from(vector);
    if (this.mapping === "MOP4CLXOR") this.#scatter(indices);
    const row = this.spec.bankLevel + 1;
    let address = this.mapping === "MOP4CLXOR" ? Math.floor(indices[row]! / 2 ** this.#bits[row]!) : 0;
    for (const { level, bits, shift } of [...this.#fields].reverse()) {
      const size = 2 ** bits;
      address = address * size + (Math.floor(indices[level]! / 2 ** shift) % size);
    }
    return address * this.#bytes;
  }

  /** Exclusive-or of each level above the row with successive column bits; its own inverse. */
  #scatter(vector: Int32Array | number[]): void {
    const column = vector[this.spec.bankLevel + 2]!;
    let shift = 0;
    for (let level = this.#firstScattered; level <= this.spec.bankLevel + 1; level++) {
      const bits = this.#bits[level]!;
      if (shift < 31) vector[level]! ^= (column >> shift) & (2 ** bits - 1);
      shift += bits;
    }
  }
}

function layOut(bits: readonly number[], profile: DramSpec["profile"], mapping: MappingName): Field[] {
  const column = bits.length - 1;
  const row = column - 1;
  const whole = (level: number): Field => ({ level, bits: bits[level]!, shift: 0 });
  const between = Array.from({ length: row - 1 }, (_, i) => whole(i + 1));
  // The channel mapper of 2.1 takes the bits right above the access, whatever the mapping of the rest.
  const rest = profile === "r21" && mapping !== "RoBaRaCoCh" ? layOutRest() : null;
  if (rest !== null) return [whole(0), ...rest];
  if (mapping === "RoBaRaCoCh") return [whole(0), whole(column), ...between, whole(row)];
  if (mapping === "ChRaBaRoCo") return [whole(column), whole(row), ...between.reverse(), whole(0)];
  return [low(), whole(0), ...between, high(), whole(row)];

  function low(): Field {
    return { level: column, bits: Math.min(2, bits[column]!), shift: 0 };
  }
  function high(): Field {
    return { level: column, bits: Math.max(0, bits[column]! - 2), shift: Math.min(2, bits[column]!) };
  }
  function layOutRest(): Field[] {
    if (mapping === "ChRaBaRoCo") return [whole(column), whole(row), ...between.reverse()];
    return [low(), ...between, high(), whole(row)];
  }
}
