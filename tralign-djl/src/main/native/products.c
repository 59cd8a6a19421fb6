/*
 * Products of fp32 matrices out of bf16 ones, for processors with AMX, as two operators of PyTorch:
 *
 *   tralign::multiply(Tensor(a!) c, Tensor a, Tensor b, bool add, int parts) -> ()   c = a b, or c += a b
 *   tralign::linear(Tensor(a!) y, Tensor x, Tensor w, Tensor b, int parts) -> ()     y = x wᵀ + b
 *
 * Each factor x is taken as a sum x0 + x1 (+ x2) of bf16 numbers, each the rounding of what those
 * before it leave. Two parts hold 16 bits of a number's 24, three hold all. Of the products of parts
 * those of at least the size of the last part are computed, 3 of 4 or 6 of 9, and added up in fp32, the
 * smallest first. In the words of torch.set_float32_matmul_precision two parts are "high"; three are as
 * exact as fp32 (Henry, Tang, Heinecke: Leveraging the bfloat16 Artificial Intelligence Datatype For
 * Higher-Precision Computations, arXiv 1904.06376).
 *
 * Both factors are packed into tiles of 16 by 32 numbers, a slice of K at a time, so that the products
 * find them in the second-level cache. A number of the result is always added up in the same order,
 * however many threads there are. What is not finite becomes NaN, what is below 1e-38 counts as 0.
 *
 * Only PyTorch's C interface (2.7 and later) is used, so that no version of its C++ one is needed.
 * Build with tools/build_native.sh.
 */
#include <immintrin.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>


typedef uint16_t bf16;
typedef struct {
  float *data;
  int64_t rows, columns, row_stride, column_stride;
} matrix;

static inline int64_t min(int64_t a, int64_t b) { return a < b ? a : b; }

/* ---- Splitting and packing ----------------------------------------------------------------------- */

enum {
  TILE = 16,         /* rows of a tile */
  DEPTH = 32,        /* numbers of k that a tile holds */
  TILE_SIZE = 512,   /* numbers of a tile */
  PANEL = 2 * TILE,  /* rows of a, or columns of b, that are packed together */
  SLICE = 24,        /* most tiles of k that are packed at a time */
  CHUNK = 8,         /* panels of a that stay in the second-level cache */
  A_PANELS = 64,     /* panels that there is room for */
  B_PANELS = 128,
  MOST_PARTS = 3
};

/* For each panel and tile of k: each part's two tiles. */
static bf16 packed_a[A_PANELS * SLICE * MOST_PARTS * 2 * TILE_SIZE] __attribute__((aligned(4096)));
static bf16 packed_b[B_PANELS * SLICE * MOST_PARTS * 2 * TILE_SIZE] __attribute__((aligned(4096)));
static pthread_mutex_t packing = PTHREAD_MUTEX_INITIALIZER; /* one product at a time */

/* 32 numbers as parts of 32 bf16 numbers, first those of low, then those of high. */
static inline void split(__m512 low, __m512 high, int parts, __m512i *part) {
  for (int p = 0; p < parts; p++) {
    part[p] = (__m512i)_mm512_cvtne2ps_pbh(high, low);
    __m512i low_bits = _mm512_cvtepu16_epi32(_mm512_castsi512_si256(part[p]));
    __m512i high_bits = _mm512_cvtepu16_epi32(_mm512_extracti64x4_epi64(part[p], 1));
    low = _mm512_sub_ps(low, _mm512_castsi512_ps(_mm512_slli_epi32(low_bits, 16)));
    high = _mm512_sub_ps(high, _mm512_castsi512_ps(_mm512_slli_epi32(high_bits, 16)));
  }
}

