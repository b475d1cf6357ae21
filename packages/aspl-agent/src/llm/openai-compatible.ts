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

async function ask(
  { baseUrl, apiKey, fetch }: EndpointOptions,
  request: ChatRequest,
  signal: AbortSignal,
): Promise<Tried> {
  const { model, messages, temperature, maxTokens, seed } = request;
  const body = JSON.stringify({ model, messages, temperature, max_tokens: maxTokens, seed });
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (apiKey !== undefined) headers.authorization = `Bearer ${apiKey}`;
  try {
    const response = await fetch(`${baseUrl.replace(/\/+$/, "")}/chat/completions`, {
      method: "POST",
      headers,
      body,
      signal,
    });
    const text = await response.text();
    if (response.ok) return readAnswer(text);
    const message = `the endpoint answered ${response.status}: ${excerpt(text)}`;
    const again = retried.has(response.status) || response.status >= 500;
    const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
    return Number.isFinite(seconds) && seconds >= 0 ? { message, again, wait: 1000 * seconds } : { message, again };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    return { message: `cannot reach the endpoint: ${excerpt(cause)}`, again: true };
  }
}

function readAnswer(text: string): Tried {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { message: `the endpoint answered no JSON: ${excerpt(text)}`, again: true };
  }
  const { choices, usage } = json as {
    choices?: { message?: { content?: unknown } }[];
    usage?: Record<string, unknown>;
  };
  const content = Array.isArray(choices) ? choices[0]?.message?.content : undefined;
  if (typeof content !== "string")
    return { message: `the endpoint answered no message: ${excerpt(text)}`, again: true };
  const [inputTokens, outputTokens] = [usage?.prompt_tokens, usage?.completion_tokens];
  const counted = typeof inputTokens === "number" && typeof outputTokens === "number";
  return { text: content, usage: counted ? { inputTokens, outputTokens } : null };
}

function excerpt(text: string): string {
  return text.replaceAll(/\s+/g, " ").slice(0, 200);
}
