/** The part of Node-API that a kernel module uses, declared here so that no header is needed, and the module's functions. */
import type { Nest } from "../nest/nest.ts";
import type { ElementType, ScalarType } from "../nest/types.ts";
import { elementC } from "./names.ts";

/** Declarations of it in C. */
export const nodeApi = `
typedef struct napi_env__ *napi_env;
typedef struct napi_value__ *napi_value;
typedef struct napi_callback_info__ *napi_callback_info;
typedef napi_value (*napi_callback)(napi_env, napi_callback_info);
extern int napi_get_cb_info(napi_env, napi_callback_info, size_t *, napi_value *, napi_value *, void **);
extern int napi_get_typedarray_info(napi_env, napi_value, int *, size_t *, void **, napi_value *, size_t *);
extern int napi_get_value_int32(napi_env, napi_value, int32_t *);
extern int napi_get_value_double(napi_env, napi_value, double *);
extern int napi_get_value_bool(napi_env, napi_value, bool *);
extern int napi_get_value_bigint_int64(napi_env, napi_value, int64_t *, bool *);
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

/**
 * For each nest a function `run_PLACE(queue, to, units, worker, buffers, scalars)` of the module: it takes numbers of
 * units from `queue[0]` until they reach `to`. It returns 0; the number of a reason, with the queue closed and the unit in
 * `queue[1]`; or -1 where arguments are not of the kinds expected.
 */
export function moduleText(nests: readonly Nest[]): string {
  const functions = nests.map((nest, place) => runFunction(nest, place));
  const exports = nests.map(
    (_, place) => `  napi_create_function(env, "run", 3, run_${place}, 0, &function);
  napi_set_named_property(env, exports, "run_${place}", function);`,
  );
  return `${nodeApi}
${functions.join("\n")}
VISIBLE napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  napi_value function;
${exports.join("\n")}
  return exports;
}
`;
}

function runFunction(nest: Nest, place: number): string {
  const count = 4 + nest.buffers.length + nest.scalars.length;
  const buffers = nest.buffers.map(({ element, access }, buffer) => {
    const n = 4 + buffer;
    const type = `${access === "read" ? "const " : ""}${elementC[element]}`;
    return {
      read: `void *b_${n} = 0; size_t n_${n} = 0; ok |= napi_get_typedarray_info(env, argv[${n}], &kind, &n_${n}, &b_${n}, 0, 0) | (kind ^ ${arrayKinds[element]});`,
      pass: [`(${type} *)b_${n}`, `(int64_t)n_${n}`],
    };
  });
  const scalars = nest.scalars.map(({ type }, scalar) => {
    const n = 4 + nest.buffers.length + scalar;
    return { read: readers[type](n), pass: [type === "f32" ? `(float)s_${n}` : `s_${n}`] };
  });
  const given = [...buffers, ...scalars];
  return `static napi_value run_${place}(napi_env env, napi_callback_info info) {
  size_t argc = ${count};
  napi_value argv[${count}], result;
  int ok = napi_get_cb_info(env, info, &argc, argv, 0, 0) | (argc != ${count}), kind = 0;
  void *q = 0; size_t n = 0; int32_t to = 0, units = 0, worker = 0, reason = -1;
  if (ok == 0) {
    ok |= napi_get_typedarray_info(env, argv[0], &kind, &n, &q, 0, 0) | (kind ^ 5) | (n < 2);
    ok |= napi_get_value_int32(env, argv[1], &to) | napi_get_value_int32(env, argv[2], &units) | napi_get_value_int32(env, argv[3], &worker);
${given.map(({ read }) => `    ${read}`).join("\n")}
    if (ok == 0) {
      int32_t *queue = q;
      for (reason = 0; reason == 0;) {
        const int32_t unit = __atomic_fetch_add(queue, 1, __ATOMIC_RELAXED);
        if ((uint32_t)unit >= (uint32_t)to) break;
        reason = unit_${place}(${["unit", "units", "worker", ...given.flatMap(({ pass }) => pass)].join(", ")});
        if (reason != 0) {
          __atomic_store_n(queue + 1, unit, __ATOMIC_RELAXED);
          __atomic_store_n(queue, 0x70000000, __ATOMIC_RELAXED);
        }
      }
    }
  }
  napi_create_int32(env, reason, &result);
  return result;
}`;
}
