import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { folderWith } from "../support/folder.ts";
import { smallScenario } from "../support/tune-scenarios.ts";

const program = new URL("../../bin/millrace.js", import.meta.url).pathname;

function serve(folder: string, ...flags: string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [program, "tune", "s.json", "--budget", "12", ...flags], { cwd: folder });
}

const exit = (child: ChildProcessWithoutNullStreams) =>
  new Promise<number | null>((resolve) => child.on("exit", (status) => resolve(status)));

/** A client in BaCO's protocol: measures, answers with its rows reversed. */
test("a client is served over standard input and output, as BaCO does it", async () => {
  const child = serve(folderWith({ "s.json": smallScenario }), "--serve", "stdio");
  const ended = exit(child);
  const sizes: number[] = [];
  let rows: string[] = [];
  let left = 0;
  let last = "";
  for await (const line of createInterface({ input: child.stdout })) {
    last = line;
    if (line.startsWith("Request ")) {
      left = Number(line.slice(8)) + 1;
      sizes.push(left - 1);
      rows = [];
    } else if (left > 0) {
      rows.push(line);
      left -= 1;
      if (left > 0) continue;
      expect(rows[0]).toBe("tile,loops,unroll");
      const answers = rows.slice(1).map((row) => `${row},${Number(row.split(",")[0]) + 1}\r\n`);
      child.stdin.write(`tile,loops,unroll,seconds\r\n${answers.reverse().join("")}`);
    }
  }
  expect(sizes).toEqual([5, 1, 1, 1, 1, 1, 1, 1]);
  expect(last).toBe("End of HyperMapper");
  expect(await ended).toBe(0);
}, 60_000);

test("a client that leaves in the middle is told of, with status 2", async () => {
  const child = serve(folderWith({ "s.json": smallScenario }), "--serve", "stdio");
  let complaint = "";
  child.stderr.on("data", (piece) => {
    complaint += piece;
  });
  child.stdin.end("tile,loops,unroll,seconds\n");
  child.stdout.resume();
  expect(await exit(child)).toBe(2);
  expect(complaint).toContain("the client's output ended after 0 evaluations");
}, 60_000);

test("a client is served over HTTP", async () => {
  const child = serve(folderWith({ "s.json": smallScenario }), "--serve", "http", "--json");
  const ended = exit(child);
  let stdout = "";
  child.stdout.on("data", (piece) => {
    stdout += piece;
  });
  const address = await new Promise<string>((resolve) => {
    child.stderr.on("data", (piece) => {
      const [found] = /http:\S+/.exec(String(piece)) ?? [];
      if (found !== undefined) resolve(found);
    });
  });
  const post = async (path: string, body: string) => {
    const response = await fetch(`${address}${path}`, { method: "POST", body });
    return { status: response.status, body: await response.json() };
  };
  expect((await fetch(new URL("/status", address))).status).toBe(404);
  expect((await post("ask", "{")).status).toBe(400);
  expect((await post("ask", '{"n": 0}')).body.error).toContain("n must be an integer from 1 to 1024");
  expect((await post("tell", '{"id": 99, "outcome": 1}')).body.error).toContain("there is no trial 99");
  expect((await post("tell", "x".repeat(1 << 21))).status).toBe(413);
  for (let asked = 0; asked < 12; ) {
    const { trials } = (await post("ask", '{"n": 5}')).body;
    asked += trials.length;
    for (const { id, config } of trials) {
      const outcome = id === 3 ? { ok: false, kind: "crash" } : { seconds: config.tile };
      expect((await post("tell", JSON.stringify({ id, outcome }))).status).toBe(200);
    }
  }
  expect(await ended).toBe(0);
  const { history, best, stop } = JSON.parse(stdout);
  expect([history.length, stop, history[3].feasible]).toEqual([12, "budget", false]);
  expect(best.value).toBe(Math.min(...history.map(({ config }: { config: { tile: number } }) => config.tile)));
}, 60_000);
