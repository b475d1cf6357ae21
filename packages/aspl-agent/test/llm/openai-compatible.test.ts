import { describe, expect, it } from "vitest";
import {
  ChatError,
  type ChatRequest,
  Ledger,
  openAiCompatible,
  readCassette,
  recording,
  replaying,
} from "../../src/index.ts";

const request: ChatRequest = {
  model: "m",
  messages: [{ role: "user", content: "hello" }],
  temperature: 0.7,
  maxTokens: 10,
  seed: 1,
};

const answer = JSON.stringify({
  choices: [{ message: { content: "hi" } }],
  usage: { prompt_tokens: 11, completion_tokens: 7 },
});

/** An endpoint that answers one after another, and what it was asked and how long was waited. */
function endpoint(...answers: readonly (Response | "never" | Error)[]) {
  const waits: number[] = [];
  const headers: unknown[] = [];
  let at = 0;
  const model = openAiCompatible({
    baseUrl: "http://127.0.0.1:1/v1/",
    apiKey: "secret",
    fetch: async (url, init) => {
      headers.push([String(url), init?.headers]);
      const next = answers[at++] ?? new Response("", { status: 500 });
      if (next === "never") return new Promise(() => {});
      if (next instanceof Error) throw next;
      return next.clone();
    },
    // Waits for retries pass at once; the time-out of an attempt passes only where nothing else does.
    timer: {
      sleep: (milliseconds) => {
        if (milliseconds === 5000) return new Promise((resolve) => setTimeout(resolve, 20));
        waits.push(milliseconds);
        return Promise.resolve();
      },
      jitter: () => 0.5,
    },
    timeout: 5000,
  });
  return { model, waits, headers, asked: () => at };
}

describe("an endpoint", () => {
  it("is asked again after as long as it says, and the key goes into a header alone", async () => {
    const { model, waits, headers } = endpoint(
      new Response("slow down", { status: 429, headers: { "retry-after": "1" } }),
      new Response(answer),
    );
    expect(await model.complete(request, 0)).toEqual({
      text: "hi",
      usage: { inputTokens: 11, outputTokens: 7 },
      attempts: 2,
    });
    expect(waits).toEqual([1000]);
    expect(headers[0]).toEqual([
      "http://127.0.0.1:1/v1/chat/completions",
      { "content-type": "application/json", authorization: "Bearer secret" },
    ]);
  });

  it("is not asked again where it refuses", async () => {
    const { model, asked } = endpoint(new Response("who are you", { status: 401 }));
    await expect(model.complete(request, 0)).rejects.toThrow("the endpoint answered 401: who are you");
    expect(asked()).toBe(1);
  });

  it("is given up after six attempts, with waits that double", async () => {
    const { model, waits } = endpoint(new Error("no route"), "never", new Response("{}"), new Response("<html>"));
    const failure = await model.complete(request, 0).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ChatError);
    expect((failure as ChatError).code).toBe("unavailable");
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000]);
  });
});

describe("the ledger", () => {
  it("adds up tokens and money exactly, and stops at the cap of calls", async () => {
    const ledger = new Ledger({ budget: { calls: 50 }, prices: { m: { input: 3, output: 15 } } });
    const model = ledger.guard(endpoint(...Array.from({ length: 100 }, () => new Response(answer))).model);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 60 }, (_, rollout) => model.complete(request, rollout)),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled").length).toBe(50);
    expect(ledger.spending).toEqual({
      calls: 50,
      inputTokens: 550,
      outputTokens: 350,
      dollars: (550 * 3 + 350 * 15) / 1e6,
    });
  });

  it("knows no price that it was not told", async () => {
    const ledger = new Ledger();
    await ledger.guard(endpoint(new Response(answer)).model).complete(request, 0);
    expect(ledger.spending.dollars).toBeNull();
  });
});

describe("a recording", () => {
  it("answers as it was recorded, by rollout, and says what it lacks; a torn last line is dropped", async () => {
    const lines: string[] = [];
    const record = recording(endpoint(new Response(answer)).model, (entry) => lines.push(JSON.stringify(entry)));
    await record.complete(request, 3);
    expect(lines.join()).not.toContain("secret");
    const replay = replaying(readCassette(`${lines.join("\n")}\n{"key": "torn`));
    expect((await replay.complete(request, 3)).text).toBe("hi");
    await expect(replay.complete(request, 4)).rejects.toThrow(
      /the recording has no answer to call [0-9a-f]{12} \(rollout 4\)/,
    );
    expect(() => readCassette("nothing\n")).toThrow("line 1 of the recording is no JSON");
  });
});
