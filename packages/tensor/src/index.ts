export * from "./errors.ts";
export type * from "./format/level-format.ts";
export type * from "./storage/tensor.ts";