/* Transposes 16 by 16 pairs. */
static inline void transpose(__m512i *r) {
  __m512i t[16];
  for (int i = 0; i < 8; i++) {
    t[2 * i] = _mm512_unpacklo_epi32(r[2 * i], r[2 * i + 1]);
    t[2 * i + 1] = _mm512_unpackhi_epi32(r[2 * i], r[2 * i + 1]);
  }
  for (int i = 0; i < 4; i++) {
    r[4 * i] = _mm512_unpacklo_epi64(t[4 * i], t[4 * i + 2]);
    r[4 * i + 1] = _mm512_unpackhi_epi64(t[4 * i], t[4 * i + 2]);
    r[4 * i + 2] = _mm512_unpacklo_epi64(t[4 * i + 1], t[4 * i + 3]);
    r[4 * i + 3] = _mm512_unpackhi_epi64(t[4 * i + 1], t[4 * i + 3]);
  }
  for (int i = 0; i < 4; i++) {
    t[i] = _mm512_shuffle_i32x4(r[i], r[i + 4], 0x88);
    t[i + 4] = _mm512_shuffle_i32x4(r[i], r[i + 4], 0xdd);
    t[i + 8] = _mm512_shuffle_i32x4(r[i + 8], r[i + 12], 0x88);
    t[i + 12] = _mm512_shuffle_i32x4(r[i + 8], r[i + 12], 0xdd);
  }
  for (int i = 0; i < 4; i++) {
    r[i] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0x88);
    r[i + 8] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0xdd);
    r[i + 4] = _mm512_shuffle_i32x4(t[i + 4], t[i + 12], 0x88);
    r[i + 12] = _mm512_shuffle_i32x4(t[i + 4], t[i + 12], 0xdd);
  }
}

static inline __mmask16 first(int64_t n) { return n >= 16 ? 0xffff : n <= 0 ? 0 : (1u << n) - 1; }

/*
 * Packs a tile: of x, given with k along its columns, rows from r on and columns from k on. The
 * processor takes tiles of a with 32 numbers of k in a row, tiles of b with 16 pairs in one, of two
 * consecutive k each. Which way x lies in memory decides how it is read, and whether that has to be
 * transposed.
 */
static inline void pack_tile(const matrix *x, int64_t r, int64_t k, bool of_a, int parts, bf16 *to) {
  const __m512i paired = _mm512_set_epi16(
      31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22, 6, 21, 5, 20, 4, 19, 3, 18, 2, 17,
      1, 16, 0);
  __m512i tile[MOST_PARTS][16];
  __m512i part[MOST_PARTS];
  float copy[TILE * DEPTH] __attribute__((aligned(64)));
  int64_t rows = min(TILE, x->rows - r), depth = min(DEPTH, x->columns - k);
  const float *from = x->data + r * x->row_stride + k * x->column_stride;
  int64_t row_stride = x->row_stride, column_stride = x->column_stride;
  if (row_stride != 1 && column_stride != 1) {
    for (int64_t i = 0; i < rows; i++) {
      for (int64_t j = 0; j < depth; j++) {
        copy[i * DEPTH + j] = from[i * row_stride + j * column_stride];
      }
    }
    from = copy;
    row_stride = DEPTH;
    column_stride = 1;
  }
  bool along_k = column_stride == 1;
  for (int i = 0; i < 16; i++) {
    if (along_k) {
      bool there = i < rows;
      const float *row = from + (there ? i * row_stride : 0);
      __m512 low = _mm512_maskz_loadu_ps(there ? first(depth) : 0, row);
      __m512 high = _mm512_maskz_loadu_ps(there ? first(depth - 16) : 0, row + 16);
      split(low, high, parts, part);
    } else {
      __m512 even = _mm512_maskz_loadu_ps(2 * i < depth ? first(rows) : 0, from + 2 * i * column_stride);
      __m512 odd =
          _mm512_maskz_loadu_ps(2 * i + 1 < depth ? first(rows) : 0, from + (2 * i + 1) * column_stride);
      split(even, odd, parts, part);
    }
    for (int p = 0; p < parts; p++) {
      tile[p][i] = along_k ? part[p] : _mm512_permutexvar_epi16(paired, part[p]);
    }
  }
  for (int p = 0; p < parts; p++) {
    if (along_k != of_a) {
      transpose(tile[p]);
    }
    for (int i = 0; i < 16; i++) {
      _mm512_store_si512((void *)(to + p * 2 * TILE_SIZE + i * DEPTH), tile[p][i]);
    }
  }
}

