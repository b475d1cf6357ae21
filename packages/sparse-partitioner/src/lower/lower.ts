/** A phase of a kernel as a loop nest. */
import type { Nest } from "@millrace/loop-ir";
import { closeGapsNest, type GapSpec } from "./close-gaps.ts";
import { LoopEmitter } from "./emit-loops.ts";
import { resultEmitter } from "./emit-result.ts";
import type { LoopSpec } from "./loop-spec.ts";

/** Lowers the loops of one phase, or those that close gaps; the same specification gives the same nest. */
export function lowerLoops(spec: LoopSpec | GapSpec): Nest {
  if ("gaps" in spec) return closeGapsNest(spec);
  const emitter = new LoopEmitter(spec);
  emitter.emit(resultEmitter(emitter));
  return emitter.b.finish();
}
