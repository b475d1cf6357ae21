/** Requests to PIM, in order, as arrays that run parallel. */

/** Kinds of request, as traces name them. */
export const requestNames = [
  "PIM_WR_GB",
  "PIM_BARRIER",
  "PIM_MAC_AB",
  "PIM_MAC_SB",
  "PIM_MAC_PB",
  "PIM_MV_SB",
  "PIM_MV_GB",
  "PIM_SFM",
  "PIM_SET_MODEL",
  "PIM_SET_HEAD",
] as const;

/** A kind of request: its place in {@link requestNames}. */
export const requestKinds = {
  writeBuffer: 0,
  barrier: 1,
  macAllBank: 2,
  macSameBank: 3,
  macPerBank: 4,
  moveScores: 5,
  moveBuffer: 6,
  softmax: 7,
  setModel: 8,
  setHead: 9,
} as const;

/** Bits of an address, from the column up. */
const FIELDS = { offset: 5, column: 5, row: 14, bank: 2, bankgroup: 2, rank: 1, pseudochannel: 1 } as const;

/** A list of requests that grows. */
export class PimRequests {
  readonly kind: number[] = [];
  readonly channel: number[] = [];
  /** Bank in tree order within its channel. */
  readonly bank: number[] = [];
  readonly row: number[] = [];
  readonly column: number[] = [];

  get size(): number {
    return this.kind.length;
  }

  add(kind: number, channel: number, bank: number, row: number, column: number): void {
    this.kind.push(kind);
    this.channel.push(channel);
    this.bank.push(bank);
    this.row.push(row);
    this.column.push(column);
  }

  /** Address of request `at`: channel, pseudo-channel, rank, bank group, bank, row, column, offset from high to low. */
  address(at: number): number {
    const banks = 2 ** (FIELDS.bank + FIELDS.bankgroup + FIELDS.rank + FIELDS.pseudochannel);
    const place = this.channel[at]! * banks + this.bank[at]!;
    return ((place * 2 ** FIELDS.row + this.row[at]!) * 2 ** FIELDS.column + this.column[at]!) * 2 ** FIELDS.offset;
  }

  /** Adds a request at an address. */
  addAddress(kind: number, address: number): void {
    let rest = Math.floor(address / 2 ** FIELDS.offset);
    const take = (bits: number): number => {
      const value = rest % 2 ** bits;
      rest = Math.floor(rest / 2 ** bits);
      return value;
    };
    const column = take(FIELDS.column);
    const row = take(FIELDS.row);
    const bank = take(FIELDS.bank + FIELDS.bankgroup + FIELDS.rank + FIELDS.pseudochannel);
    this.add(kind, rest, bank, row, column);
  }
}