/* Packs a panel of the block of x that begins at row r, tiles of k from k on. */
static inline void pack(
    const matrix *x, int64_t r, int64_t panel, int64_t k, int tiles, bool of_a, int parts, bf16 *to) {
  for (int i = 0; i < tiles; i++) {
    for (int half = 0; half < 2; half++) {
      pack_tile(
          x, r + panel * PANEL + half * TILE, k + i * DEPTH, of_a, parts,
          to + ((panel * tiles + i) * parts * 2 + half) * TILE_SIZE);
    }
  }
}

/* ---- Products of tiles --------------------------------------------------------------------------- */

struct tile_shapes {
  uint8_t palette, start, reserved[14];
  uint16_t bytes[16];
  uint8_t rows[16];
};

static void use_tiles(void) {
  struct tile_shapes shapes = {.palette = 1};
  for (int i = 0; i < 8; i++) {
    shapes.bytes[i] = 64;
    shapes.rows[i] = TILE;
  }
  __asm__ volatile("ldtilecfg %0" : : "m"(shapes));
}

/* Tiles 0 to 3 hold 32 by 32 results; 4 and 5 a part of a's panel, 6 and 7 one of b's. */
#define C0 _tile_dpbf16ps(0, 4, 6);
#define C1 _tile_dpbf16ps(1, 4, 7);
#define C2 _tile_dpbf16ps(2, 5, 6);
#define C3 _tile_dpbf16ps(3, 5, 7);
#define A0(part) _tile_loadd(4, a + (2 * (part)) * TILE_SIZE, 64);
#define A1(part) _tile_loadd(5, a + (2 * (part) + 1) * TILE_SIZE, 64);
#define B0(part) _tile_loadd(6, b + (2 * (part)) * TILE_SIZE, 64);
#define B1(part) _tile_loadd(7, b + (2 * (part) + 1) * TILE_SIZE, 64);
/* The products of the parts that are there, and each tile of the next part as soon as it can be loaded. */
#define THEN_A(part) C0 C1 A0(part) C2 C3 A1(part)
#define THEN_B(part) C0 C2 B0(part) C1 C3 B1(part)

/* c = init + Σ over tiles of k. init is null for 0; with a stride of 0 it is one row for all. */
static inline void multiply_panels(
    const bf16 *a, const bf16 *b, int tiles, int parts, const float *init, int64_t init_stride, float *c,
    int64_t stride) {
  if (init == NULL) {
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
  } else {
    _tile_loadd(0, init, init_stride * 4);
    _tile_loadd(1, init + TILE, init_stride * 4);
    _tile_loadd(2, init + TILE * init_stride, init_stride * 4);
    _tile_loadd(3, init + TILE * init_stride + TILE, init_stride * 4);
  }
  A0(0) B0(parts - 1) A1(0) B1(parts - 1)
  for (int i = 0; i < tiles; i++) {
    if (parts == 3) { /* a0 b2, a0 b1, a1 b1, a1 b0, a2 b0, a0 b0 */
      THEN_B(1) THEN_A(1) THEN_B(0) THEN_A(2) THEN_A(0)
    } else { /* a0 b1, a1 b1 left out, a1 b0, a0 b0 */
      C0 C2 B0(0) C1 A0(1) C3 B1(0) A1(1) C0 C1 A0(0) C2 C3 A1(0)
    }
    a += 2 * parts * TILE_SIZE;
    b += 2 * parts * TILE_SIZE;
    C0
    if (i + 1 < tiles) {
      C1 A0(0) C2 B0(parts - 1) C3 A1(0) B1(parts - 1)
    } else {
      C1 C2 C3
    }
  }
  _tile_stored(0, c, stride * 4);
  _tile_stored(1, c + TILE, stride * 4);
  _tile_stored(2, c + TILE * stride, stride * 4);
  _tile_stored(3, c + TILE * stride + TILE, stride * 4);
}

/* What c begins with: 0, what it holds, or a row of biases. */
enum begin { ZERO, ITSELF, BIASES };

