import { symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { readRunList } from "@millrace/studio";
import { describe, expect, onTestFinished, test } from "vitest";
import { RunFolder } from "../../src/files/run-folder.ts";
import { RunLibrary } from "../../src/studio/run-library.ts";
import { serveStudio } from "../../src/studio/serve-studio.ts";
import { folderWith } from "../support/folder.ts";

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Sends a path as it stands, which `fetch` would tidy up first. */
function send(url: string, path: string, options: { method?: string; headers?: Record<string, string> } = {}) {
  const { hostname, port } = new URL(url);
  return new Promise<Answer>((resolve, reject) => {
    const sent = request({ hostname, port, path, ...options }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (piece: string) => {
        body += piece;
      });
      response.on("end", () => resolve({ status: response.statusCode!, body, headers: response.headers }));
    });
    sent.on("error", reject).end();
  });
}

async function served() {
  const folder = folderWith({ "secret.json": "secret" });
  const run = new RunFolder(folder, "out", ["millrace", "x"]);
  run.view("text", "Text", { text: "shown" }, { id: "a/text" });
  run.view("text", "Gone", { text: "" }, { id: "linked" });
  const server = await serveStudio(new RunLibrary(folder, ["out"]), 0);
  onTestFinished(() => server.close());
  return { folder, url: server.url, root: new URL(server.url).pathname };
}

const viewPath = (root: string, run: string, id: string) => `${root}view?${new URLSearchParams({ run, id })}`;

describe("the studio's server", () => {
  test("gives the page, the list of runs, and the files that their records name", async () => {
    const { url, root } = await served();
    const page = await send(url, root);
    expect(page).toMatchObject({ status: 200, headers: { "content-type": "text/html; charset=utf-8" } });
    expect(page.body).toContain("Millrace studio");
    const list = readRunList(JSON.parse((await send(url, `${root}runs.json`)).body));
    expect(list.runs.map(({ name, record }) => [name, record.views.length])).toEqual([["out", 2]]);
    expect(await send(url, viewPath(root, "out", "a/text"))).toMatchObject({ status: 200, body: '{"text":"shown"}\n' });
  });

  test("says nothing without the token, to another host name, or to what is no reading", async () => {
    const { url, root } = await served();
    const { port } = new URL(url);
    const wrong = `/${"0".repeat(root.length - 2)}/`;
    for (const path of ["/", "/runs.json", wrong, `${wrong}runs.json`, root.slice(0, -1), `${root.slice(0, -2)}/`, "*"])
      expect(await send(url, path)).toMatchObject({ status: 404, body: "there is nothing here\n" });
    for (const host of ["evil.example", `evil.example:${port}`, "127.0.0.1", `127.0.0.1:1`, `127.0.0.1:${port}.evil`])
      expect((await send(url, `${root}runs.json`, { headers: { host } })).status).toBe(421);
    expect((await send(url, `${root}runs.json`, { headers: { host: `localhost:${port}` } })).status).toBe(200);
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
      expect(await send(url, root, { method })).toMatchObject({ status: 405, headers: { allow: "GET, HEAD" } });
  });

  test("answers HEAD without a body, allows no other origin, no frame and no guess of types", async () => {
    const { url, root } = await served();
    const { status, body, headers } = await send(url, root, {
      method: "HEAD",
      headers: { origin: "https://evil.example" },
    });
    expect({ status, body }).toEqual({ status: 200, body: "" });
    expect(Number(headers["content-length"])).toBeGreaterThan(10_000);
    expect(headers).toMatchObject({ "x-content-type-options": "nosniff", "referrer-policy": "no-referrer" });
    expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
    expect(headers["access-control-allow-origin"]).toBeUndefined();
  });

  test("no name in a request reaches another file", async () => {
    const { url, root } = await served();
    const names = ["../secret.json", "secret.json", "..%2fsecret.json", "/etc/passwd", "run.json", "views/a/text.json"];
    for (const name of names) {
      expect((await send(url, viewPath(root, "out", name))).status).toBe(404);
      expect((await send(url, viewPath(root, name, "a/text"))).status).toBe(404);
      expect((await send(url, `${root}${name}`)).status).toBe(404);
    }
  });

  test("a link that leads out of the run's folder is not followed, and a record that names another file is refused", async () => {
    const { folder, url, root } = await served();
    const place = join(folder, "out/views/linked.json");
    writeFileSync(place, "");
    symlinkSync(join(folder, "secret.json"), `${place}.link`);
    const record = (file: string) =>
      writeFileSync(
        join(folder, "out/run.json"),
        JSON.stringify({
          ...{ format: "millrace-run-1", title: "", command: [], version: "0" },
          views: [{ id: "linked", kind: "text", title: "", file }],
        }),
      );
    record("views/linked.json.link");
    expect(await send(url, viewPath(root, "out", "linked"))).toMatchObject({
      status: 404,
      body: "out/views/linked.json.link is not a file inside its run's folder\n",
    });
    record("../secret.json");
    expect((await send(url, viewPath(root, "out", "linked"))).status).toBe(404);
    const { broken } = JSON.parse((await send(url, `${root}runs.json`)).body);
    expect(broken).toEqual([
      { name: "out", fault: expect.stringContaining("run.json: at $.views[0].file: must be a") },
    ]);
  });
});
