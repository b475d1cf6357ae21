/**
 * One channel that computes: its queue of PIM requests, refreshing, and the banks.
 *
 * Rules as the command logs of AttAcc's simulator show them: requests in order behind barriers, rows opened ahead of
 * them; a row and a column command may issue in one cycle; a refresh that is due waits for the MACs of the open row.
 */
import { type BankPlaces, DramDevice, type DramSpec } from "@millrace/sim-core";
import { requestKinds, requestNames } from "./pim-requests.ts";

/** Told of every command; `place` is pseudo-channel, rank, bank group and bank, -1 for all. */
export type PimCommandObserver = (
  clk: number,
  command: number,
  place: readonly number[],
  row: number,
  column: number,
) => void;

const CAPACITY = 33;
const NEVER = Number.POSITIVE_INFINITY;
const BANKS = 64;

interface Choice {
  slot: number;
  command: number;
  ready: boolean;
}

/** The channel. Advance it tick by tick, or to the ticks that `next` names: nothing happens between them. */
export class PimChannel {
  clk = 0;
  /** First tick in which something may happen. */
  next = 1;
  /** Ticks that were run: work of the host. */
  events = 0;
  observer: PimCommandObserver | null = null;
  readonly device: DramDevice;
  /** Longest wait of a refresh, from when it was due. */
  longestRefreshWait = 0;
  readonly #refreshInterval: number;
  readonly #codes: Readonly<Record<string, number>>;
  readonly #row: readonly (boolean | null)[];
  readonly #openRow: Int32Array = new Int32Array(BANKS).fill(-1);
  /** Whether all banks have the same row open, or none. */
  #uniform = true;
  readonly #places: readonly BankPlaces[];
  readonly #refreshPlaces: readonly BankPlaces[];
  // The queue: slots from #head on, in order, as arrays that run parallel.
  #kind: number[] = [];
  #bank: number[] = [];
  #rowOf: number[] = [];
  #column: number[] = [];
  /** Refreshes that wait, by pseudo-channel, and when each was due. */
  readonly #refreshes: { readonly place: number; readonly due: number }[] = [];
  // [kind, bank]: the scan in which such a request was last seen, and its row.
  readonly #stamps: Int32Array = new Int32Array(requestNames.length * BANKS);
  readonly #rows: Int32Array = new Int32Array(requestNames.length * BANKS);
  #stamp = 0;
  readonly #scan: Choice = { slot: -1, command: -1, ready: false };

  /** `refreshInterval` is 0 for a memory that is not refreshed. */
  constructor(spec: DramSpec, refreshInterval: number) {
    this.device = new DramDevice(spec);
    this.#refreshInterval = refreshInterval;
    const names = [
      "PREA",
      "REFab",
      "ACTAB",
      "MACAB",
      "ACTSB",
      "MACSB",
      "PRESB",
      "ACTPB",
      "MACPB",
      "PREPB",
      "WRGB",
      "MVSB",
      "MVGB",
      "SFM",
    ];
    this.#codes = Object.fromEntries(names.map((name) => [name, this.device.command(name)]));
    this.#row = spec.commands.map(({ bus }) => (bus === null ? null : bus === "row"));
    this.#places = Array.from({ length: BANKS }, (_, bank) => this.device.places(vectorOf(bank)));
    this.#refreshPlaces = [0, 1].map((pseudochannel) => this.device.places([pseudochannel, -1, -1, -1]));
  }

  /** Requests that wait. */
  get waiting(): number {
    return this.#kind.length;
  }

  get hasRoom(): boolean {
    return this.#kind.length < CAPACITY;
  }

  /** Whether no refresh waits. */
  get refreshed(): boolean {
    return this.#refreshes.length === 0;
  }

  /** Puts a request behind the others; there must be room. */
  offer(kind: number, bank: number, row: number, column: number): void {
    this.#kind.push(kind);
    this.#bank.push(bank);
    this.#rowOf.push(row);
    this.#column.push(column);
    this.next = this.clk + 1;
  }