/* 32 by 32 results at (row, column), of which some may lie outside. */
static inline void multiply_at(
    const matrix *c, int64_t row, int64_t column, const bf16 *a, const bf16 *b, int tiles, int parts,
    enum begin begin, const float *biases) {
  int64_t rows = min(PANEL, c->rows - row), columns = min(PANEL, c->columns - column);
  float *at = c->data + row * c->row_stride + column * c->column_stride;
  if (rows == PANEL && columns == PANEL && c->column_stride == 1) {
    for (int i = 0; i < PANEL; i++) {
      __builtin_prefetch(at + i * c->row_stride, 1);
      __builtin_prefetch(at + i * c->row_stride + TILE, 1);
    }
    const float *init = begin == ZERO ? NULL : begin == ITSELF ? at : biases + column;
    multiply_panels(a, b, tiles, parts, init, begin == ITSELF ? c->row_stride : 0, at, c->row_stride);
    return;
  }
  float whole[PANEL * PANEL] __attribute__((aligned(64)));
  memset(whole, 0, sizeof whole);
  if (begin != ZERO) {
    for (int64_t i = 0; i < rows; i++) {
      for (int64_t j = 0; j < columns; j++) {
        whole[i * PANEL + j] =
            begin == BIASES ? biases[column + j] : at[i * c->row_stride + j * c->column_stride];
      }
    }
  }
  multiply_panels(a, b, tiles, parts, whole, PANEL, whole, PANEL);
  for (int64_t i = 0; i < rows; i++) {
    for (int64_t j = 0; j < columns; j++) {
      at[i * c->row_stride + j * c->column_stride] = whole[i * PANEL + j];
    }
  }
}

/* ---- Products of matrices ------------------------------------------------------------------------ */

int omp_get_thread_num(void);
int omp_get_num_threads(void);
int pytorch_threads(void) __asm__("_ZN2at15get_num_threadsEv"); /* at::get_num_threads() */

/* The next of n pieces of work, or n. Who is faster takes more: a core may have other work, too. */
static inline int64_t next(int64_t *taken, int64_t n) {
  return min(n, __atomic_fetch_add(taken, 1, __ATOMIC_RELAXED));
}

static inline void multiply_matrices(
    const matrix *c, const matrix *a, const matrix *b, enum begin begin, const float *biases, int parts) {
  const matrix bt = {b->data, b->columns, b->rows, b->column_stride, b->row_stride};
  const int64_t depth = (a->columns + DEPTH - 1) / DEPTH;
  const int64_t slices = (depth + SLICE - 1) / SLICE;
  const int64_t slice = slices == 0 ? 0 : (depth + slices - 1) / slices;
  const int64_t panel_size = 2 * parts * TILE_SIZE;
  int64_t packed = 0, multiplied = 0; /* pieces that are taken; one is set back while all take of the other */
  pthread_mutex_lock(&packing);
#pragma omp parallel num_threads(pytorch_threads())
  {
    const int64_t threads = omp_get_num_threads();
    use_tiles();
    for (int64_t column = 0; column < c->columns; column += B_PANELS * PANEL) {
      const int64_t b_panels = (min(B_PANELS * PANEL, c->columns - column) + PANEL - 1) / PANEL;
      for (int64_t k = 0; k < depth; k += slice) {
        const int tiles = min(slice, depth - k);
        for (int64_t row = 0; row < c->rows; row += A_PANELS * PANEL) {
          const int64_t a_panels = (min(A_PANELS * PANEL, c->rows - row) + PANEL - 1) / PANEL;
          const int64_t to_pack = a_panels + (row == 0 ? b_panels : 0);
          for (int64_t i; (i = next(&packed, to_pack)) < to_pack;) {
            if (i < a_panels) {
              pack(a, row, i, k * DEPTH, tiles, true, parts, packed_a);
            } else {
              pack(&bt, column, i - a_panels, k * DEPTH, tiles, false, parts, packed_b);
            }
          }
#pragma omp barrier
          if (omp_get_thread_num() == 0) {
            packed = 0;
          }
          /* A piece is a chunk of a's panels with a panel of b. */
          const int64_t to_multiply = (a_panels + CHUNK - 1) / CHUNK * b_panels;
          for (int64_t piece; (piece = next(&multiplied, to_multiply)) < to_multiply;) {
            const int64_t start = piece / b_panels * CHUNK, end = min(start + CHUNK, a_panels);
            const int64_t j = piece % b_panels;
            const bf16 *b_panel = packed_b + j * tiles * panel_size;
            const int64_t ahead = j + threads < b_panels ? tiles * panel_size / (end - start) : 0;
            for (int64_t i = start; i < end; i++) {
              const bf16 *later = b_panel + threads * tiles * panel_size + (i - start) * ahead;
              for (int64_t at = 0; at < ahead; at += 32) {
                _mm_prefetch((const char *)(later + at), _MM_HINT_T1);
              }
              multiply_at(
                  c, row + i * PANEL, column + j * PANEL, packed_a + i * tiles * panel_size, b_panel, tiles, parts,
                  k == 0 ? begin : ITSELF, biases);
            }
          }
#pragma omp barrier
          if (omp_get_thread_num() == 0) {
            multiplied = 0;
          }
        }
      }
    }
    _tile_release();
  }
  pthread_mutex_unlock(&packing);
}

