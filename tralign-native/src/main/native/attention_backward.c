/* The gradients of attention, from probabilities that are computed again. See attention.h. */
#include "attention.h"

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

/* What all threads share. */
typedef struct {
  const heads *dq, *dk, *dv, *dy, *q, *k, *v, *o;
  const float *sums;
  const run **groups; /* first run of each, and the end */
  int64_t number, query_panels, size, taken;
  char *memory;
} gradients;

static void attend_groups_backward(void *shared) {
  gradients *x = shared;
  const int64_t all = x->number * x->k->heads;
  use_tiles();
  backward at = backward_at(x->memory + omp_get_thread_num() * x->size, x->query_panels, panels(x->q->size));
  for (int64_t i; (i = next(&x->taken, all)) < all;) {
    const run **group = x->groups + i / x->k->heads;
    attend_group_backward(
        x->dq, x->dk, x->dv, x->dy, x->q, x->k, x->v, x->o, x->sums, group[0], group[1], i % x->k->heads, at);
  }
  _tile_release();
}

void attend_backward(
    const heads *dq, const heads *dk, const heads *dv, const heads *dy, const heads *q, const heads *k,
    const heads *v, const heads *o, const float *sums, const int64_t *rows, int64_t count) {
  const run *runs = (const run *)rows, *end = runs + count;
  gradients x = {.dq = dq, .dk = dk, .dv = dv, .dy = dy, .q = q, .k = k, .v = v, .o = o, .sums = sums};
  x.groups = scratch((count + 1) * sizeof(run *));
  for (const run *r = runs; r < end; r++) {
    if (causal(r)) {
      bool joins = false; /* whether its queries see keys of the group so far */
      for (const run *other = r + 1; other < end && same_queries(r, other); other++) {
        joins |= x.number > 0 && other->k >= x.groups[x.number - 1]->k;
      }
      if (!joins) {
        x.groups[x.number++] = r;
      }
    }
    x.query_panels = panels(r->m) > x.query_panels ? panels(r->m) : x.query_panels;
  }
  x.groups[x.number] = end;
  const int threads = pytorch_threads();
  x.size = whole_pages(backward_size(x.query_panels, panels(q->size)));
  x.memory = scratch(threads * x.size);
  on_threads(threads, attend_groups_backward, &x);
  free(x.memory);
  free(x.groups);
}
