import { type CoordinateList, coordinateList, type Level, pack, parseFormat } from "@millrace/tensor";
import type { Driver, WorkSpace } from "../../src/partition/work.ts";

/** One sorted run of coordinates as the only level of a tensor. */
export function vector(name: string, size: number, coordinates: readonly number[]): Driver {
  const level: Level = {
    kind: "compressed",
    size,
    positions: Int32Array.of(0, coordinates.length),
    coordinates: Int32Array.from(coordinates),
  };
  return { name, levels: [level], weight: 1 };
}

/** A space over the stored levels of some tensors; the visit weights are those of the variables, 0 unless given. */
export function spaceOf(
  shape: readonly number[],
  drivers: readonly Driver[],
  visitWeights: readonly number[] = [],
): WorkSpace {
  return {
    variables: shape.map((size, v) => ({ name: `v${v}`, size, visitWeight: visitWeights[v] ?? 0 })),
    drivers,
  };
}

/** A tensor of ones in a format, as a driver. */
export function driver(list: CoordinateList, format: string, duplicates: "sum" | "keep" = "sum"): Driver {
  return { name: format, levels: pack(list, parseFormat(format, list.shape.length), { duplicates }).levels, weight: 1 };
}

/** Ones at some coordinates. */
export function ones(shape: readonly number[], coordinates: readonly (readonly number[])[]): CoordinateList {
  return coordinateList(
    shape,
    coordinates.map((row) => [...row, 1]),
  );
}
