/**
 * The channels of one memory, behind one address map.
 */

import { SimError } from "../../errors.ts";
import { AddressMap, type MappingName } from "../address/address-map.ts";
import type { DramChannel } from "../engine/channel.ts";
import type { ControllerOptions, Offer } from "../engine/channel-door.ts";
import { createChannel } from "../engine/controllers/create-channel.ts";
import { type DramQuirks, quirksOf } from "../quirks.ts";
import { type DramSpec, withChannels } from "../spec/dram-spec.ts";

/** A whole memory: the part, how it is addressed and how it is controlled. */
export interface DramConfiguration {
  readonly spec: DramSpec;
  readonly channels: number;
  readonly mapping: MappingName;
  readonly refresh: "all-bank" | "per-bank" | "none";
  readonly rowPolicy: "open" | "closed";
  /** Accesses after which the closed-row policy closes a row. */
  readonly cap: number;
  readonly scheduler: "frfcfs" | "frfcfs-row-hit";
  /** Departures from the oddities of the profile. */
  readonly quirks?: Partial<DramQuirks>;
}

/** The channels of a configuration. */
export class DramSystem {
  readonly configuration: DramConfiguration;
  readonly channels: readonly DramChannel[];
  readonly map: AddressMap;
  /** Number of the first of `channels`: above 0 only where the others run elsewhere. */
  readonly #first: number;
  /** Filled by `place`. */
  readonly offer: Offer = { address: 0, bank: 0, row: 0, column: 0, write: false, ticket: 0 };

  /**
   * `addressed` tells whether requests have addresses; those of vector traces have none. With `only`, the system has that
   * one of its channels alone, for runs in which each channel has requests of its own.
   *
   * @throws {SimError} `dram-spec` if the configuration cannot be built.
   */
  constructor(configuration: DramConfiguration, addressed = true, only?: number) {
    this.configuration = configuration;
    this.#first = only ?? 0;
    const { spec, channels, refresh, rowPolicy, cap, scheduler } = configuration;
    if (!(Number.isInteger(channels) && channels >= 1 && channels <= 1024 && Number.isInteger(Math.log2(channels)))) {
      throw new SimError("dram-spec", `channels must be a power of two from 1 to 1024, not ${channels}`);
    }
    const quirks = quirksOf(spec.profile, configuration.quirks);
    const options: ControllerOptions = { refresh, rowPolicy, cap, scheduler, quirks, addressed };
    this.map = new AddressMap(withChannels(spec, channels), configuration.mapping);
    const count = only === undefined ? channels : 1;
    this.channels = Array.from({ length: count }, (_, i) => createChannel(spec, this.#first + i, options));
  }

  /**
   * Puts a request with an address into `offer`; returns its channel.
   *
   * @throws {SimError} `memory-request` if that runs elsewhere.
   */
  place(address: number, write: boolean, ticket: number): DramChannel {
    const { offer } = this;
    offer.address = address;
    offer.write = write;
    offer.ticket = ticket;
    return this.#channel(this.map.place(address, offer));
  }

  /**
   * Puts a request without an address, the index at each level, into `offer`; returns its channel.
   *
   * @throws {SimError} `memory-request` if that runs elsewhere.
   */
  placeVector(vector: ArrayLike<number>, write: boolean, ticket: number): DramChannel {
    const { offer } = this;
    const { bankLevel, counts } = this.configuration.spec;
    let bank = 0;
    for (let level = 1; level <= bankLevel; level++) bank = bank * counts[level]! + vector[level]!;
    offer.address = -1;
    offer.bank = bank;
    offer.row = vector[bankLevel + 1]!;
    offer.column = vector[bankLevel + 2]!;
    offer.write = write;
    offer.ticket = ticket;
    return this.#channel(vector[0]!);
  }

  #channel(index: number): DramChannel {
    const channel = this.channels[index - this.#first];
    if (channel !== undefined) return channel;
    throw new SimError("memory-request", `a request for channel ${index} came to channel ${this.#first}`);
  }

  /** Runs all channels up to and including tick `clk`. */
  advance(clk: number): void {
    for (const channel of this.channels) channel.advance(clk);
  }
}
