/*
 * The kernels as operators of PyTorch:
 *
 *   tralign::multiply(Tensor(a!) c, Tensor a, Tensor b, bool add, int parts) -> ()   c = a b, or c += a b
 *   tralign::linear(Tensor(a!) y, Tensor x, Tensor w, Tensor b, int parts) -> ()     y = x wᵀ + b
 *   tralign::attend, tralign::attend_backward, tralign::attend_cached                see kernels.h
 *
 * All but attend_cached need a processor with AMX, and a system that lets this process use it.
 *
 * Only PyTorch's C interface (2.7 and later) is used, and at::get_num_threads, so that no version of its
 * C++ one is needed.
 * Build with tools/build_native.sh.
 */
#include "kernels.h"
#include <cpuid.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* torch/csrc/inductor/aoti_torch/c/shim.h */
typedef void *tensor;
typedef void *library;
typedef int32_t error;
error aoti_torch_get_data_ptr(tensor, void **);
error aoti_torch_get_sizes(tensor, int64_t **);
error aoti_torch_get_strides(tensor, int64_t **);
error aoti_torch_delete_tensor_object(tensor);
error aoti_torch_library_init_def(const char *, const char *, uint32_t, library *);
error aoti_torch_library_init_impl(const char *, const char *, const char *, uint32_t, library *);
error aoti_torch_library_def(library, const char *);
error aoti_torch_library_impl(library, const char *, void (*)(uint64_t *, uint64_t, uint64_t));

typedef struct {
  void *data;
  int64_t *sizes, *strides;
} view;

static view view_of(uint64_t argument) {
  view it = {0};
  aoti_torch_get_data_ptr((tensor)argument, &it.data);
  aoti_torch_get_sizes((tensor)argument, &it.sizes);
  aoti_torch_get_strides((tensor)argument, &it.strides);
  return it;
}

static matrix matrix_of(uint64_t argument) {
  view it = view_of(argument);
  return (matrix){it.data, it.sizes[0], it.sizes[1], it.strides[0], it.strides[1]};
}

static heads heads_of(uint64_t argument) {
  view it = view_of(argument);
  return (heads){it.data, it.sizes[0], it.sizes[1], it.sizes[2], it.strides[0], it.strides[1]};
}

/* The cache has the heads first. */
static heads cached_heads_of(uint64_t argument) {
  view it = view_of(argument);
  return (heads){it.data, it.sizes[1], it.sizes[0], it.sizes[2], it.strides[1], it.strides[0]};
}

static void release(uint64_t *arguments, int count) {
  for (int i = 0; i < count; i++) {
    aoti_torch_delete_tensor_object((tensor)arguments[i]);
  }
}

static void multiply(uint64_t *arguments, uint64_t count, uint64_t results) {
  matrix c = matrix_of(arguments[0]), a = matrix_of(arguments[1]), b = matrix_of(arguments[2]);
  product(&c, &a, &b, (arguments[3] & 1) != 0 ? ITSELF : ZERO, NULL, (int)arguments[4]);
  release(arguments, 3);
}

static void linear(uint64_t *arguments, uint64_t count, uint64_t results) {
  matrix y = matrix_of(arguments[0]), x = matrix_of(arguments[1]), w = matrix_of(arguments[2]);
  matrix wt = {w.data, w.columns, w.rows, w.column_stride, w.row_stride};
  product(&y, &x, &wt, BIASES, view_of(arguments[3]).data, (int)arguments[4]);
  release(arguments, 4);
}

static void attend_there(uint64_t *arguments, uint64_t count, uint64_t results) {
  heads o = heads_of(arguments[0]), q = heads_of(arguments[2]), k = heads_of(arguments[3]);
  heads v = heads_of(arguments[4]);
  view sums = view_of(arguments[1]), runs = view_of(arguments[5]);
  attend(&o, sums.data, &q, &k, &v, runs.data, runs.sizes[0]);
  release(arguments, 6);
}

static void attend_back(uint64_t *arguments, uint64_t count, uint64_t results) {
  heads all[8];
  for (int i = 0; i < 8; i++) {
    all[i] = heads_of(arguments[i]);
  }
  view sums = view_of(arguments[8]), runs = view_of(arguments[9]);
  attend_backward(
      &all[0], &all[1], &all[2], &all[3], &all[4], &all[5], &all[6], &all[7], sums.data, runs.data, runs.sizes[0]);
  release(arguments, 10);
}

static double number_of(uint64_t argument) {
  double number;
  memcpy(&number, &argument, sizeof number);
  return number;
}

