/** The spaces that can be tuned by name, a line each: `millrace tune NAME:SUBJECT -i NAME=VALUE`. */
import { nearest } from "@millrace/ir-text";
import { MillraceError } from "../../errors.ts";
import { openAgentSpace } from "./agent-space.ts";
import { openEmbedSpace } from "./embed-space.ts";
import { openFuseSpace } from "./fuse-space.ts";
import { openKernelSpace } from "./kernel-space.ts";
import { openPlacementSpace } from "./placement-space.ts";
import { openAttentionSpace, openMoeSpace } from "./step-space.ts";
import type { OpenTuningSpace, SpaceRequest, TuningSpace } from "./tuning-space.ts";

const catalogue: Readonly<Record<string, OpenTuningSpace>> = {
  agent: openAgentSpace,
  embed: openEmbedSpace,
  fuse: openFuseSpace,
  kernel: openKernelSpace,
  moe: openPlacementSpace,
  "step-attention": openAttentionSpace,
  "step-moe": openMoeSpace,
};

/** The two halves of `AREA:SUBJECT`; undefined for what is the name of a file. */
export function splitSpaceName(name: string): { readonly area: string; readonly subject: string } | undefined {
  const [, area, subject] = /^([a-z]+(?:-[a-z]+)*):(.+)$/s.exec(name) ?? [];
  return area === undefined || subject === undefined ? undefined : { area, subject };
}

/** Opens the space that a request names. @throws {MillraceError} `argument` if there is none, and as it opens */
export async function openSpace(request: SpaceRequest): Promise<TuningSpace> {
  const { area } = request;
  const open = Object.hasOwn(catalogue, area) ? catalogue[area] : undefined;
  if (open !== undefined) return open(request);
  const names = Object.keys(catalogue);
  const similar = nearest(area, names);
  throw new MillraceError("argument", `there is no space ${area}:`, {
    help: similar === undefined ? `the spaces are ${names.join(":, ")}:` : `did you mean ${similar}:?`,
  });
}
