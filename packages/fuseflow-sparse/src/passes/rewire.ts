/** Redirecting streams while a list of blocks is rewritten front to back. */
import type { NetBlock, OutPort } from "../region/netlist.ts";

/** Ports that other ports stand in for. */
export class Rewiring {
  readonly #instead = new Map<string, OutPort>();

  /** Makes every later use of a port take `instead`. */
  replace(block: string, port: string, instead: OutPort): void {
    this.#instead.set(`${block}.${port}`, instead);
  }

  /** The port that a use of `from` now takes. */
  of(from: OutPort): OutPort {
    return this.#instead.get(`${from.block}.${from.port}`) ?? from;
  }

  /** The inputs of a block, redirected. */
  inputsOf({ inputs }: NetBlock): Record<string, OutPort> {
    return Object.fromEntries(Object.entries(inputs).map(([port, from]) => [port, this.of(from)]));
  }
}

/** How often each output port is used, by `block.port`. */
export function usesOf(blocks: readonly NetBlock[]): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  for (const { inputs } of blocks) {
    for (const { block, port } of Object.values(inputs)) {
      const key = `${block}.${port}`;
      uses.set(key, (uses.get(key) ?? 0) + 1);
    }
  }
  return uses;
}

/** Whether two ports are one. */
export function samePort(a: OutPort | undefined, b: OutPort | undefined): boolean {
  return a !== undefined && a.block === b?.block && a.port === b.port;
}
