import type { NativeHost, ThreadHost, WorkerThread } from "./host.ts";
import type {
  ChildProcessModule,
  CryptoModule,
  FileSystemModule,
  NodeProcess,
  OperatingSystemModule,
  PathModule,
  WorkerThreadsModule,
} from "./node-modules.ts";

/** Where compiled modules are kept, and which compilers are tried. */
export interface NodeHostOptions {
  /** `millrace/kernels` in `XDG_CACHE_HOME` or in `.cache` of the home folder unless given. */
  readonly cacheFolder?: string;
  /** Most bytes in that folder; 64 MiB unless given. */
  readonly cacheBytes?: number;
  /** `CC` if it is set, then `cc`, `gcc` and `clang`, unless given. */
  readonly compilers?: readonly string[];
}

/** A host on Node: `nodeHost(process)`. */
export function nodeHost(process: NodeProcess, options: NodeHostOptions = {}): ThreadHost & NativeHost {
  return { ...threadHost(process), ...nativeHost(process, options) };
}

function threadHost(process: NodeProcess): ThreadHost {
  const { Worker } = process.getBuiltinModule("node:worker_threads") as WorkerThreadsModule;
  const os = process.getBuiltinModule("node:os") as OperatingSystemModule;
  return {
    processors: os.availableParallelism(),
    now: () => performance.now(),
    after(milliseconds, action) {
      const timer = setTimeout(action, milliseconds);
      return () => clearTimeout(timer);
    },
    spawn(source): WorkerThread {
      const preamble = `const port = require("node:worker_threads").parentPort;\n`;
      const worker = new Worker(preamble + source, { eval: true, execArgv: [], name: "millrace" });
      worker.unref();
      return {
        send: (message) => worker.postMessage(message),
        onMessage: (receive) => worker.on("message", receive),
        onError: (fail) => worker.on("error", fail),
        keepAlive: (alive) => (alive ? worker.ref() : worker.unref()),
        terminate: () => void worker.terminate(),
      };
    },
  };
}

function nativeHost(process: NodeProcess, options: NodeHostOptions): NativeHost {
  const fs = process.getBuiltinModule("node:fs") as FileSystemModule;
  const { spawnSync } = process.getBuiltinModule("node:child_process") as ChildProcessModule;
  const os = process.getBuiltinModule("node:os") as OperatingSystemModule;
  const { join } = process.getBuiltinModule("node:path") as PathModule;
  const crypto = process.getBuiltinModule("node:crypto") as CryptoModule;
  const { CC, XDG_CACHE_HOME } = process.env;
  const folder = options.cacheFolder ?? join(XDG_CACHE_HOME || join(os.homedir(), ".cache"), "millrace", "kernels");
  const made = () => {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  };
  return {
    compilers: options.compilers ?? [...(CC ? [CC] : []), "cc", "gcc", "clang"],
    machine: `${os.platform()} ${os.arch()} ${os.cpus()[0]?.model ?? ""} ${process.versions.modules ?? ""}`,
    cacheFolder: folder,
    cacheBytes: options.cacheBytes ?? 64 * 2 ** 20,
    run(program, programOptions) {
      const result = spawnSync(program, programOptions, { encoding: "utf8", maxBuffer: 2 ** 24 });
      if (result.error !== undefined) return { status: undefined, output: result.error.message };
      return { status: result.status ?? -1, output: result.stdout + result.stderr };
    },
    read(path) {
      try {
        return fs.readFileSync(path);
      } catch {
        return undefined;
      }
    },
    write(name, bytes) {
      const temporary = join(made(), `${crypto.randomUUID()}.part`);
      fs.writeFileSync(temporary, bytes, { mode: 0o600 });
      fs.renameSync(temporary, join(folder, name));
    },
    move: (from, name) => fs.renameSync(from, join(made(), name)),
    remove: (path) => fs.rmSync(path, { force: true }),
    list() {
      const files = fs.readdirSync(made()).map((name) => {
        const path = join(folder, name);
        const { size, mtimeMs } = fs.statSync(path);
        return { path, bytes: size, mtimeMs };
      });
      return files.sort((a, b) => a.mtimeMs - b.mtimeMs);
    },
    temporary: (suffix) => join(made(), `${crypto.randomUUID()}${suffix}`),
    digest: (content) => crypto.createHash("sha256").update(content).digest("hex"),
    load(path) {
      const module = { exports: {} };
      process.dlopen(module, path);
      return module.exports;
    },
  };
}
