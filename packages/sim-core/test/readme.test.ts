import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Graph, Node, type Progress, simulate, TimelineRecorder } from "../src/index.ts";

class Counter extends Node {
  left = 3;
  fire(budget: number): Progress {
    const output = this.outputs[0]!;
    for (; budget > 0 && this.left > 0; budget--, this.left--) {
      if (!output.writable) return this.waitFor(output);
      this.clock = output.reserve(this.clock);
      output.put(this.clock, this.left, 0);
      this.clock += 1;
    }
    return this.left === 0 ? this.finish() : "more";
  }
}
class Sink extends Node {
  fire(): Progress {
    const input = this.inputs[0]!;
    while (input.readable) {
      this.clock = input.peek(this.clock);
      input.release(this.clock);
      this.clock += 4;
    }
    return input.ended ? this.finish() : this.waitFor(input);
  }
}

test("the example of the README does what it says", () => {
  const graph = new Graph({ capacity: 1 });
  const wire = graph.channel("wire");
  graph.add(new Counter("counter", [], [wire]));
  graph.add(new Sink("sink", [wire], []));
  const timeline = new TimelineRecorder();
  const report = simulate(graph, { timeline });
  expect([report.cycles, report.nodes[0]!.blocked, report.deadlock]).toEqual([13, 4, null]);
  expect(timeline.encode().length).toBeGreaterThan(100);
  const lines = (text: string): string[] => text.split("\n").map((line) => line.trim());
  const readme = lines(readFileSync(new URL("../README.md", import.meta.url), "utf8"));
  const here = lines(readFileSync(new URL("readme.test.ts", import.meta.url), "utf8"));
  // The classes above are those of the README, line by line.
  const code = here.slice(
    here.indexOf("class Counter extends Node {"),
    here.findIndex((line) => line.startsWith("test(")) - 1,
  );
  const at = readme.indexOf("class Counter extends Node {");
  expect(readme.slice(at, at + code.length)).toEqual(code);
});
