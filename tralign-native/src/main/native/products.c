/*
 * Products of matrices. Both factors are packed into tiles, a slice of k at a time, so that the products
 * find them in the second-level cache. A number of the result is always added up in the same order,
 * however many threads there are.
 */
#include "tiles.h"
#include <pthread.h>

enum {
  SLICE = 24,    /* most tiles of k that are packed at a time */
  CHUNK = 8,     /* panels of a that stay in the second-level cache */
  A_PANELS = 64, /* panels that there is room for */
  B_PANELS = 128
};

static bf16 packed_a[A_PANELS * SLICE * MOST_PARTS * 2 * TILE_SIZE] __attribute__((aligned(4096)));
static bf16 packed_b[B_PANELS * SLICE * MOST_PARTS * 2 * TILE_SIZE] __attribute__((aligned(4096)));
static pthread_mutex_t packing = PTHREAD_MUTEX_INITIALIZER; /* one product at a time */

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

typedef struct {
  const matrix *c, *a, *b; /* b transposed */
  enum begin begin;
  const float *biases;
  int parts;
  int64_t packed, multiplied; /* pieces that are taken; one is set back while all take of the other */
} work;

static void work_on(void *shared) {
  work *w = shared;
  const matrix *c = w->c, *a = w->a, *b = w->b;
  const int parts = w->parts;
  const int64_t depth = a->columns == 0 ? 1 : (a->columns + DEPTH - 1) / DEPTH; /* a tile of 0 where there is none */
  const int64_t slices = (depth + SLICE - 1) / SLICE;
  const int64_t slice = (depth + slices - 1) / slices;
  const int64_t threads = omp_get_num_threads();
  use_tiles();
  for (int64_t column = 0; column < c->columns; column += B_PANELS * PANEL) {
    const int64_t b_panels = panels(min(B_PANELS * PANEL, c->columns - column));
    for (int64_t k = 0; k < depth; k += slice) {
      const int tiles = min(slice, depth - k);
      for (int64_t row = 0; row < c->rows; row += A_PANELS * PANEL) {
        const int64_t a_panels = panels(min(A_PANELS * PANEL, c->rows - row));
        const int64_t to_pack = a_panels + (row == 0 ? b_panels : 0);
        for (int64_t i; (i = next(&w->packed, to_pack)) < to_pack;) {
          if (i < a_panels) {
            pack(a, row, i, k * DEPTH, tiles, true, parts, packed_a);
          } else {
            pack(b, column, i - a_panels, k * DEPTH, tiles, false, parts, packed_b);
          }
        }
        GOMP_barrier();
        if (omp_get_thread_num() == 0) {
          w->packed = 0;
        }
        /* A piece is a chunk of a's panels with a panel of b. */
        const int64_t to_multiply = (a_panels + CHUNK - 1) / CHUNK * b_panels;
        for (int64_t piece; (piece = next(&w->multiplied, to_multiply)) < to_multiply;) {
          const int64_t start = piece / b_panels * CHUNK, end = min(start + CHUNK, a_panels);
          const int64_t j = piece % b_panels;
          const bf16 *b_panel = packed_b + j * panel_size(tiles, parts);
          const int64_t ahead = j + threads < b_panels ? panel_size(tiles, parts) / (end - start) : 0;
          for (int64_t i = start; i < end; i++) {
            const bf16 *later = b_panel + threads * panel_size(tiles, parts) + (i - start) * ahead;
            for (int64_t at = 0; at < ahead; at += 32) {
              _mm_prefetch((const char *)(later + at), _MM_HINT_T1);
            }
            multiply_at(
                c, row + i * PANEL, column + j * PANEL, packed_a + i * panel_size(tiles, parts), b_panel, tiles, parts,
                k == 0 ? w->begin : ITSELF, w->biases);
          }
        }
        GOMP_barrier();
        if (omp_get_thread_num() == 0) {
          w->multiplied = 0;
        }
      }
    }
  }
  _tile_release();
}

void product(const matrix *c, const matrix *a, const matrix *b, enum begin begin, const float *biases, int parts) {
  const matrix bt = {b->data, b->columns, b->rows, b->column_stride, b->row_stride};
  work w = {.c = c, .a = a, .b = &bt, .begin = begin, .biases = biases, .parts = parts};
  pthread_mutex_lock(&packing);
  on_threads(pytorch_threads(), work_on, &w);
  pthread_mutex_unlock(&packing);
}
