/** The part of Node-API that a kernel module uses, declared here so that no header is needed, and the module's functions. */
import type { Nest } from "../nest/nest.ts";
import type { ElementType, ScalarType } from "../nest/types.ts";
import { elementC, valueC } from "./names.ts";

/** Declarations of it in C. */
export const nodeApi = `
typedef struct napi_env__ *napi_env;
typedef struct napi_value__ *napi_value;
typedef struct napi_callback_info__ *napi_callback_info;
typedef napi_value (*napi_callback)(napi_env, napi_callback_info);
extern void *malloc(size_t);
extern void free(void *);
extern int napi_get_cb_info(napi_env, napi_callback_info, size_t *, napi_value *, napi_value *, void **);
extern int napi_get_typedarray_info(napi_env, napi_value, int *, size_t *, void **, napi_value *, size_t *);
extern int napi_get_value_int32(napi_env, napi_value, int32_t *);
extern int napi_get_value_double(napi_env, napi_value, double *);
extern int napi_get_value_bool(napi_env, napi_value, bool *);
extern int napi_get_value_bigint_int64(napi_env, napi_value, int64_t *, bool *);
extern int napi_get_value_external(napi_env, napi_value, void **);
extern int napi_create_external(napi_env, void *, void (*)(napi_env, void *, void *), void *, napi_value *);
extern int napi_create_int32(napi_env, int32_t, napi_value *);
extern int napi_create_function(napi_env, const char *, size_t, napi_callback, void *, napi_value *);
extern int napi_set_named_property(napi_env, napi_value, const char *, napi_value);
#if defined(_WIN32)
#define VISIBLE __declspec(dllexport)
#else
#define VISIBLE __attribute__((visibility("default")))
#endif
`;

/** What numbers Node-API gives to kinds of typed arrays. */
const arrayKinds: Readonly<Record<ElementType, number>> = {
  ...{ i8: 0, bool: 1, f16: 4, bf16: 4, i32: 5, f32: 7, f64: 8, i64: 9 },
};

/** Reads a scalar of each type from `argv[n]` into `s_n`. */
const readers: Readonly<Record<ScalarType, (place: number) => string>> = {
  bool: (n) => `bool s_${n} = false; ok |= napi_get_value_bool(env, argv[${n}], &s_${n});`,
  i32: (n) => `int32_t s_${n} = 0; ok |= napi_get_value_int32(env, argv[${n}], &s_${n});`,
  i64: (n) => `int64_t s_${n} = 0; bool e_${n}; ok |= napi_get_value_bigint_int64(env, argv[${n}], &s_${n}, &e_${n});`,
  f32: (n) => `double s_${n} = 0; ok |= napi_get_value_double(env, argv[${n}], &s_${n});`,
  f64: (n) => `double s_${n} = 0; ok |= napi_get_value_double(env, argv[${n}], &s_${n});`,
};

/** Asks for huge pages below large arrays: for what is there already (`lasting`) by moving it, which takes about a copy. */
const largePages = `
#if defined(__linux__)
extern int madvise(void *, size_t, int);
static void use_large_pages(const void *data, size_t bytes, bool lasting, bool written) {
  const uintptr_t page = 1 << 21, from = ((uintptr_t)data + page - 1) & -page, to = ((uintptr_t)data + bytes) & -page;
  if (bytes < 2 * page || from >= to || !(lasting || written)) return;
  madvise((void *)from, to - from, 14);
  if (lasting) madvise((void *)from, to - from, 25);
}
#else
static void use_large_pages(const void *data, size_t bytes, bool lasting, bool written) {}
#endif
`;

/**
 * For each nest two functions of the module. `bind_PLACE(lasting, queue, buffers, scalars)` gives what its arguments are,
 * for any number of runs; the caller keeps the arrays alive, and in place. `run_PLACE(bound, to, units, worker)` takes
 * numbers of units from `queue[0]` until they reach `to`. It returns 0; the number of a reason, with the queue closed and
 * the unit in `queue[1]`; or -1 where arguments are not of the kinds expected. `lasting` asks for larger pages.
 */
export function moduleText(nests: readonly Nest[]): string {
  const functions = nests.map((nest, place) => `${bindFunction(nest, place)}\n${runFunction(nest, place)}`);
  const exports = nests.flatMap((_, place) =>
    ["bind", "run"].map(
      (name) => `  napi_create_function(env, "${name}", ${name.length}, ${name}_${place}, 0, &function);
  napi_set_named_property(env, exports, "${name}_${place}", function);`,
    ),
  );
  return `${nodeApi}${largePages}
static void drop(napi_env env, void *data, void *hint) {
  free(data);
}
${functions.join("\n")}
VISIBLE napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  napi_value function;
${exports.join("\n")}
  return exports;
}
`;
}

