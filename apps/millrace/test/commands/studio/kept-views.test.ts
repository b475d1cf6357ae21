import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readCountersView, readGraphView, readPassesView, readRunRecord } from "@millrace/studio";
import { describe, expect, test } from "vitest";
import { examples, folderWith } from "../../support/folder.ts";
import { millrace } from "../../support/recording-host.ts";

interface Kept {
  readonly printed: { readonly cycles: number; readonly nodes: readonly { id: string; busy: number }[] };
  readonly titles: readonly string[];
  view(id: string): unknown;
  bytes(id: string): Uint8Array;
}

/** Runs a command with `--out` and reads what it kept. */
async function keeping(line: string): Promise<Kept> {
  const folder = folderWith();
  const words = line.split(" ").map((word) => word.replace("EXAMPLES", examples));
  const { status, stdout } = await millrace([...words, "--json", "--out", "kept"], { folder });
  expect(status).toBe(0);
  const record = readRunRecord(JSON.parse(readFileSync(join(folder, "kept/run.json"), "utf8")));
  const bytes = (id: string) => readFileSync(join(folder, "kept", record.views.find((view) => view.id === id)!.file));
  const view = (id: string): unknown => JSON.parse(bytes(id).toString());
  return { printed: JSON.parse(stdout), titles: record.views.map(({ id }) => id), view, bytes };
}

describe("simulations kept for the studio", () => {
  test("sam run keeps its graph with every cycle and token of the run, its counters and its timeline", async () => {
    const line =
      "sam run EXAMPLES/graphs/spmv.gv -i B=EXAMPLES/data/karate.mtx -i c=random:34:0.5 --timeline t.pftrace";
    const { printed, titles, view, bytes } = await keeping(line);
    expect(titles).toEqual(["graph", "counters", "timeline"]);
    const graph = readGraphView(view("graph"));
    expect(graph.cycles).toBe(printed.cycles);
    expect(graph.nodes.map(({ id, counters }) => ({ id, busy: counters?.busy }))).toEqual(
      printed.nodes
        .filter(({ id }) => graph.nodes.some((node) => node.id === id))
        .map(({ id, busy }) => ({ id, busy })),
    );
    expect(graph.edges.every(({ tokens = 0, highWater = 0 }) => tokens > 0 && highWater > 0)).toBe(true);
    const counters = readCountersView(view("counters"));
    expect(counters[0]).toEqual({ name: "cycles", unit: "cycles", value: printed.cycles });
    expect(bytes("timeline").length).toBeGreaterThan(1000);
  });

  test("step simulate keeps its program with a node for each copy, and what travelled between them", async () => {
    const line = "step simulate EXAMPLES/programs/packed.step --trace EXAMPLES/traces/packed-rows.json";
    const { printed, view } = await keeping(line);
    const graph = readGraphView(view("graph"));
    expect(graph.cycles).toBe(printed.cycles);
    expect(printed.nodes.map(({ id }) => id)).toEqual(expect.arrayContaining(graph.nodes.map(({ id }) => id)));
    expect(graph.edges.every(({ tokens }) => tokens !== undefined)).toBe(true);
  });

  test("fuse simulate keeps all regions, each as a group, with what one stores for the next, and one timeline of all", async () => {
    const { view, bytes, printed } = await keeping("fuse simulate gcn --fuse partial --timeline t.pftrace");
    const graph = readGraphView(view("graph"));
    const groups = new Map(graph.nodes.map(({ id, group }) => [id, group]));
    const between = graph.edges.filter(({ from, to }) => groups.get(from) !== groups.get(to));
    expect(between.map(({ from, to, label }) => [groups.get(from), groups.get(to), label])).toEqual([
      ["layer1", "layer2", "relu1, stored"],
    ]);
    expect(between[0]!.tokens).toBeGreaterThan(0);
    for (const region of ["layer1", "layer2"]) expect(Buffer.from(bytes("timeline")).includes(region)).toBe(true);
    expect(new Set(graph.nodes.map(({ group }) => group))).toEqual(new Set(["layer1", "layer2"]));
    expect(graph.nodes.every(({ counters }) => counters !== undefined)).toBe(true);
    expect(graph.cycles).toBe(printed.cycles);
    expect(readCountersView(view("counters"))[0]!.name).toBe("cycles");
  });
});

describe("compilations kept for the studio", () => {
  test("step optimize keeps the program before and after, with the pass's own words", async () => {
    const { stages } = readPassesView(
      (await keeping("step optimize EXAMPLES/programs/unpacked.step --pass dynamic-tiling")).view("passes"),
    );
    expect(stages.map(({ name, changed }) => [name, changed])).toEqual([
      ["program", true],
      ["dynamic-tiling", true],
    ]);
    expect(stages[1]!.text).not.toBe(stages[0]!.text);
    expect(stages[1]!.note).toContain("// dynamic-tiling: ");
    expect(stages[1]!.graph!.nodes.length).toBeGreaterThan(2);
  });

  test("fuse compile keeps each region's passes; one that leaves the text as it was changed nothing", async () => {
    const kept = await keeping("fuse compile gcn --fuse partial");
    const { stages } = readPassesView(kept.view("passes"));
    expect(stages.map(({ name }) => name)).toEqual(
      ["layer1", "layer2"].flatMap((region) => {
        const own = stages.filter(({ name }) => name.startsWith(region)).map(({ name }) => name);
        expect(own.slice(0, 4)).toEqual(["fuse", "order", "table", "lower"].map((pass) => `${region} ${pass}`));
        return own;
      }),
    );
    for (const [at, { changed, text }] of stages.entries()) if (!changed) expect(text).toBe(stages[at - 1]!.text);
    expect(stages.some(({ changed }) => !changed)).toBe(true);
    expect(readGraphView(kept.view("graph")).nodes.length).toBeGreaterThan(50);
  });

  test("embed compile keeps what each pass gives", async () => {
    const kept = await keeping("embed compile EXAMPLES/models/embedding-bag.pt2 --emit dlc --opt 3");
    const { stages } = readPassesView(kept.view("passes"));
    expect(stages.map(({ name }) => name)).toEqual(expect.arrayContaining(["program", "decouple", "lower-to-dlc"]));
  });
});
