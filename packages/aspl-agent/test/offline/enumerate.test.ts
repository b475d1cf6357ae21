import { describe, expect, it } from "vitest";
import { enumerate, Verifier } from "../../src/index.ts";
import { taskOf } from "../support/recorded.ts";

describe("the enumerator", () => {
  it.each([
    ["attn/G_0_4_01", 4],
    ["bmm/bmm_0", 6],
    ["rope/G_0_4_01", 5],
    ["index/G_0_3_03", 4],
    ["expert/G_0_6_05", 6],
  ])("finds a smallest program for %s that passes the strict rule", (id, operators) => {
    const verifier = new Verifier(taskOf(id));
    const { program, stop, applications } = enumerate(verifier, { maximumApplications: 20_000 });
    expect(stop).toBe("solved");
    expect(verifier.verify(program!).verdict).toBe("ok");
    expect(program!.ops.length).toBeLessThanOrEqual(operators);
    expect(enumerate(verifier, { maximumApplications: 20_000 }).applications).toBe(applications);
  });

  it("gives up when it is told to", () => {
    const verifier = new Verifier(taskOf("norm/G_0_16_01"));
    expect(enumerate(verifier, { maximumApplications: 500 }).stop).toBe("applications");
    expect(enumerate(verifier, { maximumOperators: 2 }).stop).toBe("operators");
    expect(enumerate(verifier, { expired: () => true }).stop).toBe("expired");
  });
});
