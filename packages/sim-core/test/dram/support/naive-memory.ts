// The rules of the DRAM memory cycle by cycle: every port looked at in every cycle, every channel ticked in every tick.
import { AddressMap } from "../../../src/dram/address/address-map.ts";
import type { TickRatio } from "../../../src/dram/memory/dram-memory.ts";
import type { DramConfiguration } from "../../../src/dram/run/dram-system.ts";
import { transactionBytes, withChannels } from "../../../src/dram/spec/dram-spec.ts";
import type { LiteralController, LiteralRequest } from "../oracle/literal-controller.ts";
import { LiteralR20 } from "../oracle/literal-r20.ts";
import { literalR21 } from "../oracle/literal-r21.ts";
import type { Requester } from "./requester.ts";

interface PortState {
  readonly requester: Requester;
  // Cycle in which the request at the memory arrived, or will; -1 when all are asked.
  arrival: number;
  asked: number;
  handed: number;
  // Ticks in which its bursts were done.
  doneTicks: number[];
  readonly answers: number[];
}

/** The cycle of every answer, per requester: each asks when its last answer is in. */
export function naiveAnswers(
  configuration: DramConfiguration,
  requesters: readonly Requester[],
  ratio: TickRatio,
): number[][] {
  const { spec, channels, mapping, refresh, rowPolicy, cap, scheduler } = configuration;
  const map = new AddressMap(withChannels(spec, channels), mapping);
  const settings = { refresh, rowPolicy, cap, scheduler };
  const controllers: LiteralController[] = Array.from({ length: channels }, () =>
    spec.profile === "r20" ? new LiteralR20(spec, settings) : literalR21(spec, settings),
  );
  const ports = requesters.map(
    (requester): PortState => ({
      requester,
      arrival: requester.start + 1,
      asked: 0,
      handed: 0,
      doneTicks: [],
      answers: [],
    }),
  );
  const burstBytes = transactionBytes(spec);
  let ticks = 0;
  for (let cycle = 0; ports.some((port) => port.asked < port.requester.requests.length); cycle++) {
    if (cycle > 30_000) throw new Error("the naive memory does not come to an end");
    while (ticks < Math.floor((cycle * ratio.ticks) / ratio.cycles)) {
      for (const controller of controllers) controller.tick();
      ticks += 1;
    }
    for (const port of ports) answer(port, cycle);
    for (const port of ports) {
      if (port.asked === port.requester.requests.length || port.arrival > cycle) continue;
      handOver(port);
    }
  }
  return ports.map((port) => port.answers);

  function handOver(port: PortState): void {
    const { address, bursts } = port.requester.requests[port.asked]!;
    for (let i = 0; i < port.requester.burstsPerCycle && port.handed < Math.abs(bursts); i++) {
      const byte = address + port.handed * burstBytes;
      const vector = new Array<number>(spec.levels.length).fill(0);
      map.map(byte, vector);
      const controller = controllers[vector[0]!]!;
      const request: LiteralRequest = {
        kind: bursts > 0 ? "read" : "write",
        vector,
        address: byte,
        final: controller.device.command(bursts > 0 ? "RD" : "WR"),
        source: 0,
        arrive: -1,
        depart: -1,
        command: 0,
        counted: false,
        deadline: 0,
        done: () => port.doneTicks.push(ticks + 1),
      };
      if (!controller.send(request)) return;
      port.handed += 1;
    }
  }

  /** Moves on to the next request where the last one is done by `cycle`. */
  function answer(port: PortState, cycle: number): void {
    const request = port.requester.requests[port.asked];
    if (request === undefined || port.doneTicks.filter((tick) => tick <= ticks).length < Math.abs(request.bursts))
      return;
    port.answers.push(cycle);
    port.asked += 1;
    port.handed = 0;
    port.doneTicks = [];
    port.arrival = cycle + port.requester.gap + 1;
  }
}
