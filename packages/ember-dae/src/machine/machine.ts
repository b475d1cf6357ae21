/** Machines that embedding operations are timed on: what a model of each kind needs to know. */

/** Cycles of the core of a decoupled machine; see `presets.ts` for where they come from. */
export interface EventCosts {
  /** A row begins: its address, and the branch that ends the one before. */
  readonly row: number;
  /** A token whose case takes no vector. */
  readonly scalarToken: number;
  /** A token whose case takes vectors; the first vector that is pushed with it is in the price. */
  readonly vectorToken: number;
  /** A further vector, while ids still pass through the queue: unpacked, gathered and scattered. */
  readonly unalignedVector: number;
  /** A further vector of a queue that holds nothing else. */
  readonly alignedVector: number;
}

/** What a machine draws. */
export interface Power {
  /** While it runs, with its caches. */
  readonly watts: number;
  /** For a byte to or from memory; 0 where `watts` has it. */
  readonly memoryPicojoulesPerByte: number;
}

/** A core with an access unit: traversal units that fill a queue, which the core empties. */
export interface DaeMachine {
  readonly kind: "dae";
  readonly name: string;
  readonly clockGigahertz: number;
  /** Elements that the access unit steps over in one cycle, once loops are vectors. */
  readonly lanes: number;
  /** How deep traversal units may nest. */
  readonly layers: number;
  /** Storage for streams; half of it for innermost loops, half for the others. */
  readonly streamBytesPerLane: number;
  /** Lines asked for and not there yet. */
  readonly outstandingLines: number;
  /** Bytes that the access unit writes per cycle, into the core's second cache. */
  readonly writeBytesPerCycle: number;
  readonly queue: {
    /** Bytes of a part that is filled while another is emptied. */
    readonly chunkBytes: number;
    readonly chunks: number;
  };
  readonly costs: EventCosts;
  readonly caches: {
    readonly secondBytes: number;
    readonly secondCycles: number;
    readonly lastBytes: number;
    readonly lastCycles: number;
  };
  /** Where streams enter the caches: all at the last one, or those with enough reuse at the second. */
  readonly entry: "last" | "hinted";
  readonly power: Power;
}

/** An out-of-order core that carries out the loop nest. */
export interface CoreMachine {
  readonly kind: "core";
  readonly name: string;
  readonly clockGigahertz: number;
  readonly vectorBytes: number;
  readonly instructionsPerCycle: number;
  readonly reorderBuffer: number;
  readonly loadQueue: number;
  /** Lines that the first and the second cache may wait for. */
  readonly firstMisses: number;
  readonly secondMisses: number;
  /** From the smallest; latencies are those of a hit. */
  readonly caches: readonly { readonly bytes: number; readonly nanoseconds: number }[];
  readonly memoryNanoseconds: number;
  readonly memoryGigabytesPerSecond: number;
  /** Least time between lookups that each need a page walk. */
  readonly pageWalkNanoseconds: number;
  /** Rows by which prefetches into the second cache run ahead; 0 for none. */
  readonly runAheadRows: number;
  readonly power: Power;
}

/** A GPU, as a roof. */
export interface GpuMachine {
  readonly kind: "gpu";
  readonly name: string;
  readonly clockGigahertz: number;
  readonly processors: number;
  readonly warpsPerProcessor: number;
  readonly memoryGigabytesPerSecond: number;
  readonly memoryNanoseconds: number;
  readonly cacheBytes: number;
  readonly cacheGigabytesPerSecond: number;
  readonly gigaflops: number;
  readonly launchNanoseconds: number;
  /** Bytes that could have been moved while a row at random is opened: rows of so many bytes reach half the bandwidth. */
  readonly rowOverheadBytes: number;
  readonly power: Power;
}

/** A machine of any kind. */
export type Machine = DaeMachine | CoreMachine | GpuMachine;