  /** Runs tick `clk`, the one after the last or any up to `next`. */
  tick(clk: number): void {
    this.clk = clk;
    if (clk < this.next) return;
    this.events += 1;
    this.#pushRefreshes(clk);
    let issued = this.#issueOne(clk, null);
    // A command of the other bus may go with it, or with a refresh that has to wait.
    const bus = issued ? this.#lastBus : this.#refreshes.length > 0 ? true : null;
    if (bus !== null && this.#issueOne(clk, !bus)) issued = true;
    this.next = issued ? clk + 1 : this.#nextTime(clk);
  }

  #lastBus: boolean | null = null;

  #pushRefreshes(clk: number): void {
    const interval = this.#refreshInterval;
    if (interval === 0 || clk === 0 || clk % interval !== 0) return;
    this.#refreshes.push({ place: 0, due: clk }, { place: 1, due: clk });
  }

  /** Issues the best command if it is ready; with `row` given only one of that bus. A refresh that waits comes first. */
  #issueOne(clk: number, row: boolean | null): boolean {
    if (this.#refreshes.length > 0 && row !== false) {
      const command = this.#refreshCommand();
      if (this.#refreshTime(command) > clk) return false;
      this.#issueRefresh(command, clk);
      return true;
    }
    const choice = this.#choose(clk, row);
    if (choice.slot < 0 || !choice.ready) return false;
    this.#issue(choice.slot, choice.command, clk);
    return true;
  }

  #refreshCommand(): number {
    const { REFab, PREA } = this.#codes;
    if (this.#uniform) return this.#openRow[0]! >= 0 ? PREA! : REFab!;
    for (let bank = 0; bank < BANKS; bank++) if (this.#openRow[bank]! >= 0) return PREA!;
    return REFab!;
  }

  #refreshTime(command: number): number {
    return this.device.earliest(command, this.#refreshPlaces[this.#refreshes[0]!.place]!);
  }

  #issueRefresh(command: number, clk: number): void {
    const { place, due } = this.#refreshes[0]!;
    this.device.issue(command, this.#refreshPlaces[place]!, clk);
    this.observer?.(clk, command, [place, -1, -1, -1], -1, -1);
    this.#lastBus = true;
    if (command === this.#codes.PREA) {
      this.#openRow.fill(-1);
      this.#uniform = true;
    } else {
      this.longestRefreshWait = Math.max(this.longestRefreshWait, clk - due);
      this.#refreshes.shift();
    }
  }

  /** The best request: the first that is ready, else the first; behind a barrier only those that open or close rows. */
  #choose(clk: number, row: boolean | null): Choice {
    const choice = this.#scan;
    choice.slot = -1;
    choice.ready = false;
    while (this.#kind.length > 0 && this.#kind[0] === requestKinds.barrier) this.#drop(0);
    let fenced = false;
    this.#stamp += 1;
    for (let slot = 0; slot < this.#kind.length; slot++) {
      if (this.#kind[slot] === requestKinds.barrier) {
        fenced = true;
        continue;
      }
      if (this.#seen(slot)) continue;
      const command = this.#needs(slot);
      const bus = this.#row[command]!;
      if (fenced && !this.#opensOrCloses(command)) continue;
      if (row !== null && bus !== row) continue;
      const ready = this.device.earliest(command, this.#places[this.#bank[slot]!]!) <= clk;
      if (choice.slot < 0 || (ready && !choice.ready)) {
        if (choice.slot >= 0 && !this.#isHit(slot) && this.#hitWaits(this.#bank[slot]!)) continue;
        choice.slot = slot;
        choice.command = command;
        choice.ready = ready;
        if (ready) return choice;
      }
    }
    return choice;
  }

  /** Whether a request like that of `slot` was looked at before in this scan: it cannot fare better than the earlier one. */
  #seen(slot: number): boolean {
    const key = this.#kind[slot]! * BANKS + this.#bank[slot]!;
    if (this.#stamps[key] === this.#stamp && this.#rows[key] === this.#rowOf[slot]) return true;
    this.#stamps[key] = this.#stamp;
    this.#rows[key] = this.#rowOf[slot]!;
    return false;
  }

  #opensOrCloses(command: number): boolean {
    const { opens, closes } = this.device.spec.commands[command]!;
    return opens || closes;
  }

  /** Only MACs have rows to hit. */
  #isHit(slot: number): boolean {
    const kind = this.#kind[slot]!;
    if (kind < requestKinds.macAllBank || kind > requestKinds.macPerBank) return false;
    return this.#openRow[this.#bank[slot]!] === this.#rowOf[slot];
  }

  #hitWaits(bank: number): boolean {
    for (let slot = 0; slot < this.#kind.length; slot++) {
      if (this.#bank[slot] === bank && this.#isHit(slot)) return true;
    }
    return false;
  }

  /** The command that a request needs next. */
  #needs(slot: number): number {
    const codes = this.#codes;
    switch (this.#kind[slot]) {
      case requestKinds.macAllBank:
        return this.#prepared(slot, allBanks, [codes.ACTAB!, codes.PREA!, codes.MACAB!]);
      case requestKinds.macSameBank:
        return this.#prepared(slot, sameBanks[this.#bank[slot]! % 4]!, [codes.ACTSB!, codes.PRESB!, codes.MACSB!]);
      case requestKinds.macPerBank:
        return this.#prepared(
          slot,
          [this.#bank[slot]! % 32, 32 + (this.#bank[slot]! % 32)],
          [codes.ACTPB!, codes.PREPB!, codes.MACPB!],
        );
      case requestKinds.moveScores:
        return codes.MVSB!;
      case requestKinds.moveBuffer:
        return codes.MVGB!;
      case requestKinds.softmax:
        return codes.SFM!;
      default:
        return codes.WRGB!;
    }
  }

  #prepared(slot: number, banks: readonly number[], [open, close, mac]: readonly [number, number, number]): number {
    const row = this.#rowOf[slot]!;
    if (this.#uniform && banks === allBanks) {
      const opened = this.#openRow[0]!;
      return opened === row ? mac : opened < 0 ? open : close;
    }
    for (const bank of banks) {
      const opened = this.#openRow[bank]!;
      if (opened < 0) return open;
      if (opened !== row) return close;
    }
    return mac;
  }

  #issue(slot: number, command: number, clk: number): void {
    const bank = this.#bank[slot]!;
    const row = this.#rowOf[slot]!;
    const place = this.#places[bank]!;
    this.device.issue(command, place, clk, row);
    this.observer?.(clk, command, place.vector, row, this.#column[slot]!);
    this.#lastBus = this.#row[command]!;
    const { opens, closes } = this.device.spec.commands[command]!;
    if (!opens && !closes) {
      this.#drop(slot);
      return;
    }
    const touched = this.#touched(command, bank);
    this.#uniform = touched === allBanks;
    for (const each of touched) this.#openRow[each] = opens ? row : -1;
  }

  #touched(command: number, bank: number): readonly number[] {
    const { ACTAB, PREA, ACTSB, PRESB } = this.#codes;
    if (command === ACTAB || command === PREA) return allBanks;
    if (command === ACTSB || command === PRESB) return sameBanks[bank % 4]!;
    return [bank % 32, 32 + (bank % 32)];
  }

