import { describe, expect, it } from "vitest";
import { checksum } from "../../src/history/checksum.ts";
import { LoggedStudy, type LogStore } from "../../src/history/logged-study.ts";
import { readRecords } from "../../src/history/records.ts";
import { Random } from "../../src/numeric/random.ts";
import { createSpace } from "../../src/space/create-space.ts";
import type { Config } from "../../src/space/parameter.ts";
import type { Outcome } from "../../src/study/trial.ts";

const space = createSpace([
  { kind: "ordinal", name: "tile", values: [1, 2, 4, 8, 16, 32], transform: "log" },
  { kind: "ordinal", name: "unroll", values: [1, 2, 4, 8], constraints: ["tile >= unroll"] },
  { kind: "permutation", name: "loops", size: 3 },
]);

function answer({ tile, unroll, loops }: Config): Outcome {
  if (tile === 16 && unroll === 8) return { ok: false, kind: "crash", detail: "exit status 139" };
  return { ok: true, value: Math.abs((tile as number) - 8) + (unroll as number) + 2 * (loops as number[])[0]! + 1 };
}

class TextStore implements LogStore {
  text = "";
  /** Appends after this many are lost, as if the process had been killed. */
  left = Number.POSITIVE_INFINITY;
  read(): string {
    return this.text;
  }
  append(line: string): void {
    if (this.left-- <= 0) throw new Error("killed");
    this.text += line;
  }
  truncate(length: number): void {
    this.text = this.text.slice(0, length);
  }
}

const budget = 24;
const options = { seed: 4, environment: { device: "cpu" } };

function evaluate(store: LogStore, batch = 1): string[] {
  const logged = new LoggedStudy(space, store, options);
  const done = () => logged.study.trials.filter(({ outcome }) => outcome).length;
  while (done() < budget) for (const { id, config } of logged.ask(batch)) logged.tell(id, answer(config));
  return logged.study.trials.map(({ config }) => JSON.stringify(config));
}

describe("a logged study", () => {
  const whole = new TextStore();
  const suggestions = evaluate(whole);

  it("writes the same bytes twice", () => {
    const again = new TextStore();
    evaluate(again);
    expect(again.text).toBe(whole.text);
    expect(readRecords(whole.text).records).toHaveLength(1 + 2 * budget);
  });

  it("killed after any record goes on with the suggestions that would have come", () => {
    for (let kill = 1; kill < 2 * budget; kill += 3) {
      const store = new TextStore();
      store.left = kill;
      expect(() => evaluate(store)).toThrow("killed");
      store.left = Number.POSITIVE_INFINITY;
      expect(evaluate(store)).toEqual(suggestions);
      expect(store.text).toBe(whole.text);
    }
  });

  it("cut off at any byte goes on, and ends with the same bytes", () => {
    const random = new Random("cuts");
    for (let round = 0; round < 60; round++) {
      const store = new TextStore();
      store.text = whole.text.slice(0, random.below(whole.text.length));
      expect(evaluate(store)).toEqual(suggestions);
      expect(store.text).toBe(whole.text);
    }
  });

  it("killed during a batch repeats at most the evaluations that ran", () => {
    const straight = new TextStore();
    const wanted = evaluate(straight, 4);
    for (let kill = 5; kill < 2 * budget; kill += 7) {
      const store = new TextStore();
      store.left = kill;
      expect(() => evaluate(store, 4)).toThrow("killed");
      store.left = Number.POSITIVE_INFINITY;
      const told = readRecords(store.text).records.filter(({ record }) => record === "tell").length;
      const resumed = new LoggedStudy(space, store, options);
      const pending = resumed.study.trials.length - told;
      expect(resumed.ask(pending).map(({ id }) => id)).toEqual(
        resumed.study.trials.filter(({ outcome }) => !outcome).map(({ id }) => id),
      );
      expect(new Set(wanted).size).toBe(budget);
    }
  });

  it("with a flipped byte goes on from the last good line, and says where that was", () => {
    const lines = whole.text.split("\n");
    const offset = lines.slice(0, 20).join("\n").length + 1;
    const store = new TextStore();
    store.text = `${whole.text.slice(0, offset + 30)}#${whole.text.slice(offset + 31)}`;
    const logged = new LoggedStudy(space, store, options);
    expect(logged.damage).toMatchObject({ line: 21, offset });
    expect(store.text).toBe(whole.text.slice(0, offset));
    expect(evaluate(store)).toEqual(suggestions);
  });

  it("with its last line cut off loses that line only", () => {
    const store = new TextStore();
    store.text = whole.text.slice(0, -7);
    expect(new LoggedStudy(space, store, options).damage).toMatchObject({
      line: 49,
      message: "the last line is cut off",
    });
    expect(evaluate(store)).toEqual(suggestions);
  });

  it("leaves a file that is no log, or whose header was changed, as it is", () => {
    for (const text of ["tile,unroll\n8,2\n", "notes", `${whole.text.slice(0, 30)}#${whole.text.slice(31)}`]) {
      const store = new TextStore();
      store.text = text;
      expect(() => new LoggedStudy(space, store, options)).toThrow(/no log of a study: line 1 is no header/);
      expect(store.text).toBe(text);
    }
  });

  it("with its header cut off begins again", () => {
    const store = new TextStore();
    store.text = whole.text.slice(0, 40);
    expect(new LoggedStudy(space, store, options).damage).toMatchObject({ line: 1 });
    expect(evaluate(store)).toEqual(suggestions);
  });

  it("refuses the log of another space, seed, environment, or of something else", () => {
    const other = createSpace([{ kind: "integer", name: "n", minimum: 0, maximum: 9 }]);
    const open = (where: typeof space, changed: object) => () =>
      new LoggedStudy(where, whole, { ...options, ...changed });
    expect(open(other, {})).toThrow(/another scenario/);
    expect(open(space, { seed: 5 })).toThrow(/another seed: 4, not 5/);
    expect(open(space, { environment: { device: "gpu" } })).toThrow(/another environment/);
    const store = new TextStore();
    const text = '{"record":"tell","id":0}';
    store.text = `${checksum(text, 0).toString(16).padStart(8, "0")} ${text}\n`;
    expect(() => new LoggedStudy(space, store)).toThrow(expect.objectContaining({ code: "study-log" }));
  });
});

it("the checksum is CRC-32", () => {
  expect(checksum("123456789", 0)).toBe(0xcbf43926);
  expect(checksum("6789", checksum("12345", 0))).toBe(0xcbf43926);
});
