/** Memory as the operating system hands it out: huge pages for arrays, and files as arrays without reading them. */
import { LoopError } from "../errors.ts";
import type { NativeHost } from "../host/host.ts";
import { buildModule, findCompiler } from "./build.ts";
import { nodeApi } from "./napi.ts";

/** What the module exports. Errors are numbers of the system, negated; -1000 stands for none. */
interface MemoryModule {
  advise(array: Uint8Array): number;
  /** Bytes from the start of an array to the next address that a power of two divides. */
  skip(array: Uint8Array, boundary: number): number;
  open(path: string): number;
  /** Maps an open file; if it is owned, it is closed when the buffer is no longer used. */
  map(descriptor: number, owned: boolean): ArrayBuffer | number;
}

/** A file that is mapped. It stays open as long as its buffer is used, so that another thread can map it too. */
export interface Mapping {
  readonly descriptor: number;
  /** The native module that maps files. */
  readonly module: string;
}

const mappings = new WeakMap<ArrayBufferLike, Mapping>();

/** The file that a buffer is; undefined for memory of any other kind. */
export function mappingOf(buffer: ArrayBufferLike): Mapping | undefined {
  return mappings.get(buffer);
}

const text = `#define _GNU_SOURCE
#include <stdint.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#if defined(__unix__) || defined(__APPLE__)
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#endif
${nodeApi}
extern int napi_create_external_arraybuffer(napi_env, void *, size_t, void (*)(napi_env, void *, void *), void *, napi_value *);
extern int napi_get_value_string_utf8(napi_env, napi_value, char *, size_t, size_t *);

static napi_value number(napi_env env, int value) {
  napi_value result;
  napi_create_int32(env, value, &result);
  return result;
}

static napi_value advise(napi_env env, napi_callback_info info) {
  size_t argc = 1, length = 0; napi_value argv[1]; void *data = 0; int kind, status = -1000;
  napi_get_cb_info(env, info, &argc, argv, 0, 0);
#if defined(MADV_HUGEPAGE)
  if (argc == 1 && napi_get_typedarray_info(env, argv[0], &kind, &length, &data, 0, 0) == 0) {
    const uintptr_t huge = (uintptr_t)1 << 21, from = ((uintptr_t)data + huge - 1) & ~(huge - 1);
    const uintptr_t to = ((uintptr_t)data + length) & ~(huge - 1);
    if (from < to) status = madvise((void *)from, to - from, MADV_HUGEPAGE) == 0 ? 0 : -errno;
  }
#endif
  return number(env, status);
}

static napi_value skip(napi_env env, napi_callback_info info) {
  size_t argc = 2, length = 0; napi_value argv[2]; void *data = 0; int kind, bytes = -1000; int32_t boundary = 1;
  napi_get_cb_info(env, info, &argc, argv, 0, 0);
  if (argc == 2 && napi_get_typedarray_info(env, argv[0], &kind, &length, &data, 0, 0) == 0 &&
      napi_get_value_int32(env, argv[1], &boundary) == 0)
    bytes = (int)(-(uintptr_t)data & ((uintptr_t)boundary - 1));
  return number(env, bytes);
}

static napi_value open_file(napi_env env, napi_callback_info info) {
  size_t argc = 1, n = 0; napi_value argv[1]; char path[4096]; int file = -1000;
  napi_get_cb_info(env, info, &argc, argv, 0, 0);
#if defined(MAP_PRIVATE)
  if (argc == 1 && napi_get_value_string_utf8(env, argv[0], path, sizeof path, &n) == 0 && n + 1 < sizeof path) {
    file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) file = -errno;
  }
#endif
  return number(env, file);
}

struct mapping { size_t length; int file; };

static void unmap(napi_env env, void *data, void *hint) {
#if defined(MAP_PRIVATE)
  struct mapping *mapping = hint;
  munmap(data, mapping->length);
  if (mapping->file >= 0) close(mapping->file);
  free(mapping);
#endif
}

static napi_value map(napi_env env, napi_callback_info info) {
  size_t argc = 2; napi_value argv[2], result; int32_t file = -1; bool owned = false; int status = -1000;
  napi_get_cb_info(env, info, &argc, argv, 0, 0);
#if defined(MAP_PRIVATE)
  struct stat about;
  if (argc != 2 || napi_get_value_int32(env, argv[0], &file) || napi_get_value_bool(env, argv[1], &owned)) return number(env, status);
  if (fstat(file, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0) {
    const size_t length = (size_t)about.st_size;
    /* Private: what is written to it stays in this process, and is no fault. */
    void *data = mmap(0, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, file, 0);
    if (data != MAP_FAILED) {
      struct mapping *mapping = malloc(sizeof *mapping);
      if (mapping != 0) {
        mapping->length = length;
        mapping->file = owned ? file : -1;
        if (napi_create_external_arraybuffer(env, data, length, unmap, mapping, &result) == 0) return result;
        free(mapping);
      }
      munmap(data, length);
    } else status = -errno;
  }
  if (owned) close(file);
#endif
  return number(env, status);
}

VISIBLE napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  napi_value function;
  napi_create_function(env, "advise", 6, advise, 0, &function);
  napi_set_named_property(env, exports, "advise", function);
  napi_create_function(env, "skip", 4, skip, 0, &function);
  napi_set_named_property(env, exports, "skip", function);
  napi_create_function(env, "open", 4, open_file, 0, &function);
  napi_set_named_property(env, exports, "open", function);
  napi_create_function(env, "map", 3, map, 0, &function);
  napi_set_named_property(env, exports, "map", function);
  return exports;
}
`;

