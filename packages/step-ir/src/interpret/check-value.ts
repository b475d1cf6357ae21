import { StepError } from "../errors.ts";
import { type ElementType, printElement } from "../stream/element-type.ts";
import { BufferValue, SelectorValue, TileValue, TupleValue, type Value } from "../stream/value.ts";

/**
 * Checks that a value is of a type; extents with symbols fit any size.
 *
 * @throws {StepError} `value-shape` if it is a tile of another size or not such a value at all, `selector-value` if it
 *   chooses what there is not.
 */
export function checkValue(owner: string, value: Value, type: ElementType): void {
  if (!fits(value, type)) {
    throw new StepError("value-shape", `${owner} got ${describe(value)} where ${printElement(type)} is due`);
  }
  if (!(value instanceof SelectorValue) || type.kind !== "selector") return;
  const { chosen } = value;
  const wrong = chosen.some((port) => !(Number.isInteger(port) && port >= 0));
  const multihot = type.encoding === "multihot";
  const ascending = chosen.every((port, place) => place === 0 || port > chosen[place - 1]!);
  if (wrong || (multihot ? !ascending || (chosen.at(-1) ?? 0) >= type.width : chosen.length !== type.width)) {
    const rule = multihot ? `ascending numbers below ${type.width}` : `${type.width} numbers of outputs`;
    throw new StepError("selector-value", `${owner} got the selector ${value}; ${printElement(type)} holds ${rule}`);
  }
}

function fits(value: Value, type: ElementType): boolean {
  switch (type.kind) {
    case "tile":
      return (
        value instanceof TileValue &&
        (type.rows.value === undefined || type.rows.value === value.rows) &&
        (type.columns.value === undefined || type.columns.value === value.columns)
      );
    case "selector":
      return value instanceof SelectorValue;
    case "buffer":
      return value instanceof BufferValue && value.tiles.every((tile) => fits(tile, type.element));
    case "tuple":
      return (
        value instanceof TupleValue &&
        value.parts.length === type.parts.length &&
        value.parts.every((part, place) => fits(part, type.parts[place]!))
      );
  }
}

function describe(value: Value): string {
  if (value instanceof TileValue) return `a tile of ${value.rows} × ${value.columns}`;
  if (value instanceof SelectorValue) return `a selector ${value}`;
  return value instanceof BufferValue ? "a buffer" : `a tuple of ${value.parts.length}`;
}
