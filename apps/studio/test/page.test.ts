import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { pageFile } from "../src/page-file.ts";

const page = readFileSync(pageFile, "utf8");
const [, policy = ""] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];

const hashOf = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const inside = (tag: string) =>
  [...page.matchAll(new RegExp(`<${tag}[^>]*>([\\s\\S]*?)</${tag}>`, "g"))].map(([, text]) => text!);

describe("the built page", () => {
  it("is one file under 1.5 MB compressed", () => {
    expect(gzipSync(page).length).toBeLessThan(1.5e6);
    expect(brotliCompressSync(page).length).toBeLessThan(gzipSync(page).length);
  });

  it("names no other file and no other host to load from", () => {
    const frame = page.replaceAll(/<(script|style)[^>]*>[\s\S]*?<\/\1>/g, "");
    expect(frame).not.toMatch(/\b(?:src|href)=/);
    expect(inside("style").join("")).not.toMatch(/url\(\s*["']?(?!data:)|@import/);
  });

  it("lets exactly its own script and style run, and asks no other host", () => {
    const [script] = inside("script");
    const [style] = inside("style");
    expect(inside("script")).toHaveLength(1);
    expect(policy.split("; ")).toEqual(
      expect.arrayContaining(["default-src 'none'", "connect-src 'self'", `style-src ${hashOf(style!)}`]),
    );
    expect(policy).toContain(hashOf(script!));
    expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|\*/);
  });
});
