/** Any endpoint that speaks the chat protocol of OpenAI. */
import { ChatError, type ChatModel, type ChatRequest, type ChatResponse, type Usage } from "./chat-model.ts";

/** Time, given from outside. */
export interface Timer {
  /** Resolves after so many milliseconds, or once `signal` is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** A number from 0 to below 1, for spreading retries. */
  jitter(): number;
}

/** Where the model is, and how patient to be. */
export interface EndpointOptions {
  /** Address up to and without `/chat/completions`. */
  readonly baseUrl: string;
  readonly apiKey?: string;
  readonly fetch: typeof fetch;
  readonly timer: Timer;
  /** Milliseconds for one attempt; 120,000 unless given. */
  readonly timeout?: number;
  /** 6 unless given. */
  readonly attempts?: number;
}

const retried = new Set([408, 409, 429]);
const longestWait = 60_000;
/** Longest wait that an endpoint is granted, in milliseconds, and longest answer that is read, in bytes. */
const [mostPatience, mostBytes] = [600_000, 2 ** 24];

/**
 * A model at an endpoint. Attempts that may work later are repeated, with waits that double and are spread at random, or as
 * long as `Retry-After` says; others end at once.
 */
export function openAiCompatible(options: EndpointOptions): ChatModel {
  return { complete: (request) => complete(options, request) };
}

async function complete(options: EndpointOptions, request: ChatRequest): Promise<ChatResponse> {
  const most = options.attempts ?? 6;
  for (let attempt = 1; ; attempt++) {
    const tried = await attemptOnce(options, request);
    if ("text" in tried) return { ...tried, attempts: attempt };
    if (!tried.again) throw new ChatError("refused", tried.message);
    if (attempt === most) throw new ChatError("unavailable", `${tried.message} (${most} attempts)`);
    if (tried.wait !== undefined && tried.wait > mostPatience)
      throw new ChatError("unavailable", `${tried.message} (it asks to be left alone for ${tried.wait / 1000} s)`);
    await options.timer.sleep(tried.wait ?? options.timer.jitter() * Math.min(longestWait, 500 * 2 ** attempt));
  }
}

type Tried =
  | { readonly text: string; readonly usage: Usage | null }
  | { readonly message: string; readonly again: boolean; readonly wait?: number };

async function attemptOnce(options: EndpointOptions, request: ChatRequest): Promise<Tried> {
  const abort = new AbortController();
  const answered = new AbortController();
  const timeout = options.timeout ?? 120_000;
  const late = options.timer.sleep(timeout, answered.signal).then((): Tried => {
    abort.abort();
    return { message: `no answer within ${timeout} ms`, again: true };
  });
  try {
    return await Promise.race([late, ask(options, request, abort.signal)]);
  } finally {
    answered.abort();
  }
}

async function ask(options: EndpointOptions, request: ChatRequest, signal: AbortSignal): Promise<Tried> {
  const { baseUrl, apiKey, fetch } = options;
  const { model, messages, temperature, maxTokens, seed } = request;
  const body = JSON.stringify({ model, messages, temperature, max_tokens: maxTokens, seed });
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (apiKey !== undefined) headers.authorization = `Bearer ${apiKey}`;
  const url = `${baseUrl.replace(/\/+$/, "")}/chat/completions`;
  const said = (text: string) => excerpt(text, apiKey);
  try {
    const response = await fetch(url, { method: "POST", headers, body, signal });
    const text = await readText(response);
    if (text === undefined) return { message: `the endpoint answered more than ${mostBytes} bytes`, again: false };
    if (response.ok) return readAnswer(text, said);
    const message = `the endpoint answered ${response.status}: ${said(text)}`;
    const again = retried.has(response.status) || response.status >= 500;
    const wait = waitAsked(response.headers.get("retry-after"));
    return wait === undefined ? { message, again } : { message, again, wait };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    return { message: `cannot reach the endpoint: ${said(cause)}`, again: true };
  }
}

/** Milliseconds, of a number of seconds; dates depend on clocks that may differ, and are left alone. */
function waitAsked(text: string | null): number | undefined {
  const seconds = text === null || text.trim() === "" ? Number.NaN : Number(text);
  return seconds >= 0 ? 1000 * seconds : undefined;
}

/** The body as text; `undefined` once it is longer than any answer should be. */
async function readText({ body }: Response): Promise<string | undefined> {
  if (body === null) return "";
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let [text, bytes] = ["", 0];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.length;
    if (bytes > mostBytes) {
      await reader.cancel();
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
}

function readAnswer(text: string, said: (text: string) => string): Tried {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { message: `the endpoint answered no JSON: ${said(text)}`, again: true };
  }
  const { choices, usage } = (json ?? {}) as {
    choices?: ({ message?: { content?: unknown } } | null)[];
    usage?: Record<string, unknown> | null;
  };
  const content = Array.isArray(choices) ? choices[0]?.message?.content : undefined;
  if (typeof content !== "string") return { message: `the endpoint answered no message: ${said(text)}`, again: true };
  const [inputTokens, outputTokens] = [usage?.prompt_tokens, usage?.completion_tokens];
  return isCount(inputTokens) && isCount(outputTokens)
    ? { text: content, usage: { inputTokens, outputTokens } }
    : { text: content, usage: null };
}

// Counts below zero would give back what caps have counted.
function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** The beginning, without what steers terminals, and without the key, which endpoints that refuse it repeat. */
function excerpt(text: string, apiKey: string | undefined): string {
  const hidden = apiKey === undefined || apiKey === "" ? text : text.replaceAll(apiKey, "[key]");
  return hidden.replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, " ").slice(0, 200);
}