static void product(
    const matrix *c, const matrix *a, const matrix *b, enum begin begin, const float *biases, int64_t parts) {
  if (parts == 3) {
    multiply_matrices(c, a, b, begin, biases, 3);
  } else {
    multiply_matrices(c, a, b, begin, biases, 2);
  }
}

/* ---- Operators of PyTorch ------------------------------------------------------------------------ */

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

static matrix matrix_of(uint64_t argument) {
  tensor t = (tensor)argument;
  void *data = NULL;
  int64_t *sizes = NULL, *strides = NULL;
  aoti_torch_get_data_ptr(t, &data);
  aoti_torch_get_sizes(t, &sizes);
  aoti_torch_get_strides(t, &strides);
  return (matrix){data, sizes[0], sizes[1], strides[0], strides[1]};
}

static void release(uint64_t *arguments, int count) {
  for (int i = 0; i < count; i++) {
    aoti_torch_delete_tensor_object((tensor)arguments[i]);
  }
}

static void multiply(uint64_t *arguments, uint64_t count, uint64_t results) {
  matrix c = matrix_of(arguments[0]), a = matrix_of(arguments[1]), b = matrix_of(arguments[2]);
  product(&c, &a, &b, (arguments[3] & 1) != 0 ? ITSELF : ZERO, NULL, (int64_t)arguments[4]);
  release(arguments, 3);
}

static void linear(uint64_t *arguments, uint64_t count, uint64_t results) {
  matrix y = matrix_of(arguments[0]), x = matrix_of(arguments[1]), w = matrix_of(arguments[2]);
  matrix wt = {w.data, w.columns, w.rows, w.column_stride, w.row_stride};
  void *biases = NULL;
  aoti_torch_get_data_ptr((tensor)arguments[3], &biases);
  product(&y, &x, &wt, BIASES, biases, (int64_t)arguments[4]);
  release(arguments, 4);
}

static bool define_operators(void) {
  library definitions, kernels;
  return aoti_torch_library_init_def("tralign", "products.c", __LINE__, &definitions) == 0 &&
         aoti_torch_library_def(
             definitions, "multiply(Tensor(a!) c, Tensor a, Tensor b, bool add, int parts) -> ()") == 0 &&
         aoti_torch_library_def(
             definitions, "linear(Tensor(a!) y, Tensor x, Tensor w, Tensor b, int parts) -> ()") == 0 &&
         aoti_torch_library_init_impl("tralign", "CPU", "products.c", __LINE__, &kernels) == 0 &&
         aoti_torch_library_impl(kernels, "multiply", multiply) == 0 &&
         aoti_torch_library_impl(kernels, "linear", linear) == 0;
}

/* Linux gives AMX's registers to a process that asks for them. */
static bool may_use_tiles(void) {
  enum { ARCH_REQ_XCOMP_PERM = 0x1023, XFEATURE_XTILEDATA = 18 };
  return syscall(SYS_arch_prctl, ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA) == 0;
}

/* By this a test sees that the library was built from the source beside it. */
__attribute__((used)) static const char source[] = "products.c sha256 " SOURCE_SHA256;

/* Called by System.load; anything but a version of JNI is a failure to load. */
__attribute__((visibility("default"))) int JNI_OnLoad(void *vm, void *reserved) {
  const int jni_1_8 = 0x00010008, failure = -1;
  return may_use_tiles() && define_operators() ? jni_1_8 : failure;
}
