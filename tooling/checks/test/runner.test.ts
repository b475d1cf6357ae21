import { describe, expect, it } from "vitest";
import { runRunner } from "../src/runner-example.ts";
import { type Manifest, readManifest, repository } from "../src/workspace.ts";

const test = ["build", "test"];

describe("npm test", () => {
  it("ends with the sum of what all packages counted, and with success", async () => {
    const packages = { a: { passed: 3, failed: 0, skipped: 0 }, b: { passed: 4, failed: 0, skipped: 0 } };
    const run = await runRunner({ tasks: test, packages });
    expect(run).toMatchObject({ closingLine: "7 passed, 0 failed", status: 0 });
  });

  it("names skipped tests only where there are any", async () => {
    const run = await runRunner({ tasks: test, packages: { a: { passed: 3, failed: 0, skipped: 2 } } });
    expect(run).toMatchObject({ closingLine: "3 passed, 0 failed, 2 skipped", status: 0 });
  });

  it("counts a package that never got to its tests as one failure", async () => {
    const packages = { a: { passed: 3, failed: 0, skipped: 0 }, b: null };
    const run = await runRunner({ tasks: test, packages, taskStatus: 2 });
    expect(run).toMatchObject({ closingLine: "3 passed, 1 failed", status: 2 });
  });

  it("does not believe a success that left a package without counts", async () => {
    const run = await runRunner({ tasks: test, packages: { a: null } });
    expect(run).toMatchObject({ closingLine: "0 passed, 1 failed", status: 1 });
  });

  it("says that something failed even where every test passed", async () => {
    const run = await runRunner({ tasks: test, packages: { a: { passed: 3, failed: 0, skipped: 0 } }, taskStatus: 1 });
    expect(run).toMatchObject({ closingLine: "3 passed, 1 failed", status: 1 });
  });

  it("runs nothing after an installation that failed", async () => {
    const run = await runRunner({ tasks: test, packages: { a: null, b: null }, installStatus: 3 });
    expect(run).toMatchObject({ closingLine: "0 passed, 2 failed", status: 3 });
    expect(run.calls).toHaveLength(1);
  });

  it("installs everything, as the lockfile says, with the pinned pnpm", async () => {
    const { calls } = await runRunner({ tasks: test, packages: {} });
    const { packageManager } = readManifest(repository) as Manifest & { packageManager: string };
    expect(calls[0]).toContain(`-- ${packageManager} install --frozen-lockfile`);
    expect(calls[0]).not.toContain("--filter");
    expect(calls[1]).toContain(`-- ${packageManager} exec turbo run build test`);
  });
});

describe("npm start", () => {
  it("leaves the checkers out of the installation and prints no counts", async () => {
    const run = await runRunner({ tasks: ["build"], packages: { a: null } });
    expect(run).toMatchObject({ stdout: "", status: 0 });
    expect(run.calls[0]).toContain("--filter=!@millrace/checks");
    expect(run.calls[1]).toContain("exec turbo run build");
  });

  it("fails with the status of what failed", async () => {
    expect(await runRunner({ tasks: ["build"], packages: {}, taskStatus: 3 })).toMatchObject({ stdout: "", status: 3 });
  });
});
