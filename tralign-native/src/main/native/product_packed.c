/*
 * y = x wᵀ with a matrix that is packed once and used often, in fp32. Each number of y is one sum, along
 * the depth from the first to the last by fused multiply-adds: a row of y has the same bits whatever other
 * rows there are, however many threads, and whatever the processor.
 *
 * Packed, the matrix is panels of 32 of its rows, [panels, depth, 32], and one of those that are left, in
 * fp32, or in bf16 where no bit is lost by it: with few rows of x memory is what it waits for.
 *
 * Compiled twice, for processors with AVX-512 and for others. A tile is what a core's registers sum at a
 * time: some rows of x and numbers of a panel.
 */
#include "kernels.h"
#include "threads.h"
#include <string.h>

#ifdef FOR_AVX512
#define VARIANT(name) name##_avx512
enum { LANES = 16, VECTORS = 2, ROWS = 12 };
#else
#define VARIANT(name) name##_avx2
enum { LANES = 8, VECTORS = 2, ROWS = 6 };
#endif

enum { WIDTH = LANES * VECTORS, BLOCK = 20 * ROWS }; /* rows of x that are packed at a time */

typedef float lanes __attribute__((ext_vector_type(LANES)));
typedef lanes lanes_in_memory __attribute__((aligned(sizeof(float))));
typedef uint16_t halves __attribute__((ext_vector_type(LANES), aligned(sizeof(uint16_t))));
typedef uint32_t words __attribute__((ext_vector_type(LANES)));

static inline lanes load(const void *panel, int64_t index, bool narrow) {
  if (narrow) {
    const halves upper = *(const halves *)((const uint16_t *)panel + index);
    return (lanes)(__builtin_convertvector(upper, words) << 16);
  }
  return *(const lanes_in_memory *)((const float *)panel + index);
}

static inline float number(const void *panel, int64_t index, bool narrow) {
  if (!narrow) {
    return ((const float *)panel)[index];
  }
  const uint32_t bits = (uint32_t)((const uint16_t *)panel)[index] << 16;
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/* y of so many packed rows of x, [depth, rows], and of WIDTH columns of a panel. */
static inline __attribute__((always_inline)) void tile(
    int rows, bool narrow, const float *x, const void *panel, int64_t column, int64_t depth, float *y,
    int64_t y_stride) {
  lanes sums[ROWS][VECTORS] = {0};
  for (int64_t i = 0; i < depth; i++) {
    lanes w[VECTORS];
    for (int j = 0; j < VECTORS; j++) {
      w[j] = load(panel, i * PACKED + column + j * LANES, narrow);
    }
#pragma clang loop unroll(full) /* so that sums are registers */
    for (int row = 0; row < rows; row++) {
      const lanes factor = x[i * rows + row];
      for (int j = 0; j < VECTORS; j++) {
        sums[row][j] = __builtin_elementwise_fma(factor, w[j], sums[row][j]);
      }
    }
  }
#pragma clang loop unroll(full)
  for (int row = 0; row < rows; row++) {
    memcpy(y + row * y_stride, sums[row], sizeof sums[row]);
  }
}

static void tile_of(
    int rows, bool narrow, const float *x, const void *panel, int64_t column, int64_t depth, float *y,
    int64_t y_stride) {
#define TILE(n)                                                                                  \
  case n:                                                                                        \
    return narrow ? tile(n, true, x, panel, column, depth, y, y_stride)                          \
                  : tile(n, false, x, panel, column, depth, y, y_stride);
  switch (rows) {
    TILE(1) TILE(2) TILE(3) TILE(4) TILE(5) TILE(6)
#ifdef FOR_AVX512
    TILE(7) TILE(8) TILE(9) TILE(10) TILE(11) TILE(12)
#endif
  }
}

/* The same of the last panel, which has fewer columns. */
static void narrow_tile(
    int64_t rows, bool narrow, const float *x, const void *panel, int64_t columns, int64_t depth, float *y,
    int64_t y_stride) {
  for (int64_t row = 0; row < rows; row++) {
    for (int64_t column = 0; column < columns; column++) {
      float sum = 0;
      for (int64_t i = 0; i < depth; i++) {
        sum = __builtin_fmaf(x[i * rows + row], number(panel, i * columns + column, narrow), sum);
      }
      y[row * y_stride + column] = sum;
    }
  }
}

/* What all threads share. */
typedef struct {
  const matrix *y, *x;
  const void *packed;
  bool narrow;
  int64_t first, rows, panels, taken; /* rows of x from the first on */
  float *x_packed;
} work;

/* x, [rows, depth], as [depth, rows] for each tile. */
static void pack_tile(const work *w, int64_t row, int64_t rows) {
  const int64_t depth = w->x->columns;
  float *to = w->x_packed + row * depth;
  const float *from = w->x->data + (w->first + row) * w->x->row_stride;
  for (int64_t i = 0; i < depth; i++) {
    for (int64_t r = 0; r < rows; r++) {
      to[i * rows + r] = from[r * w->x->row_stride + i * w->x->column_stride];
    }
  }
}

static void multiply_panels(void *shared) {
  work *w = shared;
  const int64_t depth = w->x->columns, size = PACKED * depth * (w->narrow ? 2 : 4);
  const int threads = omp_get_num_threads();
  for (int64_t row = omp_get_thread_num() * ROWS; row < w->rows; row += threads * ROWS) {
    pack_tile(w, row, min(ROWS, w->rows - row));
  }
  GOMP_barrier();
  for (int64_t panel; (panel = next(&w->taken, w->panels)) < w->panels;) {
    const int64_t at = panel * PACKED, columns = min(PACKED, w->y->columns - at);
    const void *numbers = (const char *)w->packed + panel * size;
    for (int64_t column = 0; column < columns; column += columns < PACKED ? PACKED : WIDTH) {
      for (int64_t row = 0; row < w->rows; row += ROWS) {
        const int64_t rows = min(ROWS, w->rows - row);
        float *y = w->y->data + (w->first + row) * w->y->row_stride + at + column;
        if (columns < PACKED) {
          narrow_tile(rows, w->narrow, w->x_packed + row * depth, numbers, columns, depth, y, w->y->row_stride);
        } else {
          tile_of((int)rows, w->narrow, w->x_packed + row * depth, numbers, column, depth, y, w->y->row_stride);
        }
      }
    }
  }
}

void VARIANT(multiply_packed)(const matrix *y, const matrix *x, const void *packed, bool narrow) {
  const int threads = pytorch_threads();
  float *x_packed = scratch((x->rows < BLOCK ? x->rows : BLOCK) * x->columns * sizeof(float));
  for (int64_t first = 0; first < x->rows; first += BLOCK) {
    work w = {y, x, packed, narrow, first, min(BLOCK, x->rows - first), (y->columns + PACKED - 1) / PACKED, 0, x_packed};
    on_threads(threads, multiply_panels, &w);
  }
  free(x_packed);
}
