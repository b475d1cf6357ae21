export * from "./errors.ts";
export * from "./channel/channel.ts";
export type * from "./channel/channel-observer.ts";
export * from "./engine/node.ts";
