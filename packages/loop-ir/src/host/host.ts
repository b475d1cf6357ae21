/**
 * What this package asks of the machine, as arguments: it does no input or output of its own. `nodeHost(process)` makes
 * both parts in Node; a browser can give the first.
 */

/** Starts threads and tells the time. */
export interface ThreadHost {
  /** How many threads can run at once. */
  readonly processors: number;
  /** Starts a thread that runs `source`, a script that finds its end of the channel in `port`: `onmessage` and `postMessage`. */
  spawn(source: string): WorkerThread;
  /** Milliseconds since some moment, never going backwards. */
  now(): number;
  /** Calls `action` after some milliseconds; returns what calls it off. */
  after(milliseconds: number, action: () => void): () => void;
}

/** A thread as its owner sees it. */
export interface WorkerThread {
  send(message: unknown): void;
  /** Says where messages from the thread go. */
  onMessage(receive: (message: unknown) => void): void;
  /** Says what happens when the thread ends with an error. */
  onError(fail: (error: Error) => void): void;
  /** Whether the program stays alive for this thread; it does not at first. */
  keepAlive(alive: boolean): void;
  /** Ends the thread wherever it is. */
  terminate(): void;
}

/** What a program that was run left behind. */
export interface ProgramResult {
  /** The exit status; undefined if there is no such program. */
  readonly status: number | undefined;
  readonly output: string;
}

/** Runs a C compiler, keeps what it makes, and loads it. */
export interface NativeHost {
  /** Names of C compilers to try, in order. */
  readonly compilers: readonly string[];
  /** What distinguishes machines on which code compiled for one does not run on another. */
  readonly machine: string;
  /** A folder of the user for compiled modules; it is made when needed. */
  readonly cacheFolder: string;
  /** Bytes that the folder may hold before the oldest modules are removed. */
  readonly cacheBytes: number;
  /** Runs a program to its end. */
  run(program: string, options: readonly string[]): ProgramResult;
  /** The bytes of a file; undefined if it cannot be read. */
  read(path: string): Uint8Array | undefined;
  /** Writes a file in the cache folder, all of it or nothing. Throws if it cannot. */
  write(name: string, bytes: string | Uint8Array): void;
  /** Moves a file to a name in the cache folder. Throws if it cannot. */
  move(from: string, name: string): void;
  /** Removes a file if it is there. */
  remove(path: string): void;
  /** The files in the cache folder, oldest first. */
  list(): readonly { readonly path: string; readonly bytes: number }[];
  /** A path that no other file has. */
  temporary(suffix: string): string;
  /** A digest that no two contents share by chance, as text that may be part of a file name. */
  digest(content: string | Uint8Array): string;
  /** Loads a Node module of native code and returns its exports. Throws if it cannot. */
  load(path: string): Readonly<Record<string, unknown>>;
}
