import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterAll } from "vitest";
import { type NodeHostOptions, nodeHost } from "../../src/index.ts";

/** A host whose cache is a folder that goes away after the tests. */
export function testHost(options: NodeHostOptions = {}): ReturnType<typeof nodeHost> {
  const cacheFolder = mkdtempSync(join(tmpdir(), "millrace-loops-"));
  afterAll(() => rmSync(cacheFolder, { recursive: true, force: true }));
  return nodeHost(process, { cacheFolder, ...options });
}
