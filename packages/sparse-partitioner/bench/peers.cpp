// What the kernels are compared with: Eigen, SuiteSparse:GraphBLAS and plain loops, in CPU milliseconds on one thread.
// usage: peers KERNEL MILLISECONDS FILE...; a file holds rows, columns, entries (int64), positions, coordinates (int32), values.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fstream>
#include <functional>
#include <string>
#include <vector>
#if __has_include(<eigen3/Eigen/Sparse>)
#include <eigen3/Eigen/Sparse>
#define WITH_EIGEN
#endif
#include <cmath>
#include <complex>
#include <cstddef>
#include <cstdlib>
#if __has_include(<GraphBLAS.h>) && __has_include(<complex.h>)
// The header declares C functions and does not say so.
extern "C" {
#include <GraphBLAS.h>
}
#define WITH_GRAPHBLAS
#endif

struct Csr {
  int64_t rows, columns, entries;
  std::vector<int32_t> positions, coordinates;
  std::vector<double> values;
};

static Csr read(const char* name) {
  Csr m;
  std::ifstream in(name, std::ios::binary);
  in.read((char*)&m.rows, 8), in.read((char*)&m.columns, 8), in.read((char*)&m.entries, 8);
  m.positions.resize(m.rows + 1), m.coordinates.resize(m.entries), m.values.resize(m.entries);
  in.read((char*)m.positions.data(), 4 * (m.rows + 1));
  in.read((char*)m.coordinates.data(), 4 * m.entries);
  in.read((char*)m.values.data(), 8 * m.entries);
  return m;
}

static double now() {
  timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec * 1e3 + t.tv_nsec * 1e-6;
}

/** Samples take at least 2 ms; the least of those that fit into `budget` ms counts, three at least. */
static double budget = 300;

static double sample(const std::function<void()>& body, int times) {
  const double begun = now();
  for (int at = 0; at < times; at++) body();
  return (now() - begun) / times;
}

static void measure(const char* name, const std::function<void()>& body) {
  body();
  int times = 1;
  double best = 1e300, spent = 0;
  const auto take = [&] {
    const double each = sample(body, times);
    spent += each * times;
    best = std::min(best, each);
  };
  for (take(); best * times < 2 && times < 4096; take()) times *= 4;
  for (int r = 0; r < 200 && (r < 3 || spent < budget); r++) take();
  printf("%s %.6f\n", name, best);
  fflush(stdout);
}

static std::vector<double> ramp(int64_t n) {
  std::vector<double> x(n);
  for (int64_t i = 0; i < n; i++) x[i] = (i * 7919 % 1000) / 1000.0;
  return x;
}

#ifdef WITH_EIGEN
using Sparse = Eigen::SparseMatrix<double, Eigen::RowMajor>;
using Dense = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
static Sparse eigen(const Csr& m) {
  return Eigen::Map<const Sparse>(m.rows, m.columns, m.entries, m.positions.data(), m.coordinates.data(), m.values.data());
}
#endif

#ifdef WITH_GRAPHBLAS
static GrB_Matrix graphblas(const Csr& m) {
  GrB_Matrix A;
  GrB_Matrix_new(&A, GrB_FP64, m.rows, m.columns);
  std::vector<GrB_Index> rows(m.entries), columns(m.coordinates.begin(), m.coordinates.end());
  for (int64_t i = 0; i < m.rows; i++)
    for (int32_t p = m.positions[i]; p < m.positions[i + 1]; p++) rows[p] = i;
  GrB_Matrix_build_FP64(A, rows.data(), columns.data(), m.values.data(), m.entries, GrB_PLUS_FP64);
  GrB_Matrix_wait(A, GrB_MATERIALIZE);
  return A;
}
static GrB_Matrix fullMatrix(const std::vector<double>& x, int64_t rows, int64_t columns) {
  GrB_Matrix F;
  GrB_Matrix_new(&F, GrB_FP64, rows, columns);
  void* copy = malloc(8 * rows * columns);
  memcpy(copy, x.data(), 8 * rows * columns);
  GxB_Matrix_pack_FullR(F, &copy, 8 * rows * columns, false, NULL);
  return F;
}
#endif