/** How one argument is read, kept and passed on. */
interface Argument {
  readonly read: string;
  readonly fields: string;
  readonly keep: string;
  readonly pass: readonly string[];
}

function argumentsOf({ buffers, scalars }: Nest): Argument[] {
  const arrays = buffers.map(({ element, access }, buffer): Argument => {
    const n = 2 + buffer;
    const type = `${access === "read" ? "const " : ""}${elementC[element]}`;
    const checked = `napi_get_typedarray_info(env, argv[${n}], &kind, &n_${n}, &b_${n}, 0, 0) | (kind ^ ${arrayKinds[element]})`;
    const large = `use_large_pages(b_${n}, n_${n} * sizeof(${elementC[element]}), lasting, ${access !== "read"});`;
    return {
      read: `void *b_${n} = 0; size_t n_${n} = 0; ok |= ${checked};`,
      fields: `${type} *b_${n}; int64_t n_${n};`,
      keep: `bound->b_${n} = b_${n}; bound->n_${n} = (int64_t)n_${n}; ${large}`,
      pass: [`bound->b_${n}`, `bound->n_${n}`],
    };
  });
  const numbers = scalars.map(({ type }, scalar): Argument => {
    const n = 2 + buffers.length + scalar;
    return {
      read: readers[type](n),
      fields: `${valueC(type)} s_${n};`,
      keep: `bound->s_${n} = s_${n};`,
      pass: [`bound->s_${n}`],
    };
  });
  return [...arrays, ...numbers];
}

function bindFunction(nest: Nest, place: number): string {
  const given = argumentsOf(nest);
  const count = 2 + given.length;
  const lines = (text: (argument: Argument) => string): string => given.map((each) => `  ${text(each)}`).join("\n");
  return `struct bound_${place} {
  int32_t *queue;
${lines(({ fields }) => fields)}
};
static napi_value bind_${place}(napi_env env, napi_callback_info info) {
  size_t argc = ${count}, n = 0;
  napi_value argv[${count}], result = 0;
  int kind = 0, ok = napi_get_cb_info(env, info, &argc, argv, 0, 0) | (argc != ${count});
  if (ok != 0) return 0;
  bool lasting = false;
  void *q = 0;
  ok |= napi_get_value_bool(env, argv[0], &lasting);
  ok |= napi_get_typedarray_info(env, argv[1], &kind, &n, &q, 0, 0) | (kind ^ 5) | (n < 2);
${lines(({ read }) => read)}
  struct bound_${place} *bound = ok == 0 ? malloc(sizeof(struct bound_${place})) : 0;
  if (bound == 0) return 0;
  bound->queue = q;
${lines(({ keep }) => keep)}
  if (napi_create_external(env, bound, drop, 0, &result) != 0) free(bound);
  return result;
}`;
}

function runFunction(nest: Nest, place: number): string {
  const passed = argumentsOf(nest).flatMap(({ pass }) => pass);
  return `static napi_value run_${place}(napi_env env, napi_callback_info info) {
  size_t argc = 4;
  napi_value argv[4], result;
  int32_t to = 0, units = 0, worker = 0, reason = -1;
  void *data = 0;
  int ok = napi_get_cb_info(env, info, &argc, argv, 0, 0) | (argc != 4);
  if (ok == 0) {
    ok |= napi_get_value_external(env, argv[0], &data);
    ok |= napi_get_value_int32(env, argv[1], &to) | napi_get_value_int32(env, argv[2], &units) | napi_get_value_int32(env, argv[3], &worker);
  }
  if (ok == 0) {
    const struct bound_${place} *const bound = data;
    int32_t *const queue = bound->queue;
    for (reason = 0; reason == 0;) {
      const int32_t unit = __atomic_fetch_add(queue, 1, __ATOMIC_RELAXED);
      if ((uint32_t)unit >= (uint32_t)to) break;
      reason = unit_${place}(${["unit", "units", "worker", ...passed].join(", ")});
      if (reason != 0) {
        __atomic_store_n(queue + 1, unit, __ATOMIC_RELAXED);
        __atomic_store_n(queue, 0x70000000, __ATOMIC_RELAXED);
      }
    }
  }
  napi_create_int32(env, reason, &result);
  return result;
}`;
}
