/**
 * Functions as objectives: of a user's module (its default export, or its export `evaluate`), or of the workbench.
 *
 * They run in threads of their own, so that they can be stopped whatever they do.
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { type MeasurementLayout, measurementFrom, type Outcome } from "@millrace/baco-tuner";
import { MillraceError } from "../../errors.ts";
import type { SpaceRequest } from "../spaces/tuning-space.ts";
import type { EvaluationSource, ThreadMessage } from "./evaluation-thread.ts";
import { machine } from "./machine.ts";
import type { EvaluationCall, Objective } from "./objective.ts";

/** The objective of a module file. @throws {MillraceError} `file-missing` */
export function moduleObjective(folder: string, name: string, layout: MeasurementLayout): Objective {
  const path = resolve(folder, name);
  if (!existsSync(path)) throw new MillraceError("file-missing", `no such file: ${name}`);
  const source = { kind: "module", address: pathToFileURL(path).href } as const;
  return threadObjective(source, { environment: { module: name }, layout });
}

/** The objective of a space of the workbench. */
export function spaceObjective(request: SpaceRequest, layout: MeasurementLayout): Objective {
  const { area, subject, inputs } = request;
  const bound = inputs.map(({ name, value }) => `${name}=${value}`).join(" ");
  const environment = { space: `${area}:${subject}`, inputs: bound, ...machine() };
  return threadObjective({ kind: "space", request }, { environment, layout });
}

function threadObjective(
  source: EvaluationSource,
  { environment, layout }: { readonly environment: Objective["environment"]; readonly layout: MeasurementLayout },
): Objective {
  const idle: Worker[] = [];
  const all = new Set<Worker>();
  const start = () => {
    // What a user's function prints must not stand between our results.
    const worker = new Worker(new URL("evaluation-thread.js", import.meta.url), { workerData: source, stdout: true });
    worker.stdout.resume();
    // A thread that dies between two evaluations says so when it is asked next.
    worker.on("error", () => {});
    worker.on("exit", () => {
      all.delete(worker);
      if (idle.includes(worker)) idle.splice(idle.indexOf(worker), 1);
    });
    all.add(worker);
    return worker;
  };
  return {
    environment,
    async evaluate(call) {
      const worker = idle.pop() ?? start();
      const { outcome, alive } = await ask(worker, call, layout);
      if (alive) idle.push(worker);
      else await worker.terminate();
      return outcome;
    },
    close() {
      for (const worker of all) void worker.terminate();
    },
  };
}

interface Answered {
  readonly outcome: Outcome | undefined;
  /** Whether the thread can take another configuration. */
  readonly alive: boolean;
}

function ask(
  worker: Worker,
  { config, trial, timeout, stop }: EvaluationCall,
  layout: MeasurementLayout,
): Promise<Answered> {
  return new Promise((resolve) => {
    const settle = (answered: Answered) => {
      clearTimeout(timer);
      stop.removeEventListener("abort", stopped);
      worker.off("message", answer).off("error", failed).off("exit", ended);
      resolve(answered);
    };
    const fail = (kind: "crash" | "timeout", detail: string) =>
      settle({ outcome: { ok: false, kind, detail: detail.slice(0, 200) }, alive: false });
    const stopped = () => settle({ outcome: undefined, alive: false });
    const failed = (error: Error) => fail("crash", error.message);
    const ended = (status: number) => fail("crash", `the thread ended with status ${status}`);
    let timer: NodeJS.Timeout | undefined;
    const answer = (given: ThreadMessage) => {
      if (given.kind === "began") {
        clearTimeout(timer);
        if (timeout !== undefined)
          timer = setTimeout(() => fail("timeout", `longer than ${timeout / 1000} s`), timeout);
      } else if (given.kind === "returned") settle({ outcome: measurementFrom(given.value, layout), alive: true });
      else settle({ outcome: { ok: false, kind: "crash", detail: given.message.slice(0, 200) }, alive: true });
    };
    stop.addEventListener("abort", stopped);
    worker.on("message", answer).on("error", failed).on("exit", ended);
    worker.postMessage({ config, trial });
  });
}
