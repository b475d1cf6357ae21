/** The operators known by name. */
import type { Operator } from "../program/operator.ts";
import { outputOperator } from "./boundary/output.ts";
import { placeholderOperator } from "./boundary/placeholder.ts";
import { sourceOperator } from "./boundary/source.ts";
import { bufferizeOperator } from "./buffer/bufferize.ts";
import { streamifyOperator } from "./buffer/streamify.ts";
import { accumOperator } from "./compute/accum.ts";
import { flatMapOperator } from "./compute/flat-map.ts";
import { mapOperator } from "./compute/map.ts";
import { scanOperator } from "./compute/scan.ts";
import { cacheAddressesOperator } from "./generate/cache-addresses.ts";
import { expertAddressesOperator } from "./generate/expert-addresses.ts";
import { lastTileOperator } from "./generate/last-tile.ts";
import { linearLoadOperator } from "./memory/linear-load.ts";
import { linearStoreOperator } from "./memory/linear-store.ts";
import { randomLoadOperator } from "./memory/random-load.ts";
import { randomStoreOperator } from "./memory/random-store.ts";
import { broadcastOperator } from "./routing/broadcast.ts";
import { chooseOperator } from "./routing/choose.ts";
import { eagerMergeOperator } from "./routing/eager-merge.ts";
import { parallelizeOperator } from "./routing/parallelize.ts";
import { partitionOperator } from "./routing/partition.ts";
import { reassembleOperator } from "./routing/reassemble.ts";
import { expandOperator } from "./shape/expand.ts";
import { flattenOperator } from "./shape/flatten.ts";
import { promoteOperator } from "./shape/promote.ts";
import { repeatOperator } from "./shape/repeat.ts";
import { reshapeOperator } from "./shape/reshape.ts";
import { zipOperator } from "./shape/zip.ts";

const all: readonly Operator[] = [
  sourceOperator,
  outputOperator,
  placeholderOperator,
  linearLoadOperator,
  linearStoreOperator,
  randomLoadOperator,
  randomStoreOperator,
  bufferizeOperator,
  streamifyOperator,
  mapOperator,
  accumOperator,
  scanOperator,
  flatMapOperator,
  chooseOperator,
  partitionOperator,
  reassembleOperator,
  eagerMergeOperator,
  parallelizeOperator,
  broadcastOperator,
  flattenOperator,
  reshapeOperator,
  promoteOperator,
  expandOperator,
  repeatOperator,
  zipOperator,
  expertAddressesOperator,
  cacheAddressesOperator,
  lastTileOperator,
];

/** All operators, by name, in the order of the documentation. */
export const operators: ReadonlyMap<string, Operator> = new Map(all.map((operator) => [operator.name, operator]));
