/** A thread that runs some of the channels of a partitioned trace. */
import { parentPort, workerData } from "node:worker_threads";
import type { DramSetup } from "../setup.ts";
import { ChannelGroup, type EndedChannel, type FedChannel } from "./channel-group.ts";
import type { PartitionedTrace } from "./feed-channel.ts";
import { type PortedFault, portedFault } from "./ported-fault.ts";

/** What the thread is given. */
export interface ChannelThreadTask {
  readonly setup: DramSetup;
  readonly trace: PartitionedTrace;
  /** Its channels, ascending. */
  readonly channels: readonly number[];
}

/** What the thread says: how far it is, that it is done or that a channel cannot be run, and at last the outcomes. */
export type ChannelThreadMessage =
  | { readonly kind: "taken"; readonly requests: number }
  | { readonly kind: "fed"; readonly fed: readonly FedChannel[] }
  | { readonly kind: "fault"; readonly channel: number; readonly fault: PortedFault }
  | { readonly kind: "ended"; readonly ended: readonly EndedChannel[] };

if (parentPort !== null) {
  const port = parentPort;
  const say = (message: ChannelThreadMessage): void => port.postMessage(message);
  const { setup, trace, channels } = workerData as ChannelThreadTask;
  const group = new ChannelGroup(setup, trace);
  port.once("message", (cycles: number) => {
    say({ kind: "ended", ended: group.end(cycles) });
  });
  const fed: FedChannel[] = [];
  let at = 0;
  try {
    for (; at < channels.length; at++) {
      fed.push(await group.feed(channels[at]!, (requests) => say({ kind: "taken", requests })));
    }
    say({ kind: "fed", fed });
  } catch (error) {
    say({ kind: "fault", channel: channels[at]!, fault: portedFault(error) });
  }
}
