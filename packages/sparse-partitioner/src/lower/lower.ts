/** A phase of a kernel as a loop nest. */
import type { Nest } from "@millrace/loop-ir";
import { LoopEmitter } from "./emit-loops.ts";
import { resultEmitter } from "./emit-result.ts";
import type { LoopSpec } from "./loop-spec.ts";

/** Lowers the loops of one phase; the same specification gives the same nest. */
export function lowerLoops(spec: LoopSpec): Nest {
  const emitter = new LoopEmitter(spec);
  emitter.emit(resultEmitter(emitter));
  return emitter.b.finish();
}
