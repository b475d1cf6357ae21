/** The few functions of Node that a host is made of, as types; the objects come from the application's `process`. */

export interface FileSystemModule {
  readFileSync(path: string): Uint8Array;
  writeFileSync(path: string, bytes: string | Uint8Array, options: { mode: number }): void;
  renameSync(from: string, to: string): void;
  rmSync(path: string, options: { force: boolean }): void;
  mkdirSync(path: string, options: { recursive: boolean; mode: number }): void;
  readdirSync(path: string): string[];
  statSync(path: string): { readonly size: number; readonly mtimeMs: number };
}

export interface ChildProcessModule {
  spawnSync(
    program: string,
    options: readonly string[],
    settings: { encoding: "utf8"; maxBuffer: number },
  ): { readonly status: number | null; readonly error?: Error; readonly stdout: string; readonly stderr: string };
}

export interface OperatingSystemModule {
  homedir(): string;
  arch(): string;
  platform(): string;
  cpus(): readonly { readonly model: string }[];
  availableParallelism(): number;
}

export interface PathModule {
  join(...parts: string[]): string;
}

export interface CryptoModule {
  createHash(algorithm: "sha256"): {
    update(content: string | Uint8Array): { digest(encoding: "hex"): string };
  };
  randomUUID(): string;
}

interface NodeWorker {
  postMessage(message: unknown): void;
  on(event: "message", listener: (message: unknown) => void): void;
  on(event: "error", listener: (error: Error) => void): void;
  terminate(): unknown;
  ref(): void;
  unref(): void;
}

export interface WorkerThreadsModule {
  readonly Worker: new (
    source: string,
    options: { eval: true; execArgv: readonly string[]; name: string },
  ) => NodeWorker;
}

/** The parts of Node's `process` that a host uses. */
export interface NodeProcess {
  getBuiltinModule(name: string): unknown;
  dlopen(module: { exports: Record<string, unknown> }, path: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly versions: { readonly modules?: string | undefined };
}
