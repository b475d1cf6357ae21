/** Looks up rows of tables at machine speed, for a service: compiled kernels, threads, and memory that they share. */
import {
  type ArrayConstructors,
  arrayConstructor,
  type BoundKernel,
  type BufferArray,
  type Kernel,
  KernelCompiler,
  LoopError,
  type NativeHost,
  NativeMemory,
  type ThreadHost,
  WorkerPool,
} from "@millrace/loop-ir";
import { EmberError } from "../errors.ts";
import { operationKernel } from "../kernel/operation-kernel.ts";
import { defaultRunAheadLines } from "../kernel/run-kernel.ts";
import type { Operation, TableElement } from "../operation/operation.ts";
import { Table, type TableShape } from "./table.ts";

/** How an engine works. */
export interface LookupEngineOptions {
  /** Threads that share a large request, the calling one among them; the host's processors unless given. */
  readonly threads?: number;
  /** `fastest` unless given: C if the host has a compiler, WebAssembly if not. */
  readonly target?: "fastest" | "c" | "wasm";
  /** Lines that prefetches run ahead; 256 unless given, 0 for none. */
  readonly runAheadLines?: number;
  /** Told, in one line, what the engine has to do without. */
  readonly say?: (line: string) => void;
}

/** Where a table lies in a file. */
export interface MappedTable extends Omit<TableShape, "rows"> {
  /** Bytes before the first row, a multiple of 4 and of the bytes of an element; 0 unless given. */
  readonly byteOffset?: number;
  /** All that the file has unless given. */
  readonly rows?: number;
}

/** Bytes of rows from which on threads share a request. */
const leastShared = 2 ** 18;

/** What arrays begin at a multiple of: lines of a cache, or huge pages once they fill several. */
const [lineBytes, pageBytes, leastPaged] = [64, 2 ** 21, 2 ** 23];

/** Makes tables, and runs their lookups one after the other. */
export class LookupEngine {
  readonly #compiler: KernelCompiler;
  readonly #pool: WorkerPool;
  readonly #memory: NativeMemory | undefined;
  readonly #options: LookupEngineOptions;
  readonly #kernels = new Map<string, Kernel>();
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #closed = false;

  /** @throws {LoopError} `compiler` if C was asked for and is not to be had. */
  constructor(host: NativeHost & ThreadHost, options: LookupEngineOptions = {}) {
    this.#options = options;
    const { target = "fastest", threads, say } = options;
    this.#compiler = new KernelCompiler({ host, target, ...(say === undefined ? {} : { say }) });
    this.#pool = new WorkerPool(host, threads === undefined ? {} : { workers: threads });
    this.#memory = this.#compiler.target === "c" ? memoryOf(host, say) : undefined;
  }

  /** What kernels are compiled for. */
  get target(): string {
    return this.#compiler.target;
  }

