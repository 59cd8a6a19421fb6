/*
 * Attention over packed tokens with exact lengths, without masks in memory: 32 queries meet 32 keys at a
 * time (Dao, FlashAttention-2, arXiv 2307.08691). Scores take all bits of their factors, since they are
 * raised to the exponent, all other products 16.
 *
 * On the way there a piece of work is the queries of one run with one key head, on the way back all runs
 * that share keys with one key head, so that no two threads add to the same gradient.
 */
#include "tiles.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

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

/* Bytes of whole pages, so that threads' places share none. */
static inline int64_t whole_pages(int64_t bytes) { return (bytes + 4095) / 4096 * 4096; }

static void *scratch(int64_t bytes) {
  void *memory = aligned_alloc(4096, whole_pages(bytes));
  if (memory == NULL) {
    fprintf(stderr, "tralign: no memory for attention's %lld bytes\n", (long long)bytes);
    abort();
  }
  return memory;
}

/* ---- There --------------------------------------------------------------------------------------- */

/* The place of one thread. */
typedef struct {
  bf16 *keys, *values, *queries, *probabilities;
  float *o;
} forward;

static int64_t forward_size(int64_t key_panels, int64_t width) {
  int64_t packed = key_panels * (panel_size(width, SCORE) + width * panel_size(1, OTHER)) +
                   panel_size(width, SCORE) + panel_size(1, OTHER);
  return packed * sizeof(bf16) + PANEL * width * PANEL * sizeof(float);
}

static forward forward_at(void *memory, int64_t key_panels, int64_t width) {
  forward at = {.keys = memory};
  at.values = at.keys + key_panels * panel_size(width, SCORE);
  at.queries = at.values + key_panels * width * panel_size(1, OTHER);
  at.probabilities = at.queries + panel_size(width, SCORE);
  at.o = (float *)(at.probabilities + panel_size(1, OTHER));
  return at;
}

/* The softmax of 32 queries so far: the largest score of each, and exp(score − largest) summed in 16 lanes. */
typedef struct {
  float largest[PANEL], sums[PANEL * TILE];
} softmax __attribute__((aligned(64)));

/* Scores to exp(score − largest), with what was there before brought down to the same. */
static inline void weigh(
    float *scores, const run *r, int64_t query, int64_t key, float scale, softmax *so_far, float *o, int64_t width) {
  float most[PANEL] __attribute__((aligned(64))), down[PANEL] __attribute__((aligned(64)));
  const __m512 none = _mm512_set1_ps(-INFINITY);
  for (int64_t i = 0; i < PANEL; i++) {
    float *row = scores + i * PANEL;
    int64_t count = seen(r, query + i, key);
    __m512 a = _mm512_mask_mul_ps(none, first(count), _mm512_load_ps(row), _mm512_set1_ps(scale));
    __m512 b = _mm512_mask_mul_ps(none, first(count - TILE), _mm512_load_ps(row + TILE), _mm512_set1_ps(scale));
    _mm512_store_ps(row, a);
    _mm512_store_ps(row + TILE, b);
    most[i] = _mm512_reduce_max_ps(_mm512_max_ps(a, b));
  }
  __mmask16 higher = 0;
  for (int64_t i = 0; i < PANEL; i += TILE) {
    __m512 old = _mm512_load_ps(so_far->largest + i);
    __m512 largest = _mm512_max_ps(old, _mm512_load_ps(most + i));
    higher |= _mm512_cmp_ps_mask(largest, old, _CMP_NEQ_UQ);
    _mm512_store_ps(so_far->largest + i, largest);
    /* A query that has seen no key yet has no largest score to take away. */
    largest = _mm512_mask_mov_ps(largest, _mm512_cmp_ps_mask(largest, none, _CMP_EQ_OQ), _mm512_setzero_ps());
    _mm512_store_ps(most + i, largest);
    _mm512_store_ps(down + i, exponential(_mm512_sub_ps(old, largest)));
  }
  for (int64_t i = 0; i < PANEL; i++) {
    float *row = scores + i * PANEL, *sum = so_far->sums + i * TILE;
    __m512 a = exponential(_mm512_sub_ps(_mm512_load_ps(row), _mm512_set1_ps(most[i])));
    __m512 b = exponential(_mm512_sub_ps(_mm512_load_ps(row + TILE), _mm512_set1_ps(most[i])));
    _mm512_store_ps(row, a);
    _mm512_store_ps(row + TILE, b);
    _mm512_store_ps(
        sum, _mm512_fmadd_ps(_mm512_load_ps(sum), _mm512_set1_ps(down[i]), _mm512_add_ps(a, b)));
  }
  if (higher != 0) {
    for (int64_t i = 0; i < PANEL; i++) {
      for (int64_t d = 0; d < width * PANEL; d += TILE) {
        float *at = o + i * width * PANEL + d;
        _mm512_store_ps(at, _mm512_mul_ps(_mm512_load_ps(at), _mm512_set1_ps(down[i])));
      }
    }
  }
}

