/** The stops of the tour behind the sparse kernels, in order. A new system adds its own here. */
import { agentStop } from "./agent-table.ts";
import { embeddingStop } from "./embedding-table.ts";
import { expertsStop } from "./experts-table.ts";
import { fusionStop } from "./fusion-table.ts";
import { gatherStop } from "./gather-table.ts";
import { kernelStop } from "./kernel-table.ts";
import { lookupStop } from "./lookup-table.ts";
import { placementStop } from "./placement-table.ts";
import type { TourSection } from "./section.ts";
import { tuningStop } from "./tuning-table.ts";

/** All stops that have a table of their own. */
export const sections: readonly TourSection[] = [
  fusionStop,
  gatherStop,
  tuningStop,
  kernelStop,
  agentStop,
  expertsStop,
  placementStop,
  embeddingStop,
  lookupStop,
];
