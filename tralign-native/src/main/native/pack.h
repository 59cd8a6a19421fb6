/*
 * Panels of fp32 numbers packed as bf16 ones, for products of tiles.
 *
 * Each factor x is taken as a sum x0 + x1 (+ x2) of bf16 numbers, each the rounding of what those
 * before it leave. Two parts hold 16 bits of a number's 24, three hold all. Of the products of parts
 * those of at least the size of the last part are computed, 3 of 4 or 6 of 9, and added up in fp32. In
 * the words of torch.set_float32_matmul_precision two parts are "high"; three are as exact as fp32 (Henry,
 * Tang, Heinecke: Leveraging the bfloat16 Artificial Intelligence Datatype For Higher-Precision
 * Computations, arXiv 1904.06376). What is not finite becomes NaN, what is below 1e-38 counts as 0.
 */
#pragma once
#include "threads.h"
#include <immintrin.h>
#include <stddef.h>
#include <string.h>

typedef uint16_t bf16;

enum {
  TILE = 16,        /* rows of a tile */
  DEPTH = 32,       /* numbers of k that a tile holds */
  TILE_SIZE = 512,  /* numbers of a tile */
  PANEL = 2 * TILE, /* rows of a, or columns of b, that are packed together */
  MOST_PARTS = 3
};

/* Loops over tiles are worth unrolling for each number of parts by itself. */
#define INLINE static inline __attribute__((always_inline))

static inline int64_t panels(int64_t rows) { return (rows + PANEL - 1) / PANEL; }

/* bf16 numbers of a packed panel with so many tiles of k: for each of these, each part's two tiles. */
static inline int64_t panel_size(int64_t tiles, int parts) { return tiles * parts * 2 * TILE_SIZE; }

/* 32 numbers as parts of 32 bf16 numbers, first those of low, then those of high. */
INLINE void split(__m512 low, __m512 high, int parts, __m512i *part) {
  for (int p = 0; p < parts; p++) {
    part[p] = (__m512i)_mm512_cvtne2ps_pbh(high, low);
    __m512i low_bits = _mm512_cvtepu16_epi32(_mm512_castsi512_si256(part[p]));
    __m512i high_bits = _mm512_cvtepu16_epi32(_mm512_extracti64x4_epi64(part[p], 1));
    low = _mm512_sub_ps(low, _mm512_castsi512_ps(_mm512_slli_epi32(low_bits, 16)));
    high = _mm512_sub_ps(high, _mm512_castsi512_ps(_mm512_slli_epi32(high_bits, 16)));
  }
}

/* Transposes 16 by 16 pairs. */
INLINE void transpose(__m512i *r) {
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

/* A mask of the first n of 16 numbers: none below 0, all above 16. */
static inline __mmask16 first(int64_t n) { return _bzhi_u32(0xffff, n < 0 ? 0 : min(n, 16)); }

/*
 * Packs a tile: of x, given with k along its columns, rows from r on and columns from k on. The
 * processor takes tiles of a with 32 numbers of k in a row, tiles of b with 16 pairs in one, of two
 * consecutive k each. Which way x lies in memory decides how it is read, and whether that has to be
 * transposed.
 */
INLINE void pack_tile(const matrix *x, int64_t r, int64_t k, bool of_a, int parts, bf16 *to) {
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
  if (column_stride == 1) {
    for (int i = 0; i < 16; i++) {
      bool there = i < rows;
      const float *row = from + (there ? i * row_stride : 0);
      __m512 low = _mm512_maskz_loadu_ps(there ? first(depth) : 0, row);
      __m512 high = _mm512_maskz_loadu_ps(there ? first(depth - 16) : 0, row + 16);
      split(low, high, parts, part);
      for (int p = 0; p < parts; p++) {
        tile[p][i] = part[p];
      }
    }
  } else {
    for (int i = 0; i < 16; i++) {
      __m512 even = _mm512_maskz_loadu_ps(2 * i < depth ? first(rows) : 0, from + 2 * i * column_stride);
      __m512 odd =
          _mm512_maskz_loadu_ps(2 * i + 1 < depth ? first(rows) : 0, from + (2 * i + 1) * column_stride);
      split(even, odd, parts, part);
      for (int p = 0; p < parts; p++) {
        tile[p][i] = _mm512_permutexvar_epi16(paired, part[p]);
      }
    }
  }
  for (int p = 0; p < parts; p++) {
    if ((column_stride == 1) != of_a) {
      transpose(tile[p]);
    }
    for (int i = 0; i < 16; i++) {
      _mm512_store_si512((void *)(to + p * 2 * TILE_SIZE + i * DEPTH), tile[p][i]);
    }
  }
}

/* Packs a panel of the block of x that begins at row r, tiles of k from k on. */
static void pack(
    const matrix *x, int64_t r, int64_t panel, int64_t k, int tiles, bool of_a, int parts, bf16 *to) {
  r += panel * PANEL;
  to += panel * panel_size(tiles, parts);
  for (int64_t i = 0; i < tiles; i++, k += DEPTH, to += panel_size(1, parts)) {
    for (int half = 0; half < 2; half++) {
      int64_t row = r + half * TILE;
      bf16 *tile = to + half * TILE_SIZE;
      if (parts == 3 && of_a) {
        pack_tile(x, row, k, true, 3, tile);
      } else if (parts == 3) {
        pack_tile(x, row, k, false, 3, tile);
      } else if (of_a) {
        pack_tile(x, row, k, true, 2, tile);
      } else {
        pack_tile(x, row, k, false, 2, tile);
      }
    }
  }
}