/* The queries that all of runs have, with one key head. */
static void attend_queries(
    const heads *o, float *sums, const heads *q, const heads *k, const heads *v, const run *runs, int64_t count,
    int64_t key_head, forward at) {
  const int64_t width = panels(q->size), m = runs->m, shared = q->heads / k->heads;
  const float scale = 1 / sqrtf(q->size);
  float scores[BLOCK] __attribute__((aligned(64)));
  bf16 *keys = at.keys, *values = at.values;
  for (const run *r = runs; r < runs + count; r++) {
    const matrix ks = tokens_of(k, key_head, r->k, r->n), vs = tokens_of(v, key_head, r->k, r->n);
    for (int64_t key = 0; key < r->n; key += PANEL) {
      pack_tokens(&ks, key, false, SCORE, keys);
      pack_across(&vs, key, values);
      keys += panel_size(width, SCORE);
      values += width * panel_size(1, OTHER);
    }
  }
  for (int64_t head = key_head * shared; head < (key_head + 1) * shared; head++) {
    const matrix qs = tokens_of(q, head, runs->q, m), os = tokens_of(o, head, runs->q, m);
    for (int64_t query = 0; query < m; query += PANEL) {
      softmax so_far;
      for (int i = 0; i < PANEL; i++) {
        so_far.largest[i] = -INFINITY;
      }
      memset(so_far.sums, 0, sizeof so_far.sums);
      memset(at.o, 0, PANEL * width * PANEL * sizeof(float));
      pack_tokens(&qs, query, true, SCORE, at.queries);
      keys = at.keys;
      values = at.values;
      for (const run *r = runs; r < runs + count; r++) {
        for (int64_t key = 0; key < r->n; key += PANEL) {
          if (!causal(r) || key < query + PANEL) {
            multiply_panels(at.queries, keys, width, SCORE, NULL, 0, scores, PANEL);
            weigh(scores, r, query, key, scale, &so_far, at.o, width);
            const matrix p = {scores, PANEL, PANEL, PANEL, 1};
            pack(&p, 0, 0, 0, 1, true, OTHER, at.probabilities);
            add_across(at.probabilities, values, width, at.o);
          }
          keys += panel_size(width, SCORE);
          values += width * panel_size(1, OTHER);
        }
      }
      for (int64_t i = 0; i < min(PANEL, m - query); i++) {
        const float sum = _mm512_reduce_add_ps(_mm512_load_ps(so_far.sums + i * TILE));
        float *to = os.data + (query + i) * os.row_stride;
        for (int64_t d = 0; d < q->size; d += TILE) {
          __m512 x = _mm512_load_ps(at.o + i * width * PANEL + d);
          _mm512_mask_storeu_ps(to + d, first(q->size - d), _mm512_mul_ps(x, _mm512_set1_ps(1 / sum)));
        }
        sums[head * q->tokens + runs->q + query + i] = so_far.largest[i] + logf(sum);
      }
    }
  }
}

void attend(
    const heads *o, float *sums, const heads *q, const heads *k, const heads *v, const int64_t *rows, int64_t count) {
  const run *runs = (const run *)rows, *end = runs + count;
  const int64_t width = panels(q->size);
  const run **pieces = scratch((count + 1) * sizeof(run *)); /* first run of each's queries */
  int64_t number = 0, most = 0, mine = 0;
  for (const run *r = runs; r < end; r++) {
    if (r == runs || !same_queries(r, r - 1)) {
      pieces[number++] = r;
      mine = 0;
    }
    mine += panels(r->n);
    most = mine > most ? mine : most;
  }
  pieces[number] = end;
  const int64_t size = whole_pages(forward_size(most, width));
  const int64_t threads = pytorch_threads();
  char *memory = scratch(threads * size);
  int64_t taken = 0;
#pragma omp parallel num_threads(threads)
  {
    use_tiles();
    forward at = forward_at(memory + omp_get_thread_num() * size, most, width);
    for (int64_t i; (i = next(&taken, number * k->heads)) < number * k->heads;) {
      const run **piece = pieces + i / k->heads;
      attend_queries(o, sums, q, k, v, piece[0], piece[1] - piece[0], i % k->heads, at);
    }
    _tile_release();
  }
  free(memory);
  free(pieces);
}

/* ---- Back ---------------------------------------------------------------------------------------- */

/* The place of one thread: queries and gradients at the result in both forms, a panel of keys. */
typedef struct {
  bf16 *q, *q_across, *dy, *dy_across, *k, *k_across, *v, *block;
  float *dq, *dk, *dv, *sums, *along;
} backward;

