/**
 * The words of memory through which a pool and one of its threads talk; a thread sleeps on `wake`. What a kernel needs is
 * sent once, as a message (a *mail*); after that a run is a few words. A thread reads its mails before it runs anything.
 */
export const word = {
  /** Changes whenever there is something to do. */
  wake: 0,
  /** Mails sent so far. */
  mails: 1,
  /** Runs asked for so far. */
  runs: 2,
  /** Of the present run: the binding, the end of its units, how many units there are, the number of the thread. */
  binding: 3,
  to: 4,
  units: 5,
  worker: 6,
  /** Whether the thread says in a message that it is done, for an owner that does not wait. */
  answer: 7,
  /** Runs that are done. */
  done: 8,
  /** What the last run returned: 0, the number of a reason, or -1 after a trap. */
  reason: 9,
  /** Length of the text about a trap, and where its UTF-16 units begin. */
  textLength: 10,
  text: 12,
  /** Whether the thread has begun to serve. */
  started: 11,
  count: 256,
} as const;

/** An array that is a part of a mapped file, which the owner of the pool has open: each thread maps it by itself. */
export interface MappedArray {
  readonly descriptor: number;
  /** The native module that maps files. */
  readonly module: string;
  /** The kind of array: `Float32Array`. */
  readonly type: string;
  readonly byteOffset: number;
  readonly length: number;
}

/** What another thread needs to run units of a bound kernel. */
export type BindingMessage =
  | {
      readonly kind: "wasm";
      readonly module: WebAssembly.Module;
      readonly memory: WebAssembly.Memory;
      readonly queueAddress: number;
      readonly parameters: readonly unknown[];
    }
  | {
      readonly kind: "c";
      readonly path: string;
      readonly entry: number;
      readonly queue: Int32Array;
      readonly parameters: readonly unknown[];
    };

/** A mail. */
export type Mail =
  | { readonly kind: "start"; readonly control: Int32Array; readonly words: typeof word }
  | { readonly kind: "bind"; readonly id: number; readonly binding: BindingMessage }
  | { readonly kind: "drop"; readonly id: number };
