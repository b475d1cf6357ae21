import type { MemoryPort } from "./memory.ts";

/** One request from its arrival at a memory to its answer, in cycles. */
export interface ServedRequest {
  /** Id of the memory. */
  readonly memory: string;
  readonly port: MemoryPort;
  readonly arrival: number;
  readonly answer: number;
  readonly bytes: number;
}

/** Told of the requests of memories; a timeline is one. Requests of one port come in order. */
export interface MemoryObserver {
  served(request: ServedRequest): void;
}