  #drop(slot: number): void {
    this.#kind.splice(slot, 1);
    this.#bank.splice(slot, 1);
    this.#rowOf.splice(slot, 1);
    this.#column.splice(slot, 1);
  }

  /** When anything that waits may issue, if nothing is added. */
  #nextTime(clk: number): number {
    let time =
      this.#refreshInterval === 0 ? NEVER : (Math.floor(clk / this.#refreshInterval) + 1) * this.#refreshInterval;
    if (this.#refreshes.length > 0) time = Math.min(time, this.#refreshTime(this.#refreshCommand()));
    let fenced = false;
    this.#stamp += 1;
    for (let slot = 0; slot < this.#kind.length; slot++) {
      if (this.#kind[slot] === requestKinds.barrier) {
        // What was seen before the fence may look different behind it only to those that open rows.
        fenced = true;
        continue;
      }
      if (this.#seen(slot)) continue;
      const command = this.#needs(slot);
      if (fenced && !this.#opensOrCloses(command)) continue;
      time = Math.min(time, this.device.earliest(command, this.#places[this.#bank[slot]!]!));
    }
    return Math.max(clk + 1, time);
  }
}

const allBanks: readonly number[] = Array.from({ length: BANKS }, (_, bank) => bank);
/** [bank of a group]: that bank of every group, rank and pseudo-channel. */
const sameBanks: readonly (readonly number[])[] = [0, 1, 2, 3].map((bank) =>
  allBanks.filter((each) => each % 4 === bank),
);

/** Pseudo-channel, rank, bank group and bank of a bank in tree order. */
function vectorOf(bank: number): number[] {
  return [Math.floor(bank / 32), Math.floor(bank / 16) % 2, Math.floor(bank / 4) % 4, bank % 4];
}
