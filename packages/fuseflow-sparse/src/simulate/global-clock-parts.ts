/**
 * Blocks of the global-clock profile that are more than one process: parts that read their inputs independently.
 *
 * The nodes and channels inside such a block have ids that begin with the block's or the stream's; reports leave them out.
 */
import type { Channel, Graph } from "@millrace/sim-core";
import type { Block, BlockWiring } from "../blocks/block.ts";
import { OutPort } from "../blocks/out-port.ts";
import { HoldSignal } from "../blocks/repeat/hold-signal.ts";
import { Repeat } from "../blocks/repeat/repeat.ts";
import { Intake } from "../blocks/shape/intake.ts";
import type { SamBlock } from "../sam/graph.ts";
import type { TimingProfile } from "../timing/profile.ts";

/** Ends the id of a part. */
const PART = " (part)";

/** The id of a part of what has the id `whole`. */
export function partId(whole: string): string {
  return `${whole}${PART}`;
}

/** The id that `id`, that of a part, was made from. */
export function wholeOf(id: string): string {
  return id.slice(0, -PART.length);
}

/** Whether an id is that of a part of a block. */
export function isPart(id: string): boolean {
  return id.endsWith(PART);
}

/** Whether a block empties an input into a store of its own, whatever it is doing. */
export function storesInput(block: SamBlock | undefined, port: string): boolean {
  if (block?.type === "crdhold") return port === "outer";
  return block?.type === "spacc" && block.form === "points";
}

/** Lets the reader of `channel` empty it as tokens come; returns the channel to read instead. */
export function addIntake(machine: Graph, channel: Channel, timing: TimingProfile): Channel {
  const id = partId(channel.id);
  const store = machine.channel(id);
  machine.add(new Intake({ id, inputs: [channel], inputNames: ["in"], outputs: [new OutPort([store])], timing }));
  return store;
}

/** A coordinate holder, if `block` is one: one part passes the inner stream and makes a repeat signal of it, the other repeats. */
export function addCrdHold(machine: Graph, block: SamBlock, wiring: BlockWiring): Block | null {
  if (block.type !== "crdhold") return null;
  const [outer, inner] = wiring.inputs as readonly [Channel, Channel];
  const [outerOut, innerOut] = wiring.outputs as readonly [OutPort, OutPort];
  const id = partId(wiring.id);
  const signal = machine.channel(id);
  const outputs = [innerOut, new OutPort([signal])];
  machine.add(new HoldSignal({ ...wiring, id, inputs: [inner], inputNames: ["inner"], outputs }));
  const inputs = { inputs: [outer, signal], inputNames: ["outer", "inner"] };
  return machine.add(new Repeat({ ...wiring, ...inputs, outputs: [outerOut] }));
}
