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

describe("an endpoint that means no good", () => {
  const failing = async (...answers: readonly Response[]) => {
    const { model, waits, asked } = endpoint(...answers);
    const failure = await model.complete(request, 0).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ChatError);
    return { message: (failure as ChatError).message, waits, asked: asked() };
  };
  const later = (wait: string) => new Response("", { status: 429, headers: { "retry-after": wait } });

  it("is not waited for longer than ten minutes at once, nor asked at once for a wait that is no number", async () => {
    const { message, waits } = await failing(later("31536000"));
    expect(waits).toEqual([]);
    expect(message).toContain("it asks to be left alone for 31536000 s");
    for (const odd of ["", "soon", "-5", "NaN", "Wed, 21 Oct 2015 07:28:00 GMT"]) {
      const { model, waits: own } = endpoint(later(odd), new Response(answer));
      await model.complete(request, 0);
      expect(own).toEqual([500]);
    }
  });

  it("is not read without end", async () => {
    let sent = 0;
    const endless = new ReadableStream({
      pull: (controller) => {
        sent += 1;
        controller.enqueue(new Uint8Array(2 ** 20));
      },
    });
    const model = openAiCompatible({
      baseUrl: "http://127.0.0.1:1/v1",
      fetch: async () => new Response(endless),
      timer: { sleep: () => new Promise(() => {}), jitter: () => 0 },
    });
    await expect(model.complete(request, 0)).rejects.toThrow("the endpoint answered more than 16777216 bytes");
    expect(sent).toBeLessThan(20);
  });

  it("is not shown with the key that it repeats, nor with what steers a terminal", async () => {
    const { message } = await failing(new Response("bad key secret\u001b[2J\u202e\n", { status: 401 }));
    expect(message).toBe("the endpoint answered 401: bad key [key] [2J ");
  });

  it.each(["null", "[]", "7", '{"choices": [null]}', '{"choices": {}}', '{"choices": [{"message": {"content": 5}}]}'])(
    "that answers %s is asked again",
    async (text) => {
      const { model } = endpoint(new Response(text), new Response(answer));
      expect((await model.complete(request, 0)).attempts).toBe(2);
    },
  );

  it.each([
    { prompt_tokens: -1_000_000, completion_tokens: 7 },
    { prompt_tokens: 1e300, completion_tokens: 7 },
    { prompt_tokens: "11", completion_tokens: 7 },
    null,
  ])("counts %j tokens, which is no count, so that no cap on them can be kept", async (usage) => {
    const body = JSON.stringify({ choices: [{ message: { content: "hi" } }], usage });
    for (const budget of [{ tokens: 1000 }, { dollars: 1 }]) {
      const ledger = new Ledger({ budget, prices: { m: { input: 3, output: 15 } } });
      const model = ledger.guard(endpoint(new Response(body), new Response(body)).model);
      await model.complete(request, 0);
      await expect(model.complete(request, 1)).rejects.toThrow("cannot be kept: the endpoint counts no tokens");
      expect(ledger.spending).toMatchObject({ calls: 1, inputTokens: null });
    }
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

  it("keeps no cap of dollars without a price", async () => {
    const model = new Ledger({ budget: { dollars: 5 } }).guard(endpoint(new Response(answer)).model);
    await model.complete(request, 0);
    await expect(model.complete(request, 1)).rejects.toThrow(
      "the cap of 5 dollars cannot be kept: the model has no price",
    );
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