static void add(const std::vector<Csr>& m) {
#ifdef WITH_EIGEN
  std::vector<Sparse> e;
  for (auto& each : m) e.push_back(eigen(each));
  measure("eigen", [&] {
    Sparse r = m.size() == 2 ? Sparse(e[0] + e[1]) : Sparse(e[0] + e[1] + e[2] + e[3]);
    if (r.nonZeros() == 1) printf(" ");
  });
#endif
#ifdef WITH_GRAPHBLAS
  std::vector<GrB_Matrix> g;
  for (auto& each : m) g.push_back(graphblas(each));
  measure("graphblas", [&] {
    GrB_Matrix sum = g[0];
    for (size_t k = 1; k < g.size(); k++) {
      GrB_Matrix C;
      GrB_Matrix_new(&C, GrB_FP64, m[0].rows, m[0].columns);
      GrB_Matrix_eWiseAdd_BinaryOp(C, NULL, NULL, GrB_PLUS_FP64, sum, g[k], NULL);
      GrB_Matrix_wait(C, GrB_MATERIALIZE);
      if (k > 1) GrB_Matrix_free(&sum);
      sum = C;
    }
    GrB_Matrix_free(&sum);
  });
#endif
}

static void multiply(const Csr& a) {
#ifdef WITH_EIGEN
  Sparse e = eigen(a);
  measure("eigen", [&] {
    Sparse r = e * e;
    if (r.nonZeros() == 1) printf(" ");
  });
#endif
#ifdef WITH_GRAPHBLAS
  GrB_Matrix g = graphblas(a);
  measure("graphblas", [&] {
    GrB_Matrix C;
    GrB_Matrix_new(&C, GrB_FP64, a.rows, a.columns);
    GrB_mxm(C, NULL, NULL, GrB_PLUS_TIMES_SEMIRING_FP64, g, g, NULL);
    GrB_Matrix_wait(C, GrB_MATERIALIZE);
    GrB_Matrix_free(&C);
  });
#endif
}

/** Rows of a matrix, or fibres of a tensor, times a vector. */
static void rowSums(const Csr& a) {
  std::vector<double> x = ramp(a.columns), y(a.rows);
  measure("plain-loop", [&] {
    for (int64_t i = 0; i < a.rows; i++) {
      double sum = 0;
      for (int32_t p = a.positions[i]; p < a.positions[i + 1]; p++) sum += a.values[p] * x[a.coordinates[p]];
      y[i] = sum;
    }
  });
#ifdef WITH_EIGEN
  Sparse e = eigen(a);
  Eigen::VectorXd ex = Eigen::Map<Eigen::VectorXd>(x.data(), x.size()), ey(a.rows);
  measure("eigen", [&] { ey.noalias() = e * ex; });
#endif
}

static void vector(const Csr& a) {
  rowSums(a);
#ifdef WITH_GRAPHBLAS
  const std::vector<double> x = ramp(a.columns);
  GrB_Matrix g = graphblas(a), gx = fullMatrix(x, a.columns, 1);
  measure("graphblas", [&] {
    GrB_Matrix C;
    GrB_Matrix_new(&C, GrB_FP64, a.rows, 1);
    GrB_mxm(C, NULL, NULL, GrB_PLUS_TIMES_SEMIRING_FP64, g, gx, NULL);
    GrB_Matrix_wait(C, GrB_MATERIALIZE);
    GrB_Matrix_free(&C);
  });
#endif
}

static void panel(const Csr& a) {
  const int64_t width = 64;
  std::vector<double> x = ramp(a.columns * width), y(a.rows * width);
  measure("plain-loop", [&] {
    std::fill(y.begin(), y.end(), 0.0);
    for (int64_t i = 0; i < a.rows; i++)
      for (int32_t p = a.positions[i]; p < a.positions[i + 1]; p++)
        for (int64_t k = 0; k < width; k++) y[i * width + k] += a.values[p] * x[a.coordinates[p] * width + k];
  });
#ifdef WITH_EIGEN
  Sparse e = eigen(a);
  Dense ex = Eigen::Map<Dense>(x.data(), a.columns, width);
  measure("eigen", [&] {
    Dense ey = e * ex;
    if (ey(0, 0) == 0.123) printf(" ");
  });
#endif
}

