/** Columns of numbers: checked in one loop, since studies have hundreds of thousands of them. */
import * as v from "valibot";

/** A list of finite numbers. */
export const numbers: v.GenericSchema<unknown, readonly number[]> = column(
  "finite numbers",
  (value) => typeof value === "number" && Number.isFinite(value),
);

/** A list of finite numbers with null where there is none. */
export const numbersOrNull: v.GenericSchema<unknown, readonly (number | null)[]> = column(
  "finite numbers and nulls",
  (value) => value === null || (typeof value === "number" && Number.isFinite(value)),
);

/** A list of whole numbers of at least 0. */
export const counts: v.GenericSchema<unknown, readonly number[]> = column(
  "whole numbers of at least 0",
  (value) => Number.isSafeInteger(value) && (value as number) >= 0,
);

function column<Item>(expected: string, holds: (value: unknown) => boolean): v.GenericSchema<unknown, readonly Item[]> {
  return v.pipe(
    v.unknown(),
    v.rawTransform<unknown, readonly Item[]>(({ dataset, addIssue, NEVER }) => {
      const list = dataset.value;
      if (!Array.isArray(list)) {
        addIssue({ message: `expected a list of ${expected}` });
        return NEVER;
      }
      const wrong = list.findIndex((value) => !holds(value));
      if (wrong < 0) return list as readonly Item[];
      addIssue({ message: `expected ${expected}, but item ${wrong} is ${JSON.stringify(list[wrong])?.slice(0, 40)}` });
      return NEVER;
    }),
  );
}
