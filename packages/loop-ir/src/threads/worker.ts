import type { BindingMessage, Mail, MappedArray, word } from "./control.ts";

/** The end of a thread's channel to its owner, as both Node and browsers have it. */
export interface WorkerPort {
  onmessage: ((event: { readonly data: Mail }) => void) | null;
  postMessage(message: number): void;
}

/** Loads native modules in Node; a browser has none. */
type NativeLoader = { dlopen(module: { exports: Record<string, unknown> }, path: string): void };

/**
 * What a thread does. It is sent as text, so it refers to nothing outside itself. It sleeps until it is woken, reads its
 * mails (for which it must return to the thread's event loop), or runs units and reports.
 */
export function workerMain(port: WorkerPort): void {
  type Run = (to: number, units: number, worker: number) => number;
  const bindings = new Map<number, Run>();
  const kept = new WeakMap<object, readonly unknown[]>();
  const natives = new Map<string, Record<string, unknown>>();
  let control = new Int32Array(0);
  let words = {} as typeof word;
  let received = 0;
  let ran = 0;

  const loaded = (path: string): Record<string, unknown> => {
    const known = natives.get(path);
    if (known !== undefined) return known;
    const module = { exports: {} as Record<string, unknown> };
    (globalThis as unknown as { process: NativeLoader }).process.dlopen(module, path);
    natives.set(path, module.exports);
    return module.exports;
  };

  const mapped = ({ descriptor, module, type, byteOffset, length }: MappedArray): unknown => {
    const map = loaded(module).map as (descriptor: number, owned: boolean) => ArrayBuffer | number;
    const buffer = map(descriptor, false);
    if (typeof buffer === "number") throw new Error("a mapped file cannot be mapped by another thread");
    const Kind = (globalThis as unknown as Record<string, new (...all: unknown[]) => unknown>)[type];
    if (Kind === undefined) throw new Error(`there are no arrays of kind ${type}`);
    return new Kind(buffer, byteOffset, length);
  };

  const bound = (binding: BindingMessage): Run => {
    const { parameters } = binding;
    if (binding.kind === "wasm") {
      const { module, memory, queueAddress } = binding;
      const run = new WebAssembly.Instance(module, { m: { m: memory } }).exports.run as (...all: unknown[]) => number;
      return (to, units, worker) => run(queueAddress, to, units, worker, ...parameters);
    }
    const { path, entry, queue } = binding;
    const arrays = parameters.map((parameter) => {
      const array = parameter as MappedArray;
      return typeof parameter === "object" && array.descriptor !== undefined ? mapped(array) : parameter;
    });
    const exports = loaded(path);
    const bind = exports[`bind_${entry}`] as (...all: unknown[]) => object;
    const run = exports[`run_${entry}`] as (...all: unknown[]) => number;
    const given = bind(false, queue, ...arrays);
    // What native code is given are addresses: the arrays live as long as that does.
    kept.set(given, arrays);
    return (to, units, worker) => run(given, to, units, worker);
  };

  const open = (binding: BindingMessage): Run => {
    try {
      return bound(binding);
    } catch (error) {
      return () => {
        throw error;
      };
    }
  };

  const execute = (): number => {
    try {
      const run = bindings.get(control[words.binding] ?? 0);
      if (run === undefined) throw new Error("a kernel was run that the thread was not told of");
      return run(control[words.to] ?? 0, control[words.units] ?? 0, control[words.worker] ?? 0);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      const length = Math.min(text.length, words.count - words.text);
      control[words.textLength] = length;
      for (let place = 0; place < length; place++) control[words.text + place] = text.charCodeAt(place);
      return -1;
    }
  };

  const serve = (): void => {
    for (;;) {
      const wake = Atomics.load(control, words.wake);
      // In this order: what a run needs is mailed before the run is counted, so a run that is seen has its mail seen.
      const asked = Atomics.load(control, words.runs);
      if (Atomics.load(control, words.mails) !== received) return;
      if (asked === ran) {
        Atomics.wait(control, words.wake, wake);
        continue;
      }
      ran = asked;
      control[words.reason] = execute();
      Atomics.store(control, words.done, ran);
      Atomics.notify(control, words.done);
      if (control[words.answer] !== 0) port.postMessage(ran);
    }
  };

  port.onmessage = ({ data }) => {
    received++;
    if (data.kind === "start") {
      control = data.control as Int32Array<ArrayBuffer>;
      words = data.words;
      Atomics.store(control, words.started, 1);
    } else if (data.kind === "bind") bindings.set(data.id, open(data.binding));
    else bindings.delete(data.id);
    serve();
  };
}
