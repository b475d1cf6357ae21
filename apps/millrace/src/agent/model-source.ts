/** Where a run's answers come from: an endpoint, or the synthesiser behind a server on loopback. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { type ChatModel, chatAnswerer, openAiCompatible, type Price, synthesizerName } from "@millrace/aspl-agent";
import type { Host } from "../cli/host.ts";
import { MillraceError } from "../errors.ts";

/** Which model, as the user says it. */
export interface ModelChoice {
  readonly synth?: boolean | undefined;
  readonly endpoint?: string | undefined;
  readonly model?: string | undefined;
}

/** A model that can be asked, until it is closed. */
export interface ModelSource {
  readonly name: string;
  readonly model: ChatModel;
  /** US dollars for a million tokens, by model; from `ASPL_PRICES`. */
  readonly prices: Readonly<Record<string, Price>>;
  close(): void;
}

/**
 * Opens a model: `--synth`, or `--endpoint URL --model NAME`, which default to `ASPL_BASE_URL` and `ASPL_MODEL`. A key is
 * read from `ASPL_API_KEY` alone and written nowhere.
 *
 * @throws {MillraceError} `argument` if no model is chosen.
 */
export async function openModel(choice: ModelChoice, host: Pick<Host, "environment">): Promise<ModelSource> {
  if (choice.synth) return openSynthesizer();
  const { ASPL_BASE_URL, ASPL_MODEL, ASPL_API_KEY, ASPL_PRICES } = host.environment;
  const baseUrl = choice.endpoint ?? ASPL_BASE_URL;
  const name = choice.model ?? ASPL_MODEL;
  if (baseUrl === undefined || name === undefined) {
    throw new MillraceError("argument", "no model is chosen", {
      help: "give --endpoint URL and --model NAME (or ASPL_BASE_URL and ASPL_MODEL), or --synth for the built-in synthesiser, which is no language model",
    });
  }
  if (!/^https?:\/\//.test(baseUrl))
    throw new MillraceError("argument", `--endpoint must be an http or https URL, not "${baseUrl}"`);
  const model = openAiCompatible({
    baseUrl,
    ...(ASPL_API_KEY !== undefined && { apiKey: ASPL_API_KEY }),
    fetch,
    timer,
  });
  return { name, model, prices: readPrices(ASPL_PRICES), close: () => {} };
}

const timer = {
  // A wait that is called off is over: there is nothing to report.
  sleep: (milliseconds: number, signal?: AbortSignal): Promise<void> =>
    setTimeout(milliseconds, undefined, signal === undefined ? {} : { signal }).catch(() => {}),
  jitter: (): number => Math.random(),
};

function readPrices(text: string | undefined): Readonly<Record<string, Price>> {
  if (text === undefined) return {};
  try {
    const prices = JSON.parse(text) as Record<string, Price>;
    const right = Object.values(prices).every(({ input, output }) => input >= 0 && output >= 0);
    if (right) return prices;
  } catch {
    // Told below.
  }
  throw new MillraceError("argument", "ASPL_PRICES is not as expected", {
    help: 'for example {"model-name": {"input": 0.5, "output": 1.5}}, in US dollars for a million tokens',
  });
}

async function openSynthesizer(): Promise<ModelSource> {
  const answer = chatAnswerer();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const found = request.method === "POST" && request.url === "/v1/chat/completions";
      const { status, body } = found ? answer(Buffer.concat(chunks).toString("utf8")) : { status: 404, body: "{}" };
      response.writeHead(status, { "content-type": "application/json" }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const model = openAiCompatible({ baseUrl: `http://127.0.0.1:${port}/v1`, fetch, timer });
  return {
    name: synthesizerName,
    model,
    prices: {},
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
