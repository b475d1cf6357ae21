/** Runs a trace on a memory: from bytes to cycles and counters. */
import {
  accessesPerRow,
  type CommandObserver,
  DramSystem,
  LoadStoreFrontend,
  SimError,
  TimedFrontend,
} from "@millrace/sim-core";
import { MillraceError } from "../errors.ts";
import { type ChannelOutcome, channelOutcomes } from "./dram-result.ts";
import type { DramSetup, TraceForm } from "./setup.ts";
import { LineFault, type TraceLine } from "./trace-line.ts";
import { eachLine } from "./trace-lines.ts";

/** A trace to run. */
export interface TraceInput {
  /** Name in messages; `-` is standard input. */
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** How it is written; told by its first line where this is undefined. */
  readonly form: TraceForm | undefined;
}

/** What watches a run, besides its counters. */
export interface RunWatch {
  /** Makes the observer of all commands, once the system is there. */
  readonly commands?: (system: DramSystem, form: TraceForm) => CommandObserver | null;
  /** Called now and then with the requests taken so far; throws to end the run. */
  readonly pause?: (requests: number) => void;
}

/** A run that has ended; plain values. */
export interface DramRun {
  readonly setup: DramSetup;
  readonly form: TraceForm;
  readonly requests: number;
  /** Ticks of the memory. */
  readonly cycles: number;
  readonly channels: readonly ChannelOutcome[];
}

/** A system after all requests of a trace. */
export interface FedSystem extends Omit<DramRun, "channels" | "setup"> {
  readonly system: DramSystem;
}

interface Feeder {
  readonly system: DramSystem;
  readonly form: TraceForm;
  take(line: TraceLine): void;
  accepted(): number;
  finish(): number;
}

/**
 * Runs all requests of a trace.
 *
 * @throws {MillraceError} `trace-line` for a wrong line, with its place; `argument` for a trace that the setup cannot take
 */
export async function runTrace(setup: DramSetup, input: TraceInput, watch: RunWatch = {}): Promise<DramRun> {
  const { system, ...run } = await feedTrace(setup, input, watch);
  return { setup, ...run, channels: channelOutcomes(system) };
}

/** The same, before it is summed up; with `only`, on that channel alone, whose requests must be all there are. */
export async function feedTrace(
  setup: DramSetup,
  input: TraceInput,
  watch: RunWatch = {},
  only?: number,
): Promise<FedSystem> {
  let feeder: Feeder | undefined;
  const begin = (form: TraceForm): Feeder => {
    const made = makeFeeder(setup, form, only);
    const observer = watch.commands?.(made.system, form) ?? null;
    if (observer !== null) for (const channel of made.system.channels) channel.commandObserver = observer;
    return made;
  };
  await eachLine(
    input.name,
    input.chunks,
    (line) => {
      feeder ??= begin(input.form ?? formOf(line));
      feeder.take(line);
    },
    () => watch.pause?.(feeder?.accepted() ?? 0),
  );
  feeder ??= begin(input.form ?? "loadstore");
  const cycles = feeder.finish();
  return { form: feeder.form, system: feeder.system, requests: feeder.accepted(), cycles };
}

/** The form of a trace, by the first byte of its first line. */
function formOf({ bytes, at, end }: TraceLine): TraceForm {
  const first = String.fromCharCode(bytes[at]!);
  if (first === "L" || first === "S") return "loadstore";
  if (first === "R" || first === "W") return "vector";
  const second = at + 1 < end ? String.fromCharCode(bytes[at + 1]!) : "";
  if (first === "0" && (second === "x" || second === "X")) return "dramsim3";
  if ((first >= "0" && first <= "9") || first === "-") return "timed";
  throw new LineFault(at, 'expected a request: "LD 0x40", "12 R 0x40", "R 0,0,1" or "0x40 READ 12"');
}

function makeFeeder(setup: DramSetup, form: TraceForm, only: number | undefined): Feeder {
  const feeder = feederOf(setup, form, only);
  if (only === undefined) return feeder;
  return {
    ...feeder,
    take(line) {
      const start = line.at;
      try {
        feeder.take(line);
      } catch (error) {
        if (error instanceof SimError && error.code === "memory-request") throw new LineFault(start, error.message);
        throw error;
      }
    },
  };
}

function feederOf(setup: DramSetup, form: TraceForm, only: number | undefined): Feeder {
  if (form === "loadstore") return loadStoreFeeder(setup, only);
  if (form === "vector") return vectorFeeder(setup, only);
  return timedFeeder(setup, form, only);
}

function loadStoreFeeder(setup: DramSetup, only: number | undefined): Feeder {
  const system = new DramSystem(setup.configuration, true, only);
  const frontend = new LoadStoreFrontend(system, setup.ratio);
  return {
    system,
    form: "loadstore",
    take(line) {
      const write = line.access("LD", "ST");
      const address = line.address();
      line.finish();
      frontend.submit(address, write);
    },
    accepted: () => frontend.accepted,
    finish: () => frontend.finish(),
  };
}

function timedFeeder(setup: DramSetup, form: "timed" | "dramsim3", only: number | undefined): Feeder {
  const { frontend: fe, memory } = setup.ratio;
  if (fe !== memory) {
    throw new MillraceError(
      "argument",
      `requests with times come in memory ticks, so a clock ratio of ${fe}:${memory} means nothing`,
    );
  }
  const system = new DramSystem(setup.configuration, true, only);
  const frontend = new TimedFrontend(system);
  const dramsim3 = form === "dramsim3";
  let latest = 0;
  return {
    system,
    form,
    take(line) {
      const start = line.at;
      let arrival = dramsim3 ? 0 : line.time();
      const early = dramsim3 ? line.address() : 0;
      const write = dramsim3 ? line.access("READ", "WRITE") : line.access("R", "W");
      const address = dramsim3 ? early : line.address();
      if (dramsim3) arrival = line.time();
      line.finish();
      if (arrival < latest)
        throw new LineFault(start, `time ${arrival} is before ${latest}, that of the request above`);
      latest = arrival;
      frontend.submit(address, write, arrival);
    },
    accepted: () => frontend.accepted,
    finish: () => frontend.finish(),
  };
}

function vectorFeeder(setup: DramSetup, only: number | undefined): Feeder {
  const { spec, channels } = setup.configuration;
  if (spec.profile === "r20") {
    throw new MillraceError("argument", "profile r20 takes no address vectors: its frontend for them ends at once", {
      help: "use --profile r21, or a trace of addresses",
    });
  }
  const system = new DramSystem(setup.configuration, false, only);
  const frontend = new LoadStoreFrontend(system, setup.ratio);
  const counts = [channels, ...spec.counts.slice(1, -1), accessesPerRow(spec)];
  const vector = new Int32Array(counts.length);
  return {
    system,
    form: "vector",
    take(line) {
      const write = line.access("R", "W");
      line.indices(vector, counts, spec.levels);
      line.finish();
      frontend.submitVector(vector, write);
    },
    accepted: () => frontend.accepted,
    finish: () => frontend.finish(),
  };
}
