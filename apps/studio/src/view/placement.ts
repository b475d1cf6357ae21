/** Where the experts of a layer run, and what that takes. */
import * as v from "valibot";
import { checked, count, finite } from "../read/checked.ts";

/** Tokens of one expert on one device. */
export interface PlacedExpert {
  readonly expert: number;
  readonly tokens: number;
  /** Index of the device. */
  readonly device: number;
}

/** A device, and how long it is busy. */
export interface PlacementDevice {
  readonly name: string;
  /** Devices of a kind look alike: `gpu`, `pim`. */
  readonly kind: string;
  /** Nanoseconds until it is done. */
  readonly ns: number;
}

/** A time to compare with, such as the layer's or its lower bound. */
export interface PlacementTime {
  readonly name: string;
  readonly ns: number;
}

/** A placement. */
export interface PlacementView {
  readonly label: string;
  readonly devices: readonly PlacementDevice[];
  /** An expert that is split stands in the list more than once; experts without tokens may be left out. */
  readonly experts: readonly PlacedExpert[];
  readonly times: readonly PlacementTime[];
  /** Why, in sentences. */
  readonly notes: readonly string[];
}

const schema = v.pipe(
  v.object({
    label: v.string(),
    devices: v.array(v.object({ name: v.string(), kind: v.string(), ns: finite })),
    experts: v.array(v.object({ expert: count, tokens: count, device: count })),
    times: v.array(v.object({ name: v.string(), ns: finite })),
    notes: v.array(v.string()),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { devices, experts } = dataset.value;
    const lost = experts.find(({ device }) => device >= devices.length);
    if (lost !== undefined)
      addIssue({ message: `expert ${lost.expert} is on device ${lost.device} of ${devices.length}` });
  }),
);

/**
 * A placement from a parsed JSON document.
 *
 * @throws {StudioError} `shape`
 */
export function readPlacementView(document: unknown): PlacementView {
  return checked(schema, document, "placement");
}
