/** The spaces that can be tuned by name, a line each: `millrace tune NAME:SUBJECT -i NAME=VALUE`. */
import { nearest } from "@millrace/ir-text";
import { MillraceError } from "../../errors.ts";
import type { OpenTuningSpace, SpaceRequest, TuningSpace } from "./tuning-space.ts";

// Each is loaded when it is asked for: one needs one or two packages, and a thread that evaluates needs one space.
const catalogue: Readonly<Record<string, () => Promise<OpenTuningSpace>>> = {
  agent: async () => (await import("./agent-space.ts")).openAgentSpace,
  embed: async () => (await import("./embed-space.ts")).openEmbedSpace,
  fuse: async () => (await import("./fuse-space.ts")).openFuseSpace,
  kernel: async () => (await import("./kernel-space.ts")).openKernelSpace,
  moe: async () => (await import("./placement-space.ts")).openPlacementSpace,
  "step-attention": async () => (await import("./step-space.ts")).openAttentionSpace,
  "step-moe": async () => (await import("./step-space.ts")).openMoeSpace,
};

/** The two halves of `AREA:SUBJECT`; undefined for what is the name of a file. */
export function splitSpaceName(name: string): { readonly area: string; readonly subject: string } | undefined {
  const [, area, subject] = /^([a-z]+(?:-[a-z]+)*):(.+)$/s.exec(name) ?? [];
  return area === undefined || subject === undefined ? undefined : { area, subject };
}

/** Opens the space that a request names. @throws {MillraceError} `argument` if there is none, and as it opens */
export async function openSpace(request: SpaceRequest): Promise<TuningSpace> {
  const { area } = request;
  const load = Object.hasOwn(catalogue, area) ? catalogue[area] : undefined;
  if (load !== undefined) return (await load())(request);
  const names = Object.keys(catalogue);
  const similar = nearest(area, names);
  throw new MillraceError("argument", `there is no space ${area}:`, {
    help: similar === undefined ? `the spaces are ${names.join(":, ")}:` : `did you mean ${similar}:?`,
  });
}
