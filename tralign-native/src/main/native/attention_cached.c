/*
 * Attention of single new tokens to the keys and values of a cache, each token with its own. In fp32, with
 * the instructions that any x86-64 processor since 2015 has: memory is what it waits for. A piece of work is
 * a token with one key head, so that no result depends on the other tokens.
 */
#include "kernels.h"
#include "threads.h"
#include <math.h>

enum { LANES = 8, KEYS = 32, VECTORS = 4 }; /* KEYS whose keys, or values, fit in the nearest cache */

typedef float lanes __attribute__((vector_size(LANES * sizeof(float)), aligned(sizeof(float))));
typedef int32_t integers __attribute__((vector_size(LANES * sizeof(int32_t))));

/* What all threads share. A token's row is {token, 1, 0, start, n, start, n, …}: its runs of keys. */
typedef struct {
  const heads *o, *q, *keys, *values;
  const int64_t *rows;
  int64_t count, width, longest, taken;
  float scale, cap, *memory;
} work;

static lanes at(const float *x) { return *(const lanes *)x; }

static float sum_of(lanes x) {
  return ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]));
}

static float dot(const float *a, const float *b, int64_t n) {
  lanes sums = {0};
  int64_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    sums += at(a + i) * at(b + i);
  }
  float sum = sum_of(sums);
  for (; i < n; i++) {
    sum += a[i] * b[i];
  }
  return sum;
}

/* e^x to 1e-7 of it, and 0 below -87; x must not be above 0. What is not a number stays so. */
static lanes exponential(lanes x) {
  const lanes rounder = (lanes){0} + 0x1.8p23f; /* a number so large that it has no fractions */
  lanes n = (x * 1.44269504f + rounder) - rounder;
  lanes f = x - n * 0.693359375f; /* x − n log 2, in two steps */
  f -= n * -2.12194440e-4f;
  lanes p = (lanes){0} + 1.f / 5040;
  const float coefficients[] = {1.f / 720, 1.f / 120, 1.f / 24, 1.f / 6, 0.5f, 1, 1};
  for (int i = 0; i < 7; i++) {
    p = p * f + coefficients[i];
  }
  integers exponent = (integers)(n + (rounder + 127)); /* its last bits are n + 127 */
  const integers tiny = x < -87;
  return (lanes)((integers)(p * (lanes)(exponent << 23)) & ~tiny);
}

/* The scores of one query with n keys. */
static void score(const float *q, const heads *keys, const float *k, int64_t n, float scale, float *scores) {
  for (int64_t i = 0; i < n; i++) {
    scores[i] = scale * dot(q, k + i * keys->token_stride, keys->size);
  }
}

/* o += p v for n values. */
static void add_values(float *o, const float *p, const heads *values, const float *v, int64_t n) {
  int64_t d = 0;
  for (; d + VECTORS * LANES <= values->size; d += VECTORS * LANES) {
    lanes sums[VECTORS];
    for (int j = 0; j < VECTORS; j++) {
      sums[j] = at(o + d + j * LANES);
    }
    for (int64_t i = 0; i < n; i++) {
      const float *row = v + i * values->token_stride + d;
      for (int j = 0; j < VECTORS; j++) {
        sums[j] += p[i] * at(row + j * LANES);
      }
    }
    for (int j = 0; j < VECTORS; j++) {
      *(lanes *)(o + d + j * LANES) = sums[j];
    }
  }
  for (; d < values->size; d++) {
    for (int64_t i = 0; i < n; i++) {
      o[d] += p[i] * v[i * values->token_stride + d];
    }
  }
}

/* Scores to probabilities, up to the factor that it gives. There is room for whole lanes. */
static float softmax(float *scores, int64_t n, float cap) {
  float largest = -INFINITY;
  for (int64_t i = 0; i < n; i++) {
    if (cap > 0) {
      scores[i] = cap * tanhf(scores[i] / cap);
    }
    largest = scores[i] > largest ? scores[i] : largest;
  }
  for (int64_t i = n; i % LANES != 0; i++) {
    scores[i] = -INFINITY;
  }
  lanes sums = {0};
  for (int64_t i = 0; i < n; i += LANES) {
    lanes p = exponential(at(scores + i) - largest);
    *(lanes *)(scores + i) = p;
    sums += p;
  }
  return 1 / sum_of(sums);
}

/* The queries of one token that have the same key head. */
static void attend_token(const work *w, const int64_t *row, int64_t key_head, float *scores) {
  const int64_t shared = w->q->heads / w->keys->heads, size = w->q->size;
  const float *q = w->q->data + row[0] * w->q->token_stride + key_head * shared * w->q->head_stride;
  float *o = w->o->data + row[0] * w->o->token_stride + key_head * shared * w->o->head_stride;
  const float *k = w->keys->data + key_head * w->keys->head_stride;
  const float *v = w->values->data + key_head * w->values->head_stride;
  int64_t done = 0;
  for (const int64_t *run = row + 3; run < row + w->width; run += 2) {
    for (int64_t i = 0; i < run[1]; i += KEYS) {
      const int64_t n = min(KEYS, run[1] - i);
      for (int64_t head = 0; head < shared; head++) {
        score(q + head * w->q->head_stride, w->keys, k + (run[0] + i) * w->keys->token_stride, n, w->scale,
              scores + head * w->longest + done);
      }
      done += n;
    }
  }
  float factors[shared];
  for (int64_t head = 0; head < shared; head++) {
    factors[head] = softmax(scores + head * w->longest, done, w->cap);
    for (int64_t d = 0; d < size; d++) {
      o[head * w->o->head_stride + d] = 0;
    }
  }
  done = 0;
  for (const int64_t *run = row + 3; run < row + w->width; run += 2) {
    for (int64_t i = 0; i < run[1]; i += KEYS) {
      const int64_t n = min(KEYS, run[1] - i);
      for (int64_t head = 0; head < shared; head++) {
        add_values(o + head * w->o->head_stride, scores + head * w->longest + done, w->values,
                   v + (run[0] + i) * w->values->token_stride, n);
      }
      done += n;
    }
  }
  for (int64_t head = 0; head < shared; head++) {
    for (int64_t d = 0; d < size; d++) {
      o[head * w->o->head_stride + d] *= factors[head];
    }
  }
}

static void attend_tokens(void *shared) {
  work *w = shared;
  const int64_t key_heads = w->keys->heads, all = w->count * key_heads;
  float *scores = w->memory + omp_get_thread_num() * (w->q->heads / key_heads * w->longest);
  for (int64_t i; (i = next(&w->taken, all)) < all;) {
    const int64_t *row = w->rows + i / key_heads * w->width;
    if (row[1] == 1) {
      attend_token(w, row, i % key_heads, scores);
    }
  }
}

void attend_cached(
    const heads *o, const heads *q, const heads *keys, const heads *values, const int64_t *rows, int64_t count,
    int64_t width, float scale, float cap) {
  work w = {o, q, keys, values, rows, count, width, .scale = scale, .cap = cap};
  for (const int64_t *row = rows; row < rows + count * width; row += width) {
    int64_t n = 0;
    for (int64_t part = 3; part < width; part += 2) {
      n += row[part + 1];
    }
    n = row[1] == 1 ? n + LANES : 0;
    w.longest = n > w.longest ? n : w.longest;
  }
  if (w.longest == 0) {
    return;
  }
  const int threads = pytorch_threads();
  w.memory = scratch(threads * (q->heads / keys->heads) * w.longest * sizeof(float));
  on_threads(threads, attend_tokens, &w);
  free(w.memory);
}
