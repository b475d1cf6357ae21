import { describe, expect, test } from "vitest";
import { machineNamed, readMachine, type ValuePath } from "../../src/index.ts";

/** Where a value is refused, and why. */
function fault(value: unknown): string {
  try {
    readMachine(value, (path: ValuePath, message, help) => {
      throw new Error(`${path.join(".")}: ${message}${help === undefined ? "" : ` (${help})`}`);
    });
  } catch (error) {
    return (error as Error).message;
  }
  return "taken";
}

describe("a machine from a file", () => {
  const refuse = (): never => {
    throw new Error("refused");
  };

  test("is its base with what is different", () => {
    const machine = readMachine({ base: "dae", name: "wide", lanes: 16, caches: { lastBytes: 0 } }, refuse);
    const base = machineNamed("dae") as { caches: object };
    expect(machine).toEqual({ ...base, name: "wide", lanes: 16, caches: { ...base.caches, lastBytes: 0 } });
  });

  test("may have other caches, each whole", () => {
    const caches = [{ bytes: 1024, nanoseconds: 1 }];
    expect(readMachine({ base: "core", caches }, refuse)).toMatchObject({ caches, name: "core, changed" });
  });

  test.each([
    [[], ": a machine is a mapping of keys to values (for example base: dae)"],
    [{}, ": base must be the name of a machine (machines are "],
    [{ base: "dea" }, "base: base must be the name of a machine (did you mean dae?)"],
    [{ base: "dae", kind: "gpu" }, "kind: unknown key kind"],
    [{ base: "dae", queue: { chunk: 3 } }, "queue.chunk: unknown key chunk (did you mean chunks?)"],
    [{ base: "dae", queue: { chunks: 0 } }, "queue.chunks: chunks must be an integer from 1 to"],
    [{ base: "dae", queue: 3 }, "queue: queue must be a mapping of keys to values"],
    [{ base: "dae", lanes: 5 }, "lanes: lanes must be 2, 4, 8, 16"],
    [{ base: "dae", entry: "first" }, "entry: entry must be last or hinted"],
    [{ base: "dae", clockGigahertz: Number.NaN }, "clockGigahertz: clockGigahertz must be a number"],
    [{ base: "core", caches: [{ bytes: 3 }] }, "caches.0: nanoseconds is missing"],
    [{ base: "core", caches: 3 }, "caches: expected a list"],
    [{ base: "core", name: 3 }, "name: name must be a text"],
  ])("is refused by its place: %j", (value, message) => {
    expect(fault(value)).toContain(message);
  });
});
