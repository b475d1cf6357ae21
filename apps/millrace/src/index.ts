export type { Host, Output } from "./cli/host.ts";
export { runMillrace } from "./cli/run.ts";
export type { ExitStatus } from "./errors.ts";
