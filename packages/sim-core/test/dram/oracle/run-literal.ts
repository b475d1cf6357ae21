// Frontends that drive literal controllers, channel by channel in lock step.
import { AddressMap, type MappingName } from "../../../src/dram/address/address-map.ts";
import { type DramSpec, withChannels } from "../../../src/dram/spec/dram-spec.ts";
import type { DramRequest } from "../support/request.ts";
import type { LiteralController, LiteralRequest, LiteralSettings } from "./literal-controller.ts";
import { LiteralR20 } from "./literal-r20.ts";
import { literalR21 } from "./literal-r21.ts";

export interface LiteralRun {
  readonly spec: DramSpec;
  readonly channels: number;
  readonly mapping: MappingName | null;
  readonly settings: LiteralSettings;
  /** Ticks after which the run counts as stalled. */
  readonly longest: number;
}

export interface LiteralOutcome {
  readonly cycles: number;
  readonly controllers: LiteralController[];
  /** Accept and depart of each request, for timed runs. */
  readonly completions: [number, number][];
}

interface Machine {
  readonly controllers: LiteralController[];
  readonly makeRequest: (request: DramRequest, source: number, done?: (r: LiteralRequest) => void) => LiteralRequest;
}

function build({ spec, channels, mapping, settings }: LiteralRun): Machine {
  const map = mapping === null ? null : new AddressMap(withChannels(spec, channels), mapping);
  const controllers = Array.from({ length: channels }, (_, i) => {
    const controller = spec.profile === "r20" ? new LiteralR20(spec, settings) : literalR21(spec, settings);
    controller.channel = i;
    return controller;
  });
  const device = controllers[0]!.device;
  return {
    controllers,
    makeRequest(request, source, done) {
      const vector = request.vector === undefined ? new Array<number>(spec.levels.length).fill(0) : [...request.vector];
      map?.map(request.address, vector);
      return {
        kind: request.write ? "write" : "read",
        vector,
        address: request.vector === undefined ? request.address : -1,
        final: device.command(request.write ? "WR" : "RD"),
        source,
        arrive: -1,
        depart: -1,
        command: 0,
        counted: false,
        deadline: 0,
        ...(done === undefined ? {} : { done }),
      };
    },
  };
}

/** The run does not end. */
export class StalledError extends Error {}

/** Load/store or vector frontend: one request per frontend tick until all are accepted. */
export function runLiteralLoadStore(
  run: LiteralRun,
  requests: readonly DramRequest[],
  ratio: { frontend: number; memory: number },
): LiteralOutcome {
  const { controllers, makeRequest } = build(run);
  const { frontend, memory } = ratio;
  const period = frontend * memory;
  let next = 0;
  let cycles = 0;
  let waiting: LiteralRequest | null = null;
  for (let i = 0; ; i++) {
    if ((i % period) % memory === 0) {
      waiting ??= makeRequest(requests[next]!, -1);
      if (controllers[waiting.vector[0]!]!.send(waiting)) {
        next += 1;
        waiting = null;
      }
      if (next === requests.length) break;
    }
    if ((i % period) % frontend === 0) {
      cycles += 1;
      if (cycles > run.longest) throw new StalledError();
      for (const controller of controllers) controller.tick();
    }
  }
  return { cycles, controllers, completions: [] };
}

/** Timed frontend: each tick offers every request that has arrived, until the first refusal. */
export function runLiteralTimed(run: LiteralRun, requests: readonly DramRequest[]): LiteralOutcome {
  const { controllers, makeRequest } = build(run);
  const completions: [number, number][] = requests.map(() => [-1, -1]);
  const source = run.spec.profile === "r21" ? 0 : -1;
  let next = 0;
  let clk = 0;
  let outstanding = requests.length;
  let waiting: LiteralRequest | null = null;
  const countWrites = run.spec.profile === "r21";
  if (!countWrites) outstanding = requests.filter((request) => !request.write).length;
  while (outstanding > 0 || next < requests.length) {
    while (next < requests.length && requests[next]!.arrival <= clk) {
      const id = next;
      waiting ??= makeRequest(requests[id]!, source, (request) => {
        completions[id]![1] = request.depart;
        if (request.kind === "read" || countWrites) outstanding -= 1;
      });
      if (!controllers[waiting.vector[0]!]!.send(waiting)) break;
      completions[id]![0] = clk;
      waiting = null;
      next += 1;
    }
    for (const controller of controllers) controller.tick();
    clk += 1;
    if (clk > run.longest) throw new StalledError();
  }
  return { cycles: clk, controllers, completions };
}
