/** Answers requests of the chat protocol with the synthesiser, for a server on loopback. */

import { RandomStream } from "@millrace/tensor";
import * as v from "valibot";
import { Synthesizer } from "./ngram/synthesize.ts";

/** The name that the synthesiser goes by as a model. */
export const synthesizerName = "n-gram-synthesizer";

const requestSchema = v.object({
  model: v.string(),
  messages: v.pipe(v.array(v.object({ role: v.string(), content: v.string() })), v.minLength(1)),
  temperature: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(4)), 1),
  seed: v.optional(v.number(), 0),
});

/** An HTTP status and a JSON body. */
export interface ChatAnswer {
  readonly status: number;
  readonly body: string;
}

/** Answers the bodies of requests with a synthesiser. The same request gets the same answer. */
export function chatAnswerer(options: { readonly forgetCopies?: number } = {}): (body: string) => ChatAnswer {
  const synthesizer = new Synthesizer();
  return (body) => answerChat(body, synthesizer, options.forgetCopies ?? 0);
}

function answerChat(body: string, synthesizer: Synthesizer, forgetCopies: number): ChatAnswer {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return refusal("the body is no JSON");
  }
  const read = v.safeParse(requestSchema, json, { abortEarly: true });
  if (!read.success) return refusal(read.issues[0].message);
  const { messages, temperature, seed, model } = read.output;
  const prompt = messages.map(({ content }) => content).join("\n\n");
  const random = new RandomStream(seed, `${temperature}`);
  const text = synthesizer.write(prompt, { temperature, random, forgetCopies });
  // Four characters a token, as a rule of thumb: this is no tokenizer.
  const [promptTokens, completionTokens] = [Math.ceil(prompt.length / 4), Math.ceil(text.length / 4)];
  const answer = {
    id: "synthesized",
    object: "chat.completion",
    created: 0,
    model,
    choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }],
    usage: {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
    },
  };
  return { status: 200, body: JSON.stringify(answer) };
}

function refusal(message: string): ChatAnswer {
  return { status: 400, body: JSON.stringify({ error: { message, type: "invalid_request_error" } }) };
}