static void attend_tokens_of_cache(uint64_t *arguments, uint64_t count, uint64_t results) {
  heads o = heads_of(arguments[0]), q = heads_of(arguments[1]);
  heads keys = cached_heads_of(arguments[2]), values = cached_heads_of(arguments[3]);
  view rows = view_of(arguments[4]);
  attend_cached(&o, &q, &keys, &values, rows.data, rows.sizes[0], rows.sizes[1], (float)number_of(arguments[5]),
                (float)number_of(arguments[6]));
  release(arguments, 5);
}

/* Whether the processor has AVX-512 (F, DQ, BW, VL) and the system saves its registers. */
static bool has_avx512(void) {
  const uint32_t extensions = bit_AVX512F | bit_AVX512DQ | bit_AVX512BW | bit_AVX512VL, registers = 0xe6;
  uint32_t a, b, c, d, enabled;
  if (!__get_cpuid(1, &a, &b, &c, &d) || (c & bit_OSXSAVE) == 0 || !__get_cpuid_count(7, 0, &a, &b, &c, &d)) {
    return false;
  }
  __asm__("xgetbv" : "=a"(enabled), "=d"(d) : "c"(0));
  return (b & extensions) == extensions && (enabled & registers) == registers;
}

/* Asked once: in a virtual machine the question takes longer than a small product. */
static bool wide;

static void multiply_with_packed(uint64_t *arguments, uint64_t count, uint64_t results) {
  matrix y = matrix_of(arguments[0]), x = matrix_of(arguments[1]);
  void *packed = view_of(arguments[2]).data;
  const bool narrow = (arguments[3] & 1) != 0;
  (wide ? multiply_packed_avx512 : multiply_packed_avx2)(&y, &x, packed, narrow);
  release(arguments, 3);
}

static const struct {
  const char *name, *schema;
  void (*kernel)(uint64_t *, uint64_t, uint64_t);
} operators[] = {
    {"multiply", "multiply(Tensor(a!) c, Tensor a, Tensor b, bool add, int parts) -> ()", multiply},
    {"linear", "linear(Tensor(a!) y, Tensor x, Tensor w, Tensor b, int parts) -> ()", linear},
    {"attend", "attend(Tensor(a!) o, Tensor(b!) sums, Tensor q, Tensor k, Tensor v, Tensor runs) -> ()", attend_there},
    {"attend_backward",
     "attend_backward(Tensor(a!) dq, Tensor(b!) dk, Tensor(c!) dv, Tensor dy, Tensor q, Tensor k, Tensor v, Tensor o,"
     " Tensor sums, Tensor runs) -> ()",
     attend_back},
    {"attend_cached",
     "attend_cached(Tensor(a!) o, Tensor q, Tensor keys, Tensor values, Tensor rows, float scale, float cap) -> ()",
     attend_tokens_of_cache},
    {"multiply_packed", "multiply_packed(Tensor(a!) y, Tensor x, Tensor packed, bool narrow) -> ()",
     multiply_with_packed}};

static bool define_operators(void) {
  wide = has_avx512();
  library definitions, kernels;
  bool done = aoti_torch_library_init_def("tralign", "operators.c", __LINE__, &definitions) == 0 &&
              aoti_torch_library_init_impl("tralign", "CPU", "operators.c", __LINE__, &kernels) == 0;
  for (size_t i = 0; done && i < sizeof operators / sizeof *operators; i++) {
    done = aoti_torch_library_def(definitions, operators[i].schema) == 0 &&
           aoti_torch_library_impl(kernels, operators[i].name, operators[i].kernel) == 0;
  }
  return done;
}

/* Linux gives AMX's registers to a process that asks for them. */
static bool may_use_tiles(void) {
  enum { ARCH_REQ_XCOMP_PERM = 0x1023, XFEATURE_XTILEDATA = 18 };
  return syscall(SYS_arch_prctl, ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA) == 0;
}

/* By this a test sees that the library was built from the sources beside it. Exported, so that it is kept. */
__attribute__((visibility("default"))) const char tralign_sources[] = "sources sha256 " SOURCES_SHA256;

/* Called by System.load; anything but a version of JNI is a failure to load. */
__attribute__((visibility("default"))) int JNI_OnLoad(void *vm, void *reserved) {
  const int jni_1_8 = 0x00010008, failure = -1;
  return define_operators() ? jni_1_8 : failure;
}

/* NativeKernels.useTiles() of tralign-djl. */
__attribute__((visibility("default"))) unsigned char Java_io_github_tralign_djl_kernel_NativeKernels_useTiles(
    void *environment, void *class) {
  return may_use_tiles();
}
