import { describe, expect, it } from "vitest";
import {
  coordinateList,
  describeProblem,
  homeSlot,
  pack,
  parseFormat,
  type Tensor,
  validateTensor,
} from "../../../src/index.ts";

// 1 . 2 .
// . . . .
// . 3 . 4
const list = coordinateList(
  [3, 4],
  [
    [0, 0, 1],
    [0, 2, 2],
    [2, 1, 3],
    [2, 3, 4],
  ],
);

/** The problems of `list` in a format after `change`, one line each. */
function problemsAfter(text: string, change: (levels: Mutable[], tensor: MutableTensor) => void): string[] {
  const tensor = pack(list, parseFormat(text, 2)) as unknown as MutableTensor;
  change(tensor.levels as unknown as Mutable[], tensor);
  return validateTensor(tensor as unknown as Tensor).map(describeProblem);
}

type MutableTensor = { -readonly [K in keyof Tensor]: Tensor[K] };
type Mutable = {
  kind: string;
  size: number;
  positions: Int32Array;
  coordinates: Int32Array;
  words: Uint32Array;
  ranks: Int32Array;
};

describe("a fault is named with its level, place and what was expected:", () => {
  it.each<[string, string, (levels: Mutable[], tensor: MutableTensor) => void, string[]]>([
    [
      "a first position that is not 0",
      "ss",
      ([rows]) => rows!.positions.fill(1, 0, 1),
      ["level 0, position 0: the first position is 1; expected 0"],
    ],
    [
      "positions that fall",
      "ds",
      ([, columns]) => columns!.positions.set([3], 1),
      ["level 1, position 2: position 2 after 3; expected positions that never fall"],
    ],
    [
      "positions that end early",
      "ds",
      ([, columns]) => columns!.positions.set([3], 3),
      ["level 1, position 3: the last position is 3; expected 4, the number of coordinates"],
    ],
    [
      "too few positions",
      "ds",
      ([, columns]) => {
        columns!.positions = Int32Array.of(0, 2, 4);
      },
      ["level 1: a positions array of 3; expected 4, one more than the 3 parents"],
    ],
    [
      "a coordinate out of range",
      "ds",
      ([, columns]) => columns!.coordinates.set([4], 3),
      ["level 1, position 3: coordinate 4; expected 0 to 3"],
    ],
    [
      "coordinates out of order",
      "ds",
      ([, columns]) => columns!.coordinates.set([3, 1], 2),
      ["level 1, position 3: coordinate (1) after (3); expected strictly rising coordinates below one parent"],
    ],
    [
      "a coordinate twice",
      "ds",
      ([, columns]) => columns!.coordinates.set([2], 0),
      ["level 1, position 1: coordinate (2) after (2); expected strictly rising coordinates below one parent"],
    ],
    [
      "tuples of a list out of order",
      "uq",
      ([, columns]) => columns!.coordinates.set([3, 0], 0),
      ["level 0, position 1: coordinate (0, 0) after (0, 3); expected rising coordinates below one parent"],
    ],
    [
      "too few singletons",
      "uq",
      ([, columns]) => {
        columns!.coordinates = columns!.coordinates.slice(0, 3);
      },
      [
        "level 1: 3 coordinates; expected 4, one for each parent position",
        "values: 4 numbers; expected 3, for 3 positions of float64",
      ],
    ],
    [
      "a padding bit",
      "db",
      ([, columns]) => columns!.words.set([0b10000], 1),
      [
        "level 1, position 1: padding bits set in word 16; expected zeros above bit 3",
        "level 1, position 2: rank 2; expected 3, the set bits before this word",
      ],
    ],
    [
      "a missing word",
      "db",
      ([, columns]) => {
        columns!.words = columns!.words.slice(0, 2);
      },
      [
        "level 1: 2 words; expected 3, 1 for each of 3 parents",
        "level 1: 3 ranks; expected 2, one for each word",
        "values: 4 numbers; expected 2, for 2 positions of float64",
      ],
    ],
    [
      "a table that is no power of two",
      "hd",
      ([rows]) => {
        rows!.positions.set([3], 1);
        rows!.coordinates = rows!.coordinates.slice(0, 3);
      },
      [
        "level 0, position 0: a table of 3 slots for parent 0; expected a power of two",
        "values: 16 numbers; expected 12, for 12 positions of float64",
      ],
    ],
    [
      "a level of another kind",
      "ds",
      ([, columns]) => {
        columns!.kind = "hashed";
      },
      ["level 1: a hashed level; expected compressed, as the format says"],
    ],
    [
      "a level of another size",
      "ds",
      ([, columns]) => {
        columns!.size = 9;
      },
      ["level 1: a size of 9; expected 4, from mode 1 of the shape"],
    ],
    [
      "an array of another class",
      "ds",
      ([, columns]) => {
        columns!.positions = [0] as never;
      },
      ["level 1: positions of another class; expected Int32Array"],
    ],
    [
      "a block of another size",
      "BCSR(2x2)",
      (levels) => {
        (levels[2] as unknown as { blockSize: number }).blockSize = 3;
      },
      ["level 2: a block size of 3; expected 2, as the format says"],
    ],
    [
      "a value in the padding of a block",
      "BCSR(2x2)",
      (_, tensor) => tensor.values.set([7], 15),
      ["values, position 15: the value 7 in a free slot or in padding; expected 0"],
    ],
    [
      "a value in a free slot",
      "dh",
      (_, tensor) => {
        tensor.values[2] = 7;
      },
      ["values, position 2: the value 7 in a free slot or in padding; expected 0"],
    ],
    [
      "missing values",
      "ds",
      (_, tensor) => {
        tensor.values = tensor.values.slice(1);
      },
      ["values: 3 numbers; expected 4, for 4 positions of float64"],
    ],
    [
      "values of another class",
      "ds",
      (_, tensor) => {
        tensor.valueType = "int32";
      },
      ["values: an array of class Float64Array; expected the one that holds int32"],
    ],
    [
      "a value that is not finite",
      "ds",
      (_, tensor) => tensor.values.set([Number.NaN], 2),
      ["values, position 2: the value NaN; expected a finite number"],
    ],
    [
      "a missing level",
      "ds",
      (_, tensor) => {
        tensor.levels = tensor.levels.slice(1);
      },
      ["format: 1 stored levels; expected 2, as the format has"],
    ],
    [
      "an illegal format",
      "ds",
      (_, tensor) => {
        tensor.format = parseFormat("ds");
        tensor.shape = [3];
      },
      ["format: 2 levels for a tensor of 1 mode; expected a legal format"],
    ],
    [
      "an illegal shape",
      "ds",
      (_, tensor) => {
        tensor.shape = [3, -1];
      },
      ["shape, position 1: an extent of -1; expected an integer from 0 to 2147483647"],
    ],
  ])("%s", (_, text, change, problems) => {
    expect(problemsAfter(text, change)).toEqual(problems);
  });

  it("a hashed coordinate that cannot be found, or that stands twice", () => {
    const table = (place: (coordinates: Int32Array) => void) =>
      problemsAfter("dh", (levels) => {
        const [start, end] = [levels[1]!.positions[0]!, levels[1]!.positions[1]!];
        place(levels[1]!.coordinates.fill(-1, start, end).subarray(start, end));
      });
    const home = homeSlot(2, 4);
    expect(table((slots) => slots.set([2], (home + 1) % 4))[0]).toMatch(
      /coordinate 2 cannot be found from slot \d; expected no free slot on the way/,
    );
    const twice = table((slots) => {
      slots[home] = 2;
      slots[(home + 1) % 4] = 2;
    });
    expect(twice[0]).toContain("coordinate 2 stands twice in one table; expected each coordinate once");
  });

  it("dense positions that 32 bits cannot count", () => {
    const tensor: Tensor = {
      shape: [2 ** 20, 2 ** 20],
      format: parseFormat("dd"),
      levels: [
        { kind: "dense", size: 2 ** 20 },
        { kind: "dense", size: 2 ** 20 },
      ],
      valueType: "float64",
      values: new Float64Array(1),
    };
    expect(validateTensor(tensor).map(describeProblem)).toEqual([
      "level 1: 1099511627776 positions; expected at most 2147483647",
    ]);
  });
});

it("repeats are faults where they split the children of one coordinate, and none in a list that ends the levels", () => {
  const repeated = coordinateList(
    [3, 4],
    [
      [1, 1, 1],
      [1, 1, 2],
      [1, 2, 3],
    ],
  );
  const kept = pack(repeated, parseFormat("uq"), { duplicates: "keep" });
  expect(validateTensor(kept)).toEqual([]);
  expect(problemsAfter("us", ([rows]) => rows!.coordinates.fill(0))).toEqual([
    "level 0, position 1: coordinate (0) after (0); expected strictly rising coordinates below one parent",
  ]);
});

it("a ruined tensor gives as many problems as asked for", () => {
  const tensor = pack(
    coordinateList(
      [5000],
      Array.from({ length: 4000 }, (_, e) => [e, 1]),
    ),
    parseFormat("s"),
  );
  (tensor.levels[0] as { coordinates: Int32Array }).coordinates.fill(-5);
  expect(validateTensor(tensor)).toHaveLength(1000);
  expect(validateTensor(tensor, { maximumProblems: 7 })).toHaveLength(7);
});
