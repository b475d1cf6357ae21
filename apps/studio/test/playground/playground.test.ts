import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PlaygroundAnswer } from "../../src/playground/answer.ts";
import { type AnsweringWorker, Asker } from "../../src/playground/asker.ts";
import { piecesOf } from "../../src/playground/expression-editor.tsx";
import { type PlaygroundRequest, printRequest, readRequest, startRequest } from "../../src/playground/request.ts";
import { parseAddress } from "../../src/shell/address.ts";

describe("a request in the address", () => {
  const stored = (request: PlaygroundRequest) => {
    const parameters = Object.entries(printRequest(request)).filter(([, value]) => value !== undefined);
    return parseAddress(`#${new URLSearchParams(parameters as [string, string][])}`);
  };

  it("is read as it was printed", () => {
    const request = fc.record({
      expression: fc.string(),
      formats: fc.dictionary(fc.constantFrom("A", "B_1", "x"), fc.constantFrom("CSR", "ds:1,0", "BCSR(4x4)"), {
        noNullPrototype: true,
      }),
      order: fc.constantFrom("", "i,j", "j k"),
      extent: fc.integer({ min: 1, max: 256 }),
      density: fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0),
      seed: fc.integer({ min: 0, max: 1_000_000 }),
      units: fc.integer({ min: 1, max: 256 }),
    });
    fc.assert(
      fc.property(request, (each) => {
        expect(readRequest(stored(each))).toEqual(each);
      }),
      { seed: 3, numRuns: 200 },
    );
    expect([...stored(startRequest)]).toEqual([]);
  });

  it("keeps to what can be asked for", () => {
    const wrong = parseAddress("#n=1e9&d=2&s=-1&p=0.5&f=A;=x;1=2;B=ss");
    expect(readRequest(wrong)).toEqual({ ...startRequest, formats: { B: "ss" } });
  });
});

describe("marks behind the expression", () => {
  it("leave its text as it is, whatever the places", () => {
    const place = fc.integer({ min: 0, max: 12 });
    const spans = fc.array(fc.tuple(place, place), { maxLength: 5 });
    fc.assert(
      fc.property(fc.string({ maxLength: 10 }), spans, (text, places) => {
        const pieces = piecesOf(
          text,
          places.map(([start, end]) => ({ start, end: Math.max(start, end), message: "x" })),
        );
        expect(
          pieces
            .map((piece) => piece.text)
            .join("")
            .trimEnd(),
        ).toBe(text.trimEnd());
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  it("stand where the fault is, and behind the end for what is missing there", () => {
    const fault = { start: 2, end: 4, message: "x" };
    expect(piecesOf("abcdef", [fault]).map(({ text, fault: own }) => [text, own])).toEqual([
      ["ab", undefined],
      ["cd", "x"],
      ["ef", undefined],
    ]);
    expect(piecesOf("ab", [{ start: 2, end: 2, message: "end" }]).at(-1)).toMatchObject({ text: " ", fault: "end" });
  });
});

/** Workers that answer when they are told to, and a clock that runs when it is told to. */
function stage() {
  const workers: (AnsweringWorker & { asked: PlaygroundRequest[]; isEnded: boolean })[] = [];
  const timers: { at: number; run: () => void }[] = [];
  const told: string[] = [];
  const asker = new Asker({
    make() {
      const asked: PlaygroundRequest[] = [];
      const worker = {
        asked,
        isEnded: false,
        onmessage: null,
        onerror: null,
        postMessage: (request: PlaygroundRequest) => asked.push(request),
        terminate: () => {
          worker.isEnded = true;
        },
      };
      workers.push(worker);
      return worker;
    },
    after(milliseconds, run) {
      const timer = { at: milliseconds, run };
      timers.push(timer);
      return () => timers.splice(timers.indexOf(timer), 1);
    },
    answered: ({ seed }) => told.push(`answered ${seed}`),
    failed: ({ seed }, reason) => told.push(`failed ${seed}: ${reason}`),
  });
  const ask = (seed: number) => asker.ask({ ...startRequest, seed });
  const answer = (worker: number) => workers[worker]!.onmessage!({ data: {} as PlaygroundAnswer });
  const pass = (milliseconds: number) => {
    for (const timer of timers.filter(({ at }) => at === milliseconds)) timer.run();
  };
  return { asker, ask, answer, pass, workers, told, timers };
}

describe("asking a worker", () => {
  it("drops all but the latest of what waits", () => {
    const { ask, answer, workers, told } = stage();
    for (const seed of [1, 2, 3]) ask(seed);
    expect(workers[0]!.asked.map(({ seed }) => seed)).toEqual([1]);
    answer(0);
    answer(0);
    expect(told).toEqual(["answered 1", "answered 3"]);
    expect(workers).toHaveLength(1);
  });

  it("gives up what takes long once something else is asked, not before", () => {
    const { ask, answer, pass, workers, told } = stage();
    ask(1);
    pass(700);
    expect(workers[0]!.isEnded).toBe(false);
    ask(2);
    expect(workers[0]!.isEnded).toBe(true);
    answer(1);
    expect(told).toEqual(["answered 2"]);
    ask(3);
    ask(4);
    pass(700);
    expect(workers[1]!.isEnded).toBe(true);
    expect(workers[2]!.asked.map(({ seed }) => seed)).toEqual([4]);
  });

  it("says so when a worker fails or never answers, and goes on with a new one", () => {
    const { asker, ask, pass, workers, told, timers } = stage();
    ask(1);
    workers[0]!.onerror!({ message: "boom" });
    ask(2);
    pass(30_000);
    expect(told).toEqual(["failed 1: the worker failed: boom", "failed 2: no answer within 30 s"]);
    ask(3);
    asker.close();
    expect(workers.map(({ isEnded }) => isEnded)).toEqual([true, true, true]);
    expect(timers).toHaveLength(0);
  });
});
