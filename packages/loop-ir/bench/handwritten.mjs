// The same kernels as one would write them in C, without checks: what generated C is compared with.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

const source = `
#include <stdint.h>
#include <stddef.h>
typedef struct napi_env__ *napi_env;
typedef struct napi_value__ *napi_value;
typedef struct napi_callback_info__ *napi_callback_info;
extern int napi_get_cb_info(napi_env, napi_callback_info, size_t *, napi_value *, napi_value *, void **);
extern int napi_get_typedarray_info(napi_env, napi_value, int *, size_t *, void **, napi_value *, size_t *);
extern int napi_get_value_int32(napi_env, napi_value, int32_t *);
extern int napi_create_function(napi_env, const char *, size_t, napi_value (*)(napi_env, napi_callback_info), void *, napi_value *);
extern int napi_set_named_property(napi_env, napi_value, const char *, napi_value);

static void spmv(int32_t rows, const int32_t *restrict pos, const int32_t *restrict crd, const double *restrict vals,
                 const double *restrict x, double *restrict y) {
  for (int32_t i = 0; i < rows; i++) {
    double sum = 0;
    for (int32_t p = pos[i]; p < pos[i + 1]; p++) sum += vals[p] * x[crd[p]];
    y[i] = sum;
  }
}

static void csr_add(int32_t rows, const int32_t *restrict ap, const int32_t *restrict ac, const double *restrict av,
                    const int32_t *restrict bp, const int32_t *restrict bc, const double *restrict bv,
                    int32_t *restrict cp, int32_t *restrict cc, double *restrict cv) {
  int32_t q = 0;
  cp[0] = 0;
  for (int32_t i = 0; i < rows; i++) {
    int32_t p = ap[i], r = bp[i];
    const int32_t pe = ap[i + 1], re = bp[i + 1];
    while (p < pe && r < re) {
      const int32_t j = ac[p], k = bc[r];
      if (j == k) { cc[q] = j; cv[q++] = av[p++] + bv[r++]; }
      else if (j < k) { cc[q] = j; cv[q++] = av[p++]; }
      else { cc[q] = k; cv[q++] = bv[r++]; }
    }
    while (p < pe) { cc[q] = ac[p]; cv[q++] = av[p++]; }
    while (r < re) { cc[q] = bc[r]; cv[q++] = bv[r++]; }
    cp[i + 1] = q;
  }
}

static void given(napi_env env, napi_callback_info info, size_t n, int32_t *rows, void **data) {
  napi_value argv[16];
  napi_get_cb_info(env, info, &n, argv, 0, 0);
  napi_get_value_int32(env, argv[0], rows);
  for (size_t k = 1; k < n; k++) napi_get_typedarray_info(env, argv[k], 0, 0, &data[k], 0, 0);
}
static napi_value run_spmv(napi_env env, napi_callback_info info) {
  int32_t rows; void *d[16];
  given(env, info, 6, &rows, d);
  spmv(rows, d[1], d[2], d[3], d[4], d[5]);
  return 0;
}
static napi_value run_csr_add(napi_env env, napi_callback_info info) {
  int32_t rows; void *d[16];
  given(env, info, 10, &rows, d);
  csr_add(rows, d[1], d[2], d[3], d[4], d[5], d[6], d[7], d[8], d[9]);
  return 0;
}
napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  napi_value f;
  napi_create_function(env, "spmv", 4, run_spmv, 0, &f);
  napi_set_named_property(env, exports, "spmv", f);
  napi_create_function(env, "csr_add", 7, run_csr_add, 0, &f);
  napi_set_named_property(env, exports, "csr_add", f);
  return exports;
}
`;

/** The kernels as functions, compiled with the flags that generated C is compiled with. */
export function handwrittenKernels(host, { program }) {
  const folder = mkdtempSync(join(tmpdir(), "millrace-handwritten-"));
  try {
    const [text, built] = [join(folder, "kernels.c"), join(folder, "kernels.node")];
    writeFileSync(text, source);
    const flags = ["-O3", "-march=native", "-std=gnu11", "-ffp-contract=off", "-shared", "-fPIC", "-w"];
    const { status, output } = host.run(program, [...flags, "-o", built, text]);
    if (status !== 0) throw new Error(output);
    const module = { exports: {} };
    process.dlopen(module, built);
    return module.exports;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
