import type { Nest } from "../nest/nest.ts";
import { type BlockOptions, blockRows } from "./block-rows.ts";
import { fold } from "./fold.ts";
import { forward } from "./forward.ts";
import { hoist } from "./hoist.ts";
import { jamSums } from "./jam-sums.ts";
import { unrollFixedTrip } from "./unroll-fixed-trip.ts";
import { type VectorizeOptions, vectorize } from "./vectorize.ts";

/** The passes that make a nest faster without changing what it computes, in the order in which they help each other. */
export function simplify(nest: Nest, options: VectorizeOptions & BlockOptions = {}): Nest {
  const blocked = blockRows(forward(fold(nest)), options);
  const chained = options.reassociate === true ? blocked : jamSums(blocked);
  return hoist(unrollFixedTrip(fold(vectorize(chained, options))));
}

/** The passes that help a compiler which vectorises and unrolls by itself. */
export function tidy(nest: Nest): Nest {
  return hoist(forward(fold(nest)));
}
