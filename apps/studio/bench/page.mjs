// The page in a real browser: first paint of a large study from a server on this machine, and moving a graph of 5,000 nodes.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { pageFile } from "@millrace/studio";
import { launchChromium } from "@millrace/vitest/chromium";

const EVALUATIONS = 10_000;
const NODES = 5000;
const ROUNDS = 3;

function study(count) {
  let state = 1;
  const draw = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const column = () => Array.from({ length: count }, draw);
  return {
    name: "drawn",
    parameters: Array.from({ length: 8 }, (_, at) => ({ name: `p${at}`, kind: "number", least: 0, most: 1 })),
    objectives: [{ name: "time", goal: "minimize" }],
    outcomes: ["finished"],
    evaluations: {
      config: Array.from({ length: 8 }, column),
      values: [column()],
      outcome: Array.from({ length: count }, () => 0),
    },
  };
}

function graph(count) {
  const nodes = Array.from({ length: count }, (_, at) => ({
    ...{ id: `n${at}`, label: `node ${at}`, kind: `kind ${at % 7}`, group: `g${Math.floor(at / 500)}` },
    counters: { busy: at % 100, starved: 100 - (at % 100), blocked: 0 },
  }));
  const edges = Array.from({ length: count - 50 }, (_, at) => [
    { from: `n${at}`, to: `n${at + 50}`, tokens: at + 1 },
    { from: `n${at}`, to: `n${at + 50 - (at % 50 > 0 ? 1 : 0)}`, tokens: 1 },
  ]);
  return { cycles: 100, nodes, edges: edges.flat() };
}

const views = { tiny: ["study", study(10)], study: ["study", study(EVALUATIONS)], graph: ["graph", graph(NODES)] };
const runs = Object.entries(views).map(([id, [kind]]) => ({
  name: id,
  record: {
    ...{ format: "millrace-run-1", title: id, command: [], version: "0" },
    views: [{ id, kind, title: id, file: `${id}.json` }],
  },
  stamps: ["1"],
}));
const server = createServer((request, response) => {
  const url = new URL(request.url, "http://127.0.0.1");
  if (url.pathname === "/runs.json") response.end(JSON.stringify({ runs, broken: [] }));
  else if (url.pathname === "/view") response.end(JSON.stringify(views[url.searchParams.get("id")][1]));
  else response.setHeader("content-type", "text/html").end(readFileSync(pageFile));
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const address = `http://127.0.0.1:${server.address().port}/`;
const browser = await launchChromium();

async function paints(id) {
  const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
  await page.goto(`${address}#run=${id}&view=${id}`);
  await page.waitForSelector("main canvas");
  // Two frames on, the canvas that is there has been painted.
  const shown = await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())))),
  );
  const first = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime);
  await page.close();
  return { first, shown };
}

const best = async (measure) => {
  const all = [];
  for (let round = 0; round < ROUNDS; round++) all.push(await measure());
  return Object.fromEntries(Object.keys(all[0]).map((key) => [key, Math.min(...all.map((one) => one[key]))]));
};
const ms = (value) => `${value.toFixed(0)} ms`;

const [small, large] = [await best(() => paints("tiny")), await best(() => paints("study"))];
console.log(`best of ${ROUNDS}            first paint   drawn`);
console.log(`10 evaluations        ${ms(small.first).padStart(8)} ${ms(small.shown).padStart(10)}`);
console.log(
  `${EVALUATIONS} evaluations     ${ms(large.first).padStart(8)} ${ms(large.shown).padStart(10)}   ratio ${(large.shown / small.shown).toFixed(2)}`,
);

const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
await page.goto(`${address}#run=graph&view=graph`);
const canvas = page.locator("canvas.graph-canvas");
await canvas.waitFor();
await page.keyboard.press("e");
await page.getByText(/^5,000 nodes, 9,900 edges; 100 cycles$/).waitFor();
await page.keyboard.press("0");
const { x, y, width, height } = await canvas.boundingBox();
await page.mouse.move(x + width / 2, y + height / 2);
const before = await canvas.evaluate((element) => ({ ...element.dataset }));
const started = performance.now();
for (let step = 0; step < 200; step++) await page.mouse.wheel(0, step % 100 < 50 ? -12 : 12);
const wall = performance.now() - started;
await page.waitForTimeout(200);
const after = await canvas.evaluate((element) => ({ ...element.dataset }));
const [inputs, frames] = ["inputs", "frames"].map((name) => Number(after[name]) - Number(before[name]));
console.log(
  `5,000 nodes, 9,900 edges: 200 wheel steps sent, ${inputs} applied, ${frames} frames, ${ms(wall / frames)} a frame`,
);
await browser.close();
server.close();
