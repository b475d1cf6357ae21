import type { DramSpec } from "../../spec/dram-spec.ts";
import type { DramChannel } from "../channel.ts";
import type { ControllerOptions } from "../channel-door.ts";
import { ChannelDdr } from "./channel-ddr.ts";
import { ChannelHbm } from "./channel-hbm.ts";
import { ChannelLpddr5 } from "./channel-lpddr5.ts";
import { ChannelR20 } from "./channel-r20.ts";

/** The controller for the profile and the part of `spec`, as channel number `index`. */
export function createChannel(spec: DramSpec, index: number, options: ControllerOptions): DramChannel {
  if (spec.profile === "r20") return new ChannelR20(spec, index, options);
  if (spec.commands.some((command) => command.bus === "column")) return new ChannelHbm(spec, index, options);
  if (spec.commands.some((command) => command.name === "ACT1")) return new ChannelLpddr5(spec, index, options);
  return new ChannelDdr(spec, index, options);
}