/** What a host's memory can do beyond arrays; it needs a C compiler, once. */
export class NativeMemory {
  readonly #module: MemoryModule;
  readonly #path: string;

  /** @throws {LoopError} `compiler` if there is none, or if it fails. */
  constructor(host: NativeHost) {
    const compiler = findCompiler(host);
    if (compiler === undefined) throw new LoopError("compiler", "memory of the system needs a C compiler");
    const built = buildModule(host, compiler, { text, flags: ["-O2", "-std=gnu11", "-fvisibility=hidden", "-w"] });
    this.#module = built.exports as unknown as MemoryModule;
    this.#path = built.path;
  }

  /** Asks for huge pages under an array that was not touched yet; whether the system agreed. */
  adviseHugePages(array: ArrayBufferView): boolean {
    return this.#module.advise(new Uint8Array(array.buffer, array.byteOffset, array.byteLength)) === 0;
  }

  /**
   * `bytes` bytes that all threads share, zeroed, from an address on that `boundary`, a power of two up to 2^30, divides:
   * rows that are whole lines then take no line more, and tables whole huge pages.
   *
   * @throws {RangeError} if there is no room for them.
   */
  alignedBytes(bytes: number, boundary: number): Uint8Array<SharedArrayBuffer> {
    const whole = new SharedArrayBuffer(bytes + boundary);
    // Some engines have no array of more than 2^32 bytes: only the part that is asked for is looked at as one.
    const from = this.#module.skip(new Uint8Array(whole, 0, 1), boundary);
    return new Uint8Array(whole, from, bytes);
  }

  /**
   * The bytes of a file, read when they are touched; other threads of a pool map it too. What is written to them is not
   * written to the file. The file must not become shorter while it is mapped.
   *
   * @throws {LoopError} `argument` if it is no file, is empty, or cannot be mapped.
   */
  map(file: string): ArrayBuffer {
    const descriptor = this.#module.open(file);
    const mapped = descriptor < 0 ? descriptor : this.#module.map(descriptor, true);
    if (typeof mapped === "number") {
      const reason = mapped > -1000 ? `error ${-mapped} of the system` : "an empty file, or no plain one";
      throw new LoopError("argument", `${file} cannot be mapped: ${reason}`);
    }
    mappings.set(mapped, { descriptor, module: this.#path });
    return mapped;
  }
}
