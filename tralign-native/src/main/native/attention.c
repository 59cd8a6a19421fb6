/* Attention: the softmax of each query block, brought up to date key block by key block. See attention.h. */
#include "attention.h"

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

/* What all threads share. */
typedef struct {
  const heads *o, *q, *k, *v;
  float *sums;
  const run **pieces; /* first run of each's queries, and the end */
  int64_t number, key_panels, size, taken;
  char *memory;
} attention;

static void attend_pieces(void *shared) {
  attention *x = shared;
  const int64_t all = x->number * x->k->heads;
  use_tiles();
  forward at = forward_at(x->memory + omp_get_thread_num() * x->size, x->key_panels, panels(x->q->size));
  for (int64_t i; (i = next(&x->taken, all)) < all;) {
    const run **piece = x->pieces + i / x->k->heads;
    attend_queries(x->o, x->sums, x->q, x->k, x->v, piece[0], piece[1] - piece[0], i % x->k->heads, at);
  }
  _tile_release();
}

void attend(
    const heads *o, float *sums, const heads *q, const heads *k, const heads *v, const int64_t *rows, int64_t count) {
  const run *runs = (const run *)rows, *end = runs + count;
  attention x = {.o = o, .q = q, .k = k, .v = v, .sums = sums, .pieces = scratch((count + 1) * sizeof(run *))};
  int64_t mine = 0;
  for (const run *r = runs; r < end; r++) {
    if (r == runs || !same_queries(r, r - 1)) {
      x.pieces[x.number++] = r;
      mine = 0;
    }
    mine += panels(r->n);
    x.key_panels = mine > x.key_panels ? mine : x.key_panels;
  }
  x.pieces[x.number] = end;
  const int threads = pytorch_threads();
  x.size = whole_pages(forward_size(x.key_panels, panels(q->size)));
  x.memory = scratch(threads * x.size);
  on_threads(threads, attend_pieces, &x);
  free(x.memory);
  free(x.pieces);
}