static void sampled(const Csr& a) {
  const int64_t width = 64;
  std::vector<double> b = ramp(a.rows * width), c = ramp(a.columns * width), y(a.entries);
  measure("plain-loop", [&] {
    for (int64_t i = 0; i < a.rows; i++)
      for (int32_t p = a.positions[i]; p < a.positions[i + 1]; p++) {
        double sum = 0;
        for (int64_t k = 0; k < width; k++) sum += b[i * width + k] * c[a.coordinates[p] * width + k];
        y[p] = a.values[p] * sum;
      }
  });
}

/** The tensor's fibres, the tree above them (rows are roots) and the coordinates of the roots; into a dense matrix. */
static void mttkrp(const Csr& fibres, const Csr& tree, const Csr& roots) {
  const int64_t width = 32;
  std::vector<double> b = ramp(tree.columns * width), c = ramp(fibres.columns * width), y(roots.columns * width);
  measure("plain-loop", [&] {
    std::fill(y.begin(), y.end(), 0.0);
    for (int64_t r = 0; r < tree.rows; r++) {
      double* row = &y[roots.coordinates[r] * width];
      for (int32_t f = tree.positions[r]; f < tree.positions[r + 1]; f++) {
        const double* bj = &b[tree.coordinates[f] * width];
        for (int32_t p = fibres.positions[f]; p < fibres.positions[f + 1]; p++) {
          const double* ck = &c[fibres.coordinates[p] * width];
          for (int64_t l = 0; l < width; l++) row[l] += fibres.values[p] * bj[l] * ck[l];
        }
      }
    }
  });
  measure("fibre-loop", [&] {
    std::fill(y.begin(), y.end(), 0.0);
    double sum[width];
    for (int64_t r = 0; r < tree.rows; r++) {
      double* row = &y[roots.coordinates[r] * width];
      for (int32_t f = tree.positions[r]; f < tree.positions[r + 1]; f++) {
        const double* bj = &b[tree.coordinates[f] * width];
        for (int64_t l = 0; l < width; l++) sum[l] = 0;
        for (int32_t p = fibres.positions[f]; p < fibres.positions[f + 1]; p++) {
          const double* ck = &c[fibres.coordinates[p] * width];
          for (int64_t l = 0; l < width; l++) sum[l] += fibres.values[p] * ck[l];
        }
        for (int64_t l = 0; l < width; l++) row[l] += sum[l] * bj[l];
      }
    }
  });
}

/** The rate of memory: bytes of the three arrays over this time. */
static void limit() {
  const int64_t n = 1 << 23;
  std::vector<double> a(n), b(n, 1.0), c(n, 2.0);
  measure("triad", [&] {
    for (int64_t i = 0; i < n; i++) a[i] = b[i] + 3.0 * c[i];
  });
}

int main(int count, char** words) {
  if (count < 3) return 2;
  const std::string kernel = words[1];
  budget = atof(words[2]);
  std::vector<Csr> m;
  for (int at = 3; at < count; at++) m.push_back(read(words[at]));
#ifdef WITH_GRAPHBLAS
  GrB_init(GrB_NONBLOCKING);
  GxB_Global_Option_set_INT32(GxB_GLOBAL_NTHREADS, 1);
#endif
  if (kernel == "spmv") vector(m[0]), limit();
  else if (kernel == "add") add(m);
  else if (kernel == "spgemm") multiply(m[0]);
  else if (kernel == "spmm") panel(m[0]);
  else if (kernel == "sddmm") sampled(m[0]);
  else if (kernel == "ttv") rowSums(m[0]);
  else if (kernel == "mttkrp") mttkrp(m[0], m[1], m[2]);
  return 0;
}
