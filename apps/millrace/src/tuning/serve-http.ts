/**
 * A study over HTTP, on this machine only: `POST ask {"n"}`, `POST tell {"id", "outcome"}`, `GET status`,
 * `GET history`. The address holds a random token, which no page in a browser can guess.
 */
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type LoggedStudy,
  type MeasurementLayout,
  measurementFrom,
  type Outcome,
  TunerError,
} from "@millrace/baco-tuner";
import type { Host } from "../cli/host.ts";
import type { StudyEnd, StudyLimits, StudyRun } from "./run-study.ts";

const LARGEST_BODY = 1 << 20;
const LOOK_MILLISECONDS = 50;

/** What a served study works with. */
export interface HttpOptions {
  readonly layout: MeasurementLayout;
  readonly limits: StudyLimits;
  readonly host: Host;
  readonly port: number;
  readonly note: (line: string) => void;
}

/** Serves a study until a limit is met. */
export async function serveHttp(logged: LoggedStudy, options: HttpOptions): Promise<StudyRun> {
  const study = new ServedStudy(logged, options);
  const token = randomBytes(16).toString("hex");
  const server = createServer((request, response) => {
    void study.answer(request, `/${token}/`).then(({ status, body }) => {
      response.writeHead(status, { "content-type": "application/json", connection: "close" });
      response.end(`${JSON.stringify(body)}\n`);
    });
  });
  await listening(server, options.port);
  options.note(`serving at http://127.0.0.1:${(server.address() as AddressInfo).port}/${token}/`);
  const end = await study.ended();
  await new Promise((resolve) => server.close(resolve));
  return { end, overheads: study.overheads, durations: study.durations, invalidProposals: 0 };
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

class ServedStudy {
  readonly overheads: number[] = [];
  readonly durations = new Map<number, number>();
  readonly #logged: LoggedStudy;
  readonly #options: HttpOptions;
  readonly #askedAt = new Map<number, number>();
  readonly #began: number;

  constructor(logged: LoggedStudy, options: HttpOptions) {
    this.#logged = logged;
    this.#options = options;
    this.#began = options.host.now();
  }

  /** Answers one request; faults of the client are answers too. */
  async answer(request: IncomingMessage, root: string): Promise<Answer> {
    const path = (request.url ?? "").split("?")[0]!;
    if (!path.startsWith(root)) return refusal(404, "there is nothing here");
    try {
      const call = `${request.method} ${path.slice(root.length)}`;
      if (call === "GET status") return { status: 200, body: this.#status() };
      if (call === "GET history") return { status: 200, body: this.#logged.study.trials };
      if (call === "POST ask") return this.#ask(await bodyOf(request));
      if (call === "POST tell") return this.#tell(await bodyOf(request));
      return refusal(404, `there is no ${call}; there are POST ask, POST tell, GET status, GET history`);
    } catch (error) {
      if (error instanceof TunerError || error instanceof SyntaxError) return refusal(400, error.message);
      if (error instanceof RangeError) return refusal(413, error.message);
      throw error;
    }
  }

  /** Resolves once a limit is met and nothing is being evaluated. */
  ended(): Promise<StudyEnd> {
    return new Promise((resolve) => {
      const looking = setInterval(() => {
        const end = this.#end();
        if (end === undefined) return;
        clearInterval(looking);
        resolve(end);
      }, LOOK_MILLISECONDS);
    });
  }

  get #told(): number {
    return this.#logged.study.trials.filter(({ outcome }) => outcome !== undefined).length;
  }

  #end(): StudyEnd | undefined {
    const { limits, host } = this.#options;
    const best = this.#logged.study.best?.outcome;
    if (host.stopRequested()) return "interrupted";
    if (limits.target !== undefined && best?.ok && best.value <= limits.target) return "target";
    if (this.#told >= limits.budget) return "budget";
    if (this.#logged.study.state === "exhausted" && this.#told === this.#logged.study.trials.length) return "exhausted";
    return limits.time !== undefined && host.now() - this.#began >= limits.time ? "time" : undefined;
  }

  #status(): object {
    const { study } = this.#logged;
    const { limits } = this.#options;
    return { state: this.#end() ?? study.state, told: this.#told, budget: limits.budget, best: study.best ?? null };
  }

  #ask(body: Readonly<Record<string, unknown>>): Answer {
    const count = body.n ?? 1;
    if (typeof count !== "number" || !Number.isInteger(count) || count < 1 || count > 1024)
      return refusal(400, `n must be an integer from 1 to 1024, not ${JSON.stringify(count)}`);
    const left = this.#options.limits.budget - this.#askedAt.size - (this.#told - this.durations.size);
    const before = this.#options.host.now();
    const trials = this.#logged.ask(Math.min(count, Math.max(0, left)));
    const after = this.#options.host.now();
    for (const { id } of trials) {
      this.overheads.push((after - before) / trials.length);
      this.#askedAt.set(id, after);
    }
    return { status: 200, body: { trials: trials.map(({ id, config, phase }) => ({ id, config, phase })) } };
  }

  #tell(body: Readonly<Record<string, unknown>>): Answer {
    const { id, outcome } = body;
    if (typeof id !== "number" || !Number.isInteger(id)) return refusal(400, 'expected {"id": trial, "outcome": ...}');
    const told = outcomeOf(outcome, this.#options.layout);
    const duration = this.#options.host.now() - (this.#askedAt.get(id) ?? this.#options.host.now());
    this.#logged.tell(id, told, duration);
    this.durations.set(id, duration);
    return { status: 200, body: { outcome: told, best: this.#logged.study.best ?? null } };
  }
}

// Clients may send an outcome as the history has it, or what a program would print.
function outcomeOf(found: unknown, layout: MeasurementLayout): Outcome {
  if (typeof found === "object" && found !== null && "ok" in found) {
    if (found.ok === true && "value" in found)
      return measurementFrom("objectives" in found ? found.objectives : found.value, layout);
    const detail = "detail" in found && typeof found.detail === "string" ? found.detail.slice(0, 200) : undefined;
    return {
      ok: false,
      kind: "kind" in found && found.kind === "infeasible" ? "infeasible" : "crash",
      ...(detail !== undefined && { detail }),
    };
  }
  return measurementFrom(found, layout);
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = "";
  for await (const piece of request.setEncoding("utf8")) {
    text += piece as string;
    if (text.length > LARGEST_BODY) throw new RangeError(`a body must not be longer than ${LARGEST_BODY} characters`);
  }
  const body: unknown = text === "" ? {} : JSON.parse(text);
  if (typeof body !== "object" || body === null) throw new SyntaxError("expected a JSON object");
  return body as Record<string, unknown>;
}

function refusal(status: number, error: string): Answer {
  return { status, body: { error } };
}
