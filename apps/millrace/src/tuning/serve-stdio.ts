/** BaCO's client-server protocol on standard input and output: the client evaluates, we suggest. */
import { endOfStudy, type LoggedStudy, type ProtocolLayout, readReply, writeRequest } from "@millrace/baco-tuner";
import type { Host } from "../cli/host.ts";
import { MillraceError } from "../errors.ts";
import { readInput } from "../files/read-input.ts";
import type { StudyEnd, StudyLimits, StudyRun } from "./run-study.ts";

/** This many useless answers in a row end a study. */
const PATIENCE = 3;

/** What a served study works with. */
export interface ServeOptions {
  readonly layout: ProtocolLayout;
  readonly limits: StudyLimits;
  readonly host: Host;
  readonly note: (line: string) => void;
}

/** Serves a study until a limit is met. @throws {MillraceError} `protocol` when the client is gone or makes no sense */
export async function serveStdio(logged: LoggedStudy, options: ServeOptions): Promise<StudyRun> {
  const { layout, limits, host, note } = options;
  const lines = linesOf(readInput(host.folder, "-"));
  const overheads: number[] = [];
  const durations = new Map<number, number>();
  const began = host.now();
  let told = logged.study.trials.filter(({ outcome }) => outcome !== undefined).length;
  let useless = 0;
  for (;;) {
    const end = endOf(logged, { told, limits, elapsed: host.now() - began, stop: host.stopRequested() });
    const size = told === 0 ? Math.max(1, logged.study.settings.designSamples) : limits.jobs;
    const before = host.now();
    const trials = end === undefined ? logged.ask(Math.min(size, limits.budget - told)) : [];
    const asked = host.now();
    if (trials.length === 0) {
      host.stdout.write(`${endOfStudy}\n`);
      return { end: end ?? "exhausted", overheads, durations, invalidProposals: 0 };
    }
    for (const _ of trials) overheads.push((asked - before) / trials.length);
    host.stdout.write(writeRequest(trials, logged.study.space));
    const answer = await take(lines, trials.length + 1, told);
    const reply = readReply(answer, trials, layout);
    for (const complaint of reply.complaints) note(`note: answer ${told + 1}: ${complaint}`);
    useless = reply.outcomes.every((outcome) => !outcome.ok && outcome.kind === "protocol") ? useless + 1 : 0;
    const duration = (host.now() - asked) / trials.length;
    for (const [at, { id }] of trials.entries()) {
      logged.tell(id, reply.outcomes[at]!, duration);
      durations.set(id, duration);
    }
    told += trials.length;
    if (useless === PATIENCE) {
      throw new MillraceError("protocol", `${PATIENCE} answers in a row made no sense: ${reply.complaints[0] ?? ""}`);
    }
  }
}

interface Standing {
  readonly told: number;
  readonly limits: StudyLimits;
  readonly elapsed: number;
  readonly stop: boolean;
}

function endOf({ study }: LoggedStudy, { told, limits, elapsed, stop }: Standing): StudyEnd | undefined {
  const best = study.best?.outcome;
  if (stop) return "interrupted";
  if (limits.target !== undefined && best?.ok && best.value <= limits.target) return "target";
  if (told >= limits.budget) return "budget";
  return limits.time !== undefined && elapsed >= limits.time ? "time" : undefined;
}

async function take(lines: AsyncGenerator<string>, count: number, told: number): Promise<string[]> {
  const taken: string[] = [];
  while (taken.length < count) {
    const { value, done } = await lines.next();
    if (done) {
      throw new MillraceError(
        "protocol",
        `the client's output ended after ${told} evaluations, in the middle of an answer`,
        {
          help: "with a log, go on with --resume",
        },
      );
    }
    if (value.trim() !== "") taken.push(value);
  }
  return taken;
}

async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of chunks) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = parts.pop()!;
    yield* parts;
  }
  if (rest !== "") yield rest;
}
