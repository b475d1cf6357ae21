/** The thread that evaluates configurations: by a function of a user's module, or by a space of the workbench. */
import { parentPort, workerData } from "node:worker_threads";
import type { Config } from "@millrace/baco-tuner";
import { openSpace } from "../spaces/catalogue.ts";
import type { SpaceRequest } from "../spaces/tuning-space.ts";

/**
 * What the thread says: that it begins to load or to evaluate (time counts from here on: a machine that is
 * busy may take long to start a thread); what the function returned; or that it threw.
 */
export type ThreadMessage =
  | { readonly kind: "began" }
  | { readonly kind: "returned"; readonly value: unknown }
  | { readonly kind: "threw"; readonly message: string };

/** What evaluates: the module at an address, or a space of the catalogue. */
export type EvaluationSource =
  | { readonly kind: "module"; readonly address: string }
  | { readonly kind: "space"; readonly request: SpaceRequest };

type Evaluate = (config: Config, call: { readonly trial: number }) => unknown;

async function load(source: EvaluationSource): Promise<Evaluate> {
  if (source.kind === "space") {
    const space = await openSpace(source.request);
    return (config) => space.evaluate(config);
  }
  const module = (await import(source.address)) as { default?: unknown; evaluate?: unknown };
  const found = module.default ?? module.evaluate;
  if (typeof found === "function") return found as Evaluate;
  throw new Error("the module exports no function, neither as its default nor as evaluate");
}

if (parentPort !== null) {
  const port = parentPort;
  const say = (message: ThreadMessage) => port.postMessage(message);
  say({ kind: "began" });
  const evaluate = load(workerData as EvaluationSource);
  // Reported with the first configuration, not as an unhandled rejection before it.
  evaluate.catch(() => {});
  port.on("message", ({ config, trial }: { config: Config; trial: number }) => {
    const begin = () => say({ kind: "began" });
    void answer(evaluate, { config, trial, begin }).then((given) => {
      try {
        say(given);
      } catch (error) {
        say({ kind: "threw", message: `its result cannot be passed on: ${(error as Error).message}` });
      }
    });
  });
}

async function answer(
  evaluate: Promise<Evaluate>,
  { config, trial, begin }: { readonly config: Config; readonly trial: number; readonly begin: () => void },
): Promise<ThreadMessage> {
  try {
    const loaded = await evaluate;
    begin();
    return { kind: "returned", value: await loaded(config, { trial }) };
  } catch (error) {
    return { kind: "threw", message: error instanceof Error ? error.message : String(error) };
  }
}
