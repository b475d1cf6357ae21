import type { LoopPoint } from "./emit-loops.ts";

/** What a kind of result does at the points of the loops. */
export interface ResultEmitter {
  /** Before the loops of a unit. */
  begin(): void;
  /** Around everything that happens at one point, its own variables bound; must call `inner` once. */
  around(point: LoopPoint, inner: () => void): void;
  /** At a point where all variables are bound. */
  leaf(point: LoopPoint): void;
  /** After the loops of a unit. */
  end(): void;
}