static int64_t backward_size(int64_t query_panels, int64_t width) {
  int64_t packed = (query_panels + 1) * (panel_size(width, SCORE) + panel_size(width, OTHER)) +
                   (2 * query_panels + 1) * width * panel_size(1, OTHER) + panel_size(1, OTHER);
  int64_t numbers = (query_panels + 2) * PANEL * width * PANEL + 2 * query_panels * PANEL;
  return packed * sizeof(bf16) + numbers * sizeof(float);
}

static backward backward_at(void *memory, int64_t query_panels, int64_t width) {
  const int64_t score = panel_size(width, SCORE), other = panel_size(width, OTHER);
  const int64_t across = width * panel_size(1, OTHER), numbers = PANEL * width * PANEL;
  backward at = {.q = memory};
  at.dy = at.q + query_panels * score;
  at.q_across = at.dy + query_panels * other;
  at.dy_across = at.q_across + query_panels * across;
  at.k = at.dy_across + query_panels * across;
  at.v = at.k + score;
  at.k_across = at.v + other;
  at.block = at.k_across + across;
  at.dq = (float *)(at.block + panel_size(1, OTHER));
  at.dk = at.dq + query_panels * numbers;
  at.dv = at.dk + numbers;
  at.sums = at.dv + numbers;
  at.along = at.sums + query_panels * PANEL;
  return at;
}

/* What is needed of the m queries from one on: rows that are not there get probabilities of 0. */
static void prepare_queries(
    const heads *dy, const heads *q, const heads *o, const float *sums, const run *r, int64_t head, backward *at) {
  const int64_t width = panels(q->size), across = width * panel_size(1, OTHER);
  const matrix qs = tokens_of(q, head, r->q, r->m), dys = tokens_of(dy, head, r->q, r->m);
  const matrix os = tokens_of(o, head, r->q, r->m);
  for (int64_t i = 0; i < panels(r->m); i++) {
    pack_tokens(&qs, i * PANEL, true, SCORE, at->q + i * panel_size(width, SCORE));
    pack_tokens(&dys, i * PANEL, true, OTHER, at->dy + i * panel_size(width, OTHER));
    pack_across(&qs, i * PANEL, at->q_across + i * across);
    pack_across(&dys, i * PANEL, at->dy_across + i * across);
  }
  for (int64_t i = 0; i < panels(r->m) * PANEL; i++) {
    at->sums[i] = INFINITY;
    at->along[i] = 0;
    if (i < r->m) {
      at->sums[i] = sums[head * q->tokens + r->q + i];
      __m512 along = _mm512_setzero_ps();
      for (int64_t d = 0; d < q->size; d += TILE) {
        __mmask16 there = first(q->size - d);
        __m512 y = _mm512_maskz_loadu_ps(there, os.data + i * os.row_stride + d);
        along = _mm512_fmadd_ps(_mm512_maskz_loadu_ps(there, dys.data + i * dys.row_stride + d), y, along);
      }
      at->along[i] = _mm512_reduce_add_ps(along);
    }
  }
  memset(at->dq, 0, panels(r->m) * PANEL * width * PANEL * sizeof(float));
}

/* Scores to probabilities p, and gradients at these to gradients at scores, p (dp − Σ p dp) / √D. */
static inline void differentiate(
    float *scores, float *dp, const run *r, int64_t query, int64_t key, float scale, const float *sums,
    const float *along) {
  for (int64_t i = 0; i < PANEL; i++) {
    int64_t count = seen(r, query + i, key);
    for (int64_t j = 0; j < PANEL; j += TILE) {
      float *s = scores + i * PANEL + j, *g = dp + i * PANEL + j;
      __m512 x = _mm512_fmsub_ps(_mm512_load_ps(s), _mm512_set1_ps(scale), _mm512_set1_ps(sums[query + i]));
      __m512 p = _mm512_maskz_mov_ps(first(count - j), exponential(x));
      __m512 slope = _mm512_mul_ps(
          p, _mm512_mul_ps(_mm512_sub_ps(_mm512_load_ps(g), _mm512_set1_ps(along[query + i])), _mm512_set1_ps(scale)));
      _mm512_store_ps(s, p);
      _mm512_store_ps(g, slope);
    }
  }
}

/* Writes rows of D numbers, or adds them. */
static void put(const heads *to, int64_t head, int64_t token, int64_t rows, const float *from, bool add) {
  const matrix x = tokens_of(to, head, token, rows);
  const int64_t stride = panels(to->size) * PANEL;
  for (int64_t i = 0; i < rows; i++) {
    float *row = x.data + i * x.row_stride;
    for (int64_t d = 0; d < to->size; d += TILE) {
      __mmask16 there = first(to->size - d);
      __m512 y = _mm512_load_ps(from + i * stride + d);
      y = add ? _mm512_add_ps(y, _mm512_maskz_loadu_ps(there, row + d)) : y;
      _mm512_mask_storeu_ps(row + d, there, y);
    }
  }
}

