/*
 * Attention over packed tokens with exact lengths, without masks in memory: 32 queries meet 32 keys at a
 * time (Dao, FlashAttention-2, arXiv 2307.08691). Scores take all bits of their factors, since they are
 * raised to the exponent, all other products 16.
 *
 * On the way there a piece of work is the queries of one run with one key head, on the way back all runs
 * that share keys with one key head, so that no two threads add to the same gradient.
 */
#pragma once
#include "tiles.h"
#include <math.h>

enum { SCORE = 3, OTHER = 2, BLOCK = PANEL * PANEL };

typedef struct {
  int64_t q, m, k, n;
} run;

static inline bool causal(const run *r) { return r->q == r->k; }

static inline bool same_queries(const run *a, const run *b) { return a->q == b->q; }

/* n tokens of a head, [n, D]. */
static inline matrix tokens_of(const heads *x, int64_t head, int64_t token, int64_t n) {
  return (matrix){x->data + token * x->token_stride + head * x->head_stride, n, x->size, x->token_stride, 1};
}

static inline matrix transposed(const matrix *x) {
  return (matrix){x->data, x->columns, x->rows, x->column_stride, x->row_stride};
}

/* 32 tokens from one on, for products along D. */
static inline void pack_tokens(const matrix *x, int64_t token, bool of_a, int parts, bf16 *to) {
  pack(x, token, 0, 0, panels(x->columns), of_a, parts, to);
}

/* 32 tokens from one on as a factor b of a product along tokens: a panel for each 32 of D. */
static inline void pack_across(const matrix *x, int64_t token, bf16 *to) {
  const matrix xt = transposed(x);
  for (int64_t d = 0; d < panels(xt.rows); d++) {
    pack(&xt, 0, d, token, 1, false, OTHER, to);
  }
}

/* c += a b along 32 tokens, for each 32 of D. */
static inline void add_across(const bf16 *a, const bf16 *b, int64_t width, float *c) {
  for (int64_t d = 0; d < width; d++) {
    float *at = c + d * PANEL;
    multiply_panels(a, b + d * panel_size(1, OTHER), 1, OTHER, at, width * PANEL, at, width * PANEL);
  }
}

/* e^x to 1e-7 of it, and 0 below -104; x must not be above 88. What is not a number stays so. */
static inline __m512 exponential(__m512 x) {
  x = _mm512_max_ps(_mm512_set1_ps(-150.f), x);
  __m512 n = _mm512_roundscale_ps(_mm512_mul_ps(x, _mm512_set1_ps(1.44269504f)), 0);
  __m512 f = _mm512_fnmadd_ps(n, _mm512_set1_ps(0.693359375f), x); /* x − n log 2, in two steps */
  f = _mm512_fnmadd_ps(n, _mm512_set1_ps(-2.12194440e-4f), f);
  __m512 p = _mm512_set1_ps(1.f / 5040);
  const float coefficients[] = {1.f / 720, 1.f / 120, 1.f / 24, 1.f / 6, 0.5f, 1, 1};
  for (int i = 0; i < 7; i++) {
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(coefficients[i]));
  }
  return _mm512_scalef_ps(p, n);
}

/* Of 32 keys from one on: how many the query sees. */
static inline int64_t seen(const run *r, int64_t query, int64_t key) {
  return min(r->n - key, causal(r) ? query - key + 1 : PANEL);
}
