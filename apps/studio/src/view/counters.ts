/** Counters of a run: what was counted, in which unit, of what. */
import * as v from "valibot";
import { checked, finite } from "../read/checked.ts";

/** A counter. */
export interface Counter {
  readonly name: string;
  /** `cycles`, `bytes`, `tokens`, ...; empty for plain numbers. */
  readonly unit: string;
  readonly value: number;
  /** The node, channel or memory that it belongs to; the whole run if absent. */
  readonly owner?: string;
}

/** All counters of a run. */
export type CountersView = readonly Counter[];

const schema = v.array(
  v.object({ name: v.string(), unit: v.string(), value: finite, owner: v.exactOptional(v.string()) }),
);

/**
 * Counters from a parsed JSON document.
 *
 * @throws {StudioError} `shape`
 */
export function readCountersView(document: unknown): CountersView {
  return checked(schema, document, "counters");
}
