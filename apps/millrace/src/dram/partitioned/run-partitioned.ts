/**
 * A trace in one file per channel, each with a frontend of its own, on one thread or several. The run ends with the last
 * channel; which thread ran which channel changes nothing.
 */
import { MillraceError } from "../../errors.ts";
import { removePartial } from "../../files/text-file.ts";
import { type BankCounts, joinedBanks } from "../bank-activity.ts";
import { commandLogNames } from "../command-files.ts";
import type { DramRun } from "../run-trace.ts";
import type { DramSetup } from "../setup.ts";
import { ChannelGroup, type EndedChannel, type FedChannel } from "./channel-group.ts";
import { channelFile, type PartitionedTrace } from "./feed-channel.ts";
import { RemoteGroup } from "./remote-group.ts";

/** How to run it. */
export interface PartitionedWatch {
  /** Threads at the same time. */
  readonly jobs: number;
  /** Called now and then with the requests taken so far; throws to end the run. */
  readonly pause: (requests: number) => void;
}

/** A run, and what was kept of it. */
export interface PartitionedRun {
  readonly run: DramRun;
  readonly banks: BankCounts | undefined;
}

/**
 * Runs all channels.
 *
 * @throws {MillraceError} as `runTrace` does, of the first channel with a fault; `argument` for files of two forms
 */
export async function runPartitioned(
  setup: DramSetup,
  trace: PartitionedTrace,
  { jobs, pause }: PartitionedWatch,
): Promise<PartitionedRun> {
  const { channels } = setup.configuration;
  const threads = Math.min(jobs, channels);
  const groups =
    threads === 1 ? groupHere(setup, trace, pause) : groupsOnThreads(setup, trace, { jobs: threads, pause });
  try {
    return await runGroups(setup, trace, groups);
  } catch (error) {
    await groups.discard();
    throw error;
  }
}

async function runGroups(setup: DramSetup, trace: PartitionedTrace, groups: Groups): Promise<PartitionedRun> {
  const fed = await groups.feed();
  const form = formOf(trace, fed);
  const cycles = fed.reduce((most, each) => Math.max(most, each.cycles), 0);
  const ended = (await groups.end(cycles)).sort((a, b) => a.channel - b.channel);
  const banks = ended.flatMap((each) => each.banks ?? []);
  return {
    run: {
      setup,
      form,
      requests: fed.reduce((sum, each) => sum + each.requests, 0),
      cycles,
      channels: ended.map(({ outcome }) => outcome),
    },
    banks: banks.length === 0 ? undefined : joinedBanks(banks),
  };
}

interface Groups {
  /** Has all channels take their requests; gives them in ascending order. */
  readonly feed: () => Promise<FedChannel[]>;
  /** Brings all channels to the end of the run. */
  readonly end: (cycles: number) => Promise<EndedChannel[]>;
  /** Gives up the run, wherever it is. */
  readonly discard: () => Promise<void>;
}

function groupHere(setup: DramSetup, trace: PartitionedTrace, pause: (requests: number) => void): Groups {
  const group = new ChannelGroup(setup, trace);
  return {
    async feed() {
      const fed: FedChannel[] = [];
      for (let channel = 0; channel < setup.configuration.channels; channel++) {
        fed.push(await group.feed(channel, pause));
      }
      return fed;
    },
    end: async (cycles) => group.end(cycles),
    discard: async () => group.discard(),
  };
}

function groupsOnThreads(setup: DramSetup, trace: PartitionedTrace, { jobs, pause }: PartitionedWatch): Groups {
  const { channels } = setup.configuration;
  const threads = Array.from({ length: jobs }, (_, job) => {
    const own = Array.from({ length: Math.ceil((channels - job) / jobs) }, (__, i) => job + i * jobs);
    return new RemoteGroup({ setup, trace, channels: own });
  });
  const close = async (): Promise<void> => {
    await Promise.all(threads.map((thread) => thread.close()));
  };
  return {
    async feed() {
      const stopped = untilStopped(() => pause(threads.reduce((sum, { requests }) => sum + requests, 0)));
      const all = await Promise.race([Promise.all(threads.map((thread) => thread.fed)), stopped.failed]).finally(
        stopped.cancel,
      );
      const faults = all.flatMap(({ fault }) => (fault === undefined ? [] : [fault]));
      if (faults.length > 0) throw faults.sort((a, b) => a.channel - b.channel)[0]!.error;
      return all.flatMap((each) => each.fed).sort((a, b) => a.channel - b.channel);
    },
    async end(cycles) {
      const ended = await Promise.all(threads.map((thread) => thread.end(cycles)));
      await close();
      return ended.flat();
    },
    async discard() {
      await close();
      // A thread that is ended puts nothing in order.
      if (trace.commands === undefined) return;
      for (const name of commandLogNames(trace.commands, channels)) removePartial(trace.folder, name);
    },
  };
}

const LOOKS_EVERY_MILLISECONDS = 50;

/** Asks `pause` now and then; `failed` is rejected with what it throws. */
function untilStopped(pause: () => void): { readonly failed: Promise<never>; readonly cancel: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const failed = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      try {
        pause();
      } catch (error) {
        reject(error);
      }
    }, LOOKS_EVERY_MILLISECONDS);
  });
  return { failed, cancel: () => clearInterval(timer) };
}

function formOf(trace: PartitionedTrace, fed: readonly FedChannel[]): DramRun["form"] {
  const [first, ...rest] = fed.filter(({ requests }) => requests > 0);
  const odd = rest.find(({ form }) => form !== first!.form);
  if (odd === undefined) return first?.form ?? trace.form ?? "loadstore";
  const files = [first!, odd].map(({ channel, form }) => `${channelFile(trace, channel)} is of form ${form}`);
  throw new MillraceError("argument", `${files.join(", ")}: the traces of all channels must be of one form`);
}
