/** A language model behind one call, whatever serves it. */

/** One message. */
export interface ChatMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

/** What is asked of a model. */
export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly temperature: number;
  readonly maxTokens: number;
  /** For providers that take one; differs from rollout to rollout. */
  readonly seed: number;
}

/** Tokens of one call. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** What a model said; `usage` is `null` if it did not say what it took. */
export interface ChatResponse {
  readonly text: string;
  readonly usage: Usage | null;
  /** Attempts that it took. */
  readonly attempts: number;
}

/** A model. Equal requests with different `rollout` numbers are different samples. */
export interface ChatModel {
  /** @throws {ChatError} if there is no answer. */
  complete(request: ChatRequest, rollout: number): Promise<ChatResponse>;
}

/**
 * Why a call gave no answer: `unavailable` may work later and is no sample; `refused` will not; `missing` is a recording
 * without this call; `budget` is a cap of the run.
 */
export type ChatErrorCode = "unavailable" | "refused" | "missing" | "budget";

/** A call without an answer. */
export class ChatError extends Error {
  override readonly name = "ChatError";
  readonly code: ChatErrorCode;

  constructor(code: ChatErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The request as one text: equal requests have equal texts. */
export function canonicalRequest({ model, messages, temperature, maxTokens, seed }: ChatRequest): string {
  const said = messages.map(({ role, content }) => [role, content]);
  return JSON.stringify([model, said, temperature, maxTokens, seed]);
}