/* All runs of a group, with one key head. */
static void attend_group_backward(
    const heads *dq, const heads *dk, const heads *dv, const heads *dy, const heads *q, const heads *k,
    const heads *v, const heads *o, const float *sums, const run *runs, const run *end, int64_t key_head,
    backward at) {
  const int64_t width = panels(q->size), shared = q->heads / k->heads;
  const int64_t across = width * panel_size(1, OTHER), numbers = PANEL * width * PANEL;
  const float scale = 1 / sqrtf(q->size);
  float scores[BLOCK] __attribute__((aligned(64))), dp[BLOCK] __attribute__((aligned(64)));
  const matrix ps_t = {scores, PANEL, PANEL, 1, PANEL}, slopes = {dp, PANEL, PANEL, PANEL, 1};
  const matrix slopes_t = transposed(&slopes);
  for (int64_t head = key_head * shared; head < (key_head + 1) * shared; head++) {
    for (const run *r = runs; r < end; r++) {
      if (r == runs || !same_queries(r, r - 1)) {
        prepare_queries(dy, q, o, sums, r, head, &at);
      }
      const matrix ks = tokens_of(k, key_head, r->k, r->n), vs = tokens_of(v, key_head, r->k, r->n);
      for (int64_t key = 0; key < r->n; key += PANEL) {
        pack_tokens(&ks, key, false, SCORE, at.k);
        pack_tokens(&vs, key, false, OTHER, at.v);
        pack_across(&ks, key, at.k_across);
        memset(at.dk, 0, 2 * numbers * sizeof(float)); /* and dv */
        for (int64_t i = causal(r) ? key / PANEL : 0; i < panels(r->m); i++) {
          multiply_panels(at.q + i * panel_size(width, SCORE), at.k, width, SCORE, NULL, 0, scores, PANEL);
          multiply_panels(at.dy + i * panel_size(width, OTHER), at.v, width, OTHER, NULL, 0, dp, PANEL);
          differentiate(scores, dp, r, i * PANEL, key, scale, at.sums, at.along);
          pack(&ps_t, 0, 0, 0, 1, true, OTHER, at.block);
          add_across(at.block, at.dy_across + i * across, width, at.dv);
          pack(&slopes_t, 0, 0, 0, 1, true, OTHER, at.block);
          add_across(at.block, at.q_across + i * across, width, at.dk);
          pack(&slopes, 0, 0, 0, 1, true, OTHER, at.block);
          add_across(at.block, at.k_across, width, at.dq + i * numbers);
        }
        const bool add = !causal(r) || head > key_head * shared; /* each token's own run comes first */
        put(dk, key_head, r->k + key, min(PANEL, r->n - key), at.dk, add);
        put(dv, key_head, r->k + key, min(PANEL, r->n - key), at.dv, add);
      }
      if (r + 1 == end || !same_queries(r, r + 1)) {
        put(dq, head, r->q, r->m, at.dq, false);
      }
    }
  }
}

void attend_backward(
    const heads *dq, const heads *dk, const heads *dv, const heads *dy, const heads *q, const heads *k,
    const heads *v, const heads *o, const float *sums, const int64_t *rows, int64_t count) {
  const run *runs = (const run *)rows, *end = runs + count;
  const int64_t width = panels(q->size);
  const run **groups = scratch((count + 1) * sizeof(run *));
  int64_t number = 0, most = 0;
  for (const run *r = runs; r < end; r++) {
    if (causal(r)) {
      bool joins = false; /* whether its queries see keys of the group so far */
      for (const run *other = r + 1; other < end && same_queries(r, other); other++) {
        joins |= number > 0 && other->k >= groups[number - 1]->k;
      }
      if (!joins) {
        groups[number++] = r;
      }
    }
    most = panels(r->m) > most ? panels(r->m) : most;
  }
  groups[number] = end;
  const int64_t size = whole_pages(backward_size(most, width));
  const int64_t threads = pytorch_threads();
  char *memory = scratch(threads * size);
  int64_t taken = 0;
#pragma omp parallel num_threads(threads)
  {
    use_tiles();
    backward at = backward_at(memory + omp_get_thread_num() * size, most, width);
    for (int64_t i; (i = next(&taken, number * k->heads)) < number * k->heads;) {
      const run **group = groups + i / k->heads;
      attend_group_backward(dq, dk, dv, dy, q, k, v, o, sums, group[0], group[1], i % k->heads, at);
    }
    _tile_release();
  }
  free(memory);
  free(groups);
}
