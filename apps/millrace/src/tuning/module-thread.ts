/** The thread that runs a user's function: takes configurations, posts what the function returned. */
import { parentPort, workerData } from "node:worker_threads";
import type { Config } from "@millrace/baco-tuner";

/** What the thread answers: what the function returned, or that it threw. */
export type ThreadAnswer =
  | { readonly kind: "returned"; readonly value: unknown }
  | { readonly kind: "threw"; readonly message: string };

type Evaluate = (config: Config, call: { readonly trial: number }) => unknown;

async function load(): Promise<Evaluate> {
  const module = (await import(workerData as string)) as { default?: unknown; evaluate?: unknown };
  const found = module.default ?? module.evaluate;
  if (typeof found === "function") return found as Evaluate;
  throw new Error("the module exports no function, neither as its default nor as evaluate");
}

if (parentPort !== null) {
  const port = parentPort;
  const evaluate = load();
  // Reported with the first configuration, not as an unhandled rejection before it.
  evaluate.catch(() => {});
  port.on("message", ({ config, trial }: { config: Config; trial: number }) => {
    void answer(evaluate, config, trial).then((given) => {
      try {
        port.postMessage(given);
      } catch (error) {
        port.postMessage({ kind: "threw", message: `its result cannot be passed on: ${(error as Error).message}` });
      }
    });
  });
}

async function answer(evaluate: Promise<Evaluate>, config: Config, trial: number): Promise<ThreadAnswer> {
  try {
    return { kind: "returned", value: await (await evaluate)(config, { trial }) };
  } catch (error) {
    return { kind: "threw", message: error instanceof Error ? error.message : String(error) };
  }
}
