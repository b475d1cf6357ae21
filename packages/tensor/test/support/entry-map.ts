import type { CoordinateList, Tensor } from "../../src/index.ts";

/** Entries by the text of their coordinates; several values where coordinates repeat, in list order. */
export type EntryMap = Map<string, number[][]>;

/** The entries of a list, read straight off its arrays. */
export function entryMap(list: CoordinateList): EntryMap {
  const components = list.valueType === "complex128" ? 2 : 1;
  const map: EntryMap = new Map();
  for (let e = 0; e < list.values.length / components; e++) {
    const key = list.coordinates.map((array) => array[e]).join(",");
    const value = [...list.values.slice(e * components, (e + 1) * components)];
    const held = map.get(key);
    if (held === undefined) map.set(key, [value]);
    else held.push(value);
  }
  return map;
}

/** Duplicates added up in list order. */
export function summed(map: EntryMap): EntryMap {
  const sums: EntryMap = new Map();
  for (const [key, values] of map) {
    const total = values.slice(1).reduce((sum, value) => sum.map((part, k) => part + value[k]!), values[0]!);
    sums.set(key, [total]);
  }
  return sums;
}

/** Entries that are zero in every component left out. */
export function nonzero(map: EntryMap): EntryMap {
  return new Map([...map].filter(([, values]) => values.some((value) => value.some((part) => part !== 0))));
}

/** The map with its keys in sorted order, so that two compare as text. */
export function sortedEntries(map: EntryMap): [string, number[][]][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** Every array of a tensor as plain numbers: equal for equal storage. */
export function storageOf(tensor: Tensor): unknown {
  const levels = tensor.levels.map((level) =>
    Object.fromEntries(
      Object.entries(level).map(([key, field]) => [
        key,
        ArrayBuffer.isView(field) ? [...(field as Int32Array)] : field,
      ]),
    ),
  );
  return {
    shape: tensor.shape,
    format: tensor.format,
    levels,
    valueType: tensor.valueType,
    values: [...tensor.values],
  };
}
