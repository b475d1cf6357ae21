/** Calls as they were answered, so that a run can be repeated without any model. Keys of endpoints are no part of it. */
import { ChatError, type ChatModel, type ChatRequest, type ChatResponse, canonicalRequest } from "./chat-model.ts";

/** One recorded call, a line of a cassette. */
export interface CassetteEntry extends ChatResponse {
  /** SHA-256 of the request and the rollout, in hexadecimal. */
  readonly key: string;
  readonly model: string;
  readonly rollout: number;
}

/** The key of a call. */
export async function callKey(request: ChatRequest, rollout: number): Promise<string> {
  const bytes = new TextEncoder().encode(`${rollout}\n${canonicalRequest(request)}`);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A model whose answers are also given to `record`. */
export function recording(model: ChatModel, record: (entry: CassetteEntry) => void): ChatModel {
  return {
    async complete(request, rollout) {
      const response = await model.complete(request, rollout);
      record({ key: await callKey(request, rollout), model: request.model, rollout, ...response });
      return response;
    },
  };
}

/** A model that only answers as it was recorded; anything else is `missing`. */
export function replaying(entries: Iterable<CassetteEntry>): ChatModel {
  const answers = new Map<string, CassetteEntry>();
  for (const entry of entries) answers.set(entry.key, entry);
  return {
    async complete(request, rollout) {
      const key = await callKey(request, rollout);
      const entry = answers.get(key);
      if (entry !== undefined) return { text: entry.text, usage: entry.usage, attempts: entry.attempts };
      throw new ChatError("missing", `the recording has no answer to call ${key.slice(0, 12)} (rollout ${rollout})`);
    },
  };
}

/** The entries of a cassette's text; a torn last line is dropped. @throws {ChatError} `missing` naming a line that is none. */
export function readCassette(text: string): readonly CassetteEntry[] {
  const lines = text.split("\n");
  // A line is whole once its line break is written.
  lines.pop();
  return lines.map((line, index) => {
    let json: unknown;
    try {
      json = JSON.parse(line);
    } catch (cause) {
      throw new ChatError("missing", `line ${index + 1} of the recording is no JSON`, { cause });
    }
    const entry = json as CassetteEntry;
    if (typeof entry?.key === "string" && typeof entry.text === "string") return entry;
    throw new ChatError("missing", `line ${index + 1} of the recording is no recorded call`);
  });
}
