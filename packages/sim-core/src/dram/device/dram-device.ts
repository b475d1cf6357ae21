/**
 * One channel of DRAM at the level of its commands, for controllers of other packages: what is open, when which command may
 * be issued where, and what issuing it changes. Commands may go to many banks at once. Which to issue when is the owner's.
 */
import { SimError } from "../../errors.ts";
import { DeviceTiming } from "../engine/timing/device-timing.ts";
import { commandIndex, type DramSpec } from "../spec/dram-spec.ts";
import { type BankPlaces, bankPlaces } from "./bank-places.ts";

/** The parts of a channel that a device works on. */
export interface DeviceState {
  readonly timing: DeviceTiming;
  /** Makes the timing ready for absolute tick `clk`. */
  readonly follow: (clk: number) => void;
  /** Open row of each bank; -1 if closed. */
  readonly openRow: Int32Array;
  /** Per command of the spec, how often it was issued. */
  readonly issued: Float64Array;
}

/** The banks of one channel. */
export class DramDevice {
  readonly spec: DramSpec;
  /** Number of banks; they are numbered in tree order. */
  readonly banks: number;
  /** Per command of the spec, how often it was issued. Read only. */
  readonly issued: Float64Array;
  readonly #timing: DeviceTiming;
  readonly #follow: (clk: number) => void;
  readonly #openRow: Int32Array;
  // Per command, the deepest level at which it is tested.
  readonly #deepest: Int32Array;

  /** A device of its own, all banks closed; with `state` a door to the device of a channel. */
  constructor(spec: DramSpec, state: DeviceState = freshState(spec)) {
    this.spec = spec;
    this.#timing = state.timing;
    this.#follow = state.follow;
    this.#openRow = state.openRow;
    this.issued = state.issued;
    this.banks = state.timing.banks;
    // Profile r20 tests a command no deeper than it acts.
    const deepest = (scope: number): number =>
      spec.profile === "r20" ? Math.min(scope, spec.bankLevel) : spec.bankLevel;
    this.#deepest = Int32Array.from(spec.commands, ({ scope }) => deepest(scope));
  }

  /**
   * The number of the command called `name`.
   *
   * @throws {SimError} `dram-command` if the spec has none.
   */
  command(name: string): number {
    const command = commandIndex(this.spec, name);
    if (command >= 0) return command;
    throw new SimError("dram-command", `${this.spec.name} has no command ${name}`);
  }

  /**
   * The banks at `vector`: an index for each level below the channel down to the bank, -1 for all. Resolve once, use often.
   *
   * @throws {SimError} `dram-command` if the vector does not fit.
   */
  places(vector: readonly number[]): BankPlaces {
    return bankPlaces(this.spec, vector);
  }

  /** The open row of `bank`, -1 if it is closed. */
  openRow(bank: number): number {
    return this.#openRow[bank]!;
  }

  /** First tick at which `command` may be issued to `places`, were nothing issued before. What is open does not count. */
  earliest(command: number, places: BankPlaces): number {
    return this.#timing.epoch + this.#timing.earliestOver(command, places.nodes, this.#deepest[command]!);
  }

  /**
   * Issues `command` to `places` in tick `clk`. A command that opens leaves `row` open in all of its banks, one that closes
   * leaves them closed; any other changes times alone.
   *
   * @throws {SimError} `dram-command` before the earliest tick.
   */
  issue(command: number, places: BankPlaces, clk: number, row = -1): void {
    const earliest = this.earliest(command, places);
    const { name, opens, closes } = this.spec.commands[command]!;
    if (clk < earliest) {
      throw new SimError(
        "dram-command",
        `${name} at tick ${clk} comes too early: it may be issued from tick ${earliest}`,
      );
    }
    this.#follow(clk);
    this.#timing.issueOver(command, places, clk - this.#timing.epoch);
    this.issued[command]! += 1;
    if (!opens && !closes) return;
    const { banks } = places;
    for (let i = 0; i < banks.length; i++) this.#openRow[banks[i]!] = opens ? row : -1;
  }
}

function freshState(spec: DramSpec): DeviceState {
  const timing = new DeviceTiming(
    spec,
    spec.commands.map(() => true),
  );
  return {
    timing,
    follow: (clk) => timing.follow(clk),
    openRow: new Int32Array(timing.banks).fill(-1),
    issued: new Float64Array(spec.commands.length),
  };
}
