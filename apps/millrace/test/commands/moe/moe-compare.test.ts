import { existsSync, readFileSync } from "node:fs";
import { isoRatios } from "@millrace/sieve-pim";
import { describe, expect, test } from "vitest";
import { folderWith } from "../../support/folder.ts";
import { millrace } from "../../support/recording-host.ts";

interface Model {
  readonly contention: string;
  readonly claimed: number | null;
  readonly over: readonly { readonly policy: string; readonly throughputAtEqualInteractivity: number | null }[];
  readonly frontiers: readonly {
    readonly policy: string;
    readonly points: { readonly interactivity: number; readonly throughput: number }[];
  }[];
}

describe("moe compare", () => {
  test("gives every ratio, from which its own document gives it again, and what it rests on", async () => {
    const folder = folderWith();
    const flags = ["moe", "compare", "--model", "gpt-oss-120b", "--gpus", "8", "--out", "out", "--json"];
    const { status, stdout, stderr } = await millrace(flags, { folder });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const { models, sensitivity, assumptions } = JSON.parse(stdout) as {
      readonly models: readonly Model[];
      readonly sensitivity: readonly { readonly ratio: number; readonly rows: readonly unknown[] }[];
      readonly assumptions: readonly string[];
    };
    expect(models.map(({ contention }) => contention)).toEqual(["disjoint", "exclusive", "dual-row-buffer"]);
    for (const { claimed, over, frontiers } of models) {
      expect(claimed).toBe(1.3);
      const [own, ...others] = frontiers;
      for (const [at, { policy, points }] of others.entries()) {
        const again = isoRatios(own!.points, points).throughputAtEqualInteractivity;
        expect(over[at]).toMatchObject({ policy, throughputAtEqualInteractivity: again });
        expect(again ?? 1).toBeGreaterThanOrEqual(1 - 1e-9);
      }
    }
    expect(sensitivity[0]!.ratio).toBeGreaterThan(1);
    expect(sensitivity[0]!.rows.length).toBeGreaterThan(10);
    expect(assumptions.join(" ")).toContain("names neither GPU nor PIM stacks");
    expect(existsSync(`${folder}/out/report.html`)).toBe(true);
    expect(readFileSync(`${folder}/out/report.html`, "utf8")).not.toMatch(/NaN|undefined/);
  });
});