  /**
   * A table of zeros in memory that all threads share, in huge pages where the system has them.
   *
   * @throws {EmberError} `machine` if there is no room for it
   */
  createTable(shape: TableShape): Table {
    const { element, rows, width } = shape;
    if (![rows, width].every((extent) => Number.isSafeInteger(extent) && extent >= 0))
      throw new EmberError("operand-shape", `a table of ${rows} rows of ${width} elements`);
    const array = this.sharedArray(element, rows * width);
    this.#memory?.adviseHugePages(array);
    return new Table(this, shape, { array, release: () => this.#release(array) });
  }

  /**
   * A table that is a file of rows one behind the other, as NumPy's `.npy` has them behind its header. Rows are read when
   * they are first looked up; the file must not become shorter.
   *
   * @throws {EmberError} `machine` without a C compiler; `operand-shape` for a file that does not hold such rows
   * @throws {LoopError} `argument` for a file that cannot be mapped
   */
  mapTable(file: string, { element, width, byteOffset = 0, rows }: MappedTable): Table {
    if (this.#memory === undefined) {
      throw new EmberError("machine", "files are mapped by native code, and there is none here", {
        help: "create a table and fill its array, or install a C compiler",
      });
    }
    const buffer = this.#memory.map(file);
    const Kind = arrayConstructor(element);
    const row = width * Kind.BYTES_PER_ELEMENT;
    const held = rows ?? Math.floor((buffer.byteLength - byteOffset) / row);
    const fits = byteOffset >= 0 && byteOffset % Math.max(4, Kind.BYTES_PER_ELEMENT) === 0 && row > 0;
    if (!fits || byteOffset + held * row > buffer.byteLength) {
      throw new EmberError(
        "operand-shape",
        `${file} has ${buffer.byteLength} bytes, not ${held} rows of ${row} bytes from byte ${byteOffset} on`,
        { help: "the offset is a multiple of 4 and of the bytes of an element; rows lie one behind the other" },
      );
    }
    const array = new Kind(buffer, byteOffset, held * width) as BufferArray;
    return new Table(this, { element, rows: held, width }, { array, release() {} });
  }

  /** Ends the threads; tables of the engine cannot be asked any more. */
  close(): void {
    this.#closed = true;
    this.#pool.close();
  }

  /**
   * An array of zeros that every thread sees: requests whose ids, offsets, weights and results are such arrays are not copied.
   *
   * @throws {EmberError} `machine` if there is no room for it
   */
  sharedArray<E extends TableElement | "i32" | "i64">(element: E, length: number): InstanceType<ArrayConstructors[E]> {
    const Kind = arrayConstructor(element);
    try {
      if (this.#compiler.target === "wasm") {
        const array = this.#compiler.heap.allocate(element, length);
        // Memory of a heap that was used before holds what it held.
        (array as Int8Array).fill((element === "i64" ? 0n : 0) as number);
        return array as InstanceType<ArrayConstructors[E]>;
      }
      const bytes = length * Kind.BYTES_PER_ELEMENT;
      const boundary = bytes < leastPaged ? lineBytes : pageBytes;
      const { buffer, byteOffset } =
        this.#memory?.alignedBytes(bytes, boundary) ?? new Uint8Array(new SharedArrayBuffer(bytes));
      const Shared = Kind as unknown as new (
        ...part: [SharedArrayBuffer, number, number]
      ) => InstanceType<ArrayConstructors[E]>;
      return new Shared(buffer, byteOffset, length);
    } catch (cause) {
      throw new EmberError("machine", `there is no room for ${length * Kind.BYTES_PER_ELEMENT} bytes`, { cause });
    }
  }

  /** @internal Memory for results that need not be copied to reach the caller. */
  resultArray(element: TableElement, length: number): BufferArray {
    const alone = this.#compiler.target === "wasm" || this.#pool.workers === 1;
    return alone ? new (arrayConstructor(element))(length) : this.sharedArray(element, length);
  }

  /** @internal An array that threads see: itself, or a copy. */
  visible<T extends BufferArray>(array: T): T {
    // Kernels of WebAssembly copy what lies outside of their heap by themselves.
    if (this.#compiler.target === "wasm" || array.buffer instanceof SharedArrayBuffer) return array;
    const Kind = array.constructor as new (buffer: SharedArrayBuffer) => T;
    const copy = new Kind(new SharedArrayBuffer(array.byteLength));
    (copy as Float32Array).set(array as Float32Array);
    return copy;
  }

  /** @internal Whether threads will share a request over so many rows. */
  shares(rows: number, rowBytes: number): boolean {
    return this.#pool.workers > 1 && rows * rowBytes >= leastShared;
  }

  /** @internal The kernel of an operation for rows of one width. */
  kernel(operation: Operation, width: number): Kernel {
    if (this.#closed) throw new EmberError("closed", "the engine of the table has been closed");
    const key = JSON.stringify([operation, width]);
    const known = this.#kernels.get(key);
    if (known !== undefined) return known;
    const { runAheadLines = defaultRunAheadLines } = this.#options;
    const vectorBytes = this.#compiler.target === "c" ? 64 : 16;
    const nest = operationKernel(operation, { width, vectorBytes, runAheadLines, fresh: true });
    const [made] = this.#compiler.compile([nest], { checked: false });
    this.#kernels.set(key, made as Kernel);
    return made as Kernel;
  }

  /** @internal Runs a kernel; while other requests wait for the pool, on the calling thread alone. */
  run(bound: BoundKernel, shared: boolean): void {
    const units = this.#pool.workers * 4;
    if (shared && this.#waiting === 0) this.#pool.run(bound, { units });
    else bound.run({ units: 1 });
  }

  /** @internal Runs a kernel on other threads once the requests before it are done. */
  runLater(bind: () => BoundKernel, shared: boolean): Promise<void> {
    this.#waiting += 1;
    const turn = this.#last.then(async () => {
      try {
        await this.#pool.runAsync(bind(), { units: shared ? this.#pool.workers * 4 : 1 });
      } finally {
        this.#waiting -= 1;
      }
    });
    this.#last = turn.catch(() => {});
    return turn;
  }

  #release(array: BufferArray): void {
    if (this.#compiler.target === "wasm") this.#compiler.heap.free(array);
  }
}

function memoryOf(host: NativeHost, say: LookupEngineOptions["say"]): NativeMemory | undefined {
  try {
    return new NativeMemory(host);
  } catch (error) {
    say?.(`${error instanceof LoopError ? error.message : String(error)}: no huge pages, and no mapped files`);
    return undefined;
  }
}
