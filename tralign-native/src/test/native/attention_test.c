/* Attention and its gradients against sums in double precision. */
#include "check.h"
#include <math.h>
#include <string.h>

enum { MOST_RUNS = 64, MOST_TOKENS = 512 };

/* Groups of a prompt and completions, packed on one axis as a batch is: see PackedBatch of tralign-djl. */
typedef struct {
  int64_t runs[MOST_RUNS][4], count, tokens;
} batch;

static void add_run(batch *b, int64_t q, int64_t m, int64_t k, int64_t n) {
  memcpy(b->runs[b->count++], (int64_t[]){q, m, k, n}, sizeof b->runs[0]);
}

static void add_group(batch *b, int64_t prompt, const int64_t *completions, int64_t count) {
  const int64_t start = b->tokens;
  add_run(b, start, prompt + completions[0], start, prompt + completions[0]);
  b->tokens += prompt + completions[0];
  for (int64_t i = 1; i < count; i++) {
    add_run(b, b->tokens, completions[i], b->tokens, completions[i]);
    add_run(b, b->tokens, completions[i], start, prompt);
    b->tokens += completions[i];
  }
}

static bool sees(const batch *b, int64_t query, int64_t key) {
  for (int64_t i = 0; i < b->count; i++) {
    const int64_t *r = b->runs[i];
    if (query >= r[0] && query < r[0] + r[1] && key >= r[2] && key < r[2] + r[3] && (r[0] != r[2] || key <= query)) {
      return true;
    }
  }
  return false;
}

/* Heads with room for others between those of a token and of the next. */
static heads new_heads(int64_t tokens, int64_t count, int64_t size, int64_t more) {
  const int64_t stride = count * size + more;
  return (heads){fenced(tokens * stride) + more, tokens, count, size, stride, size};
}

static heads some_heads(int64_t tokens, int64_t count, int64_t size, int64_t more, float scale) {
  const heads x = new_heads(tokens, count, size, more);
  for (int64_t i = 0; i < tokens * count * size; i++) {
    x.data[i / (count * size) * x.token_stride + i % (count * size)] = scale * some_number();
  }
  return x;
}

static float *of(const heads *x, int64_t token, int64_t head) {
  return x->data + token * x->token_stride + head * x->head_stride;
}

/* All that attention takes and gives. */
typedef struct {
  heads q, k, v, o, dy, dq, dk, dv;
  float *sums;
} tensors;

static tensors some_tensors(const batch *b, int64_t query_heads, int64_t key_heads, int64_t size, float scale) {
  const int64_t t = b->tokens;
  return (tensors){
      some_heads(t, query_heads, size, 5, scale), some_heads(t, key_heads, size, 3, scale),
      some_heads(t, key_heads, size, 0, 1),       new_heads(t, query_heads, size, 0),
      some_heads(t, query_heads, size, 0, 1),     new_heads(t, query_heads, size, 0),
      new_heads(t, key_heads, size, 0),           new_heads(t, key_heads, size, 7),
      fenced(t * query_heads)};
}

static void compute(const tensors *x, const batch *b) {
  attend(&x->o, x->sums, &x->q, &x->k, &x->v, b->runs[0], b->count);
  attend_backward(&x->dq, &x->dk, &x->dv, &x->dy, &x->q, &x->k, &x->v, &x->o, x->sums, b->runs[0], b->count);
}

/* A sum, and that of its terms' sizes, which its error is a share of. */
typedef struct {
  double value, size;
} sum;

static void add(sum *to, double value, double size) {
  to->value += value;
  to->size += size;
}

static sum dot(const float *a, const float *b, int64_t n) {
  sum all = {0, 0};
  for (int64_t i = 0; i < n; i++) {
    add(&all, (double)a[i] * b[i], fabs((double)a[i] * b[i]));
  }
  return all;
}

static void add_row(sum *to, sum times, const float *row, int64_t n) {
  for (int64_t i = 0; i < n; i++) {
    add(to + i, times.value * row[i], times.size * fabsf(row[i]));
  }
}

static void check_all(const char *what, const heads *x, const sum *expected, double tolerance) {
  for (int64_t t = 0; t < x->tokens; t++) {
    for (int64_t h = 0; h < x->heads; h++) {
      for (int64_t d = 0; d < x->size; d++) {
        const sum e = expected[(t * x->heads + h) * x->size + d];
        CHECK(fabs(of(x, t, h)[d] - e.value) <= tolerance * e.size + 1e-35, "%s of token %lld, head %lld: %.9g = %.9g", what,
              (long long)t, (long long)h, of(x, t, h)[d], e.value);
      }
      digest(of(x, t, h), x->size);
    }
  }
}

/* Adds what a query with one key gives, of probability p, to the gradients. */
static void add_pair(
    const tensors *x, int64_t t, int64_t h, int64_t s, int64_t g, double p, sum along, sum *dq, sum *dk, sum *dv) {
  const int64_t size = x->q.size;
  const float *dy = of(&x->dy, t, h), *v = of(&x->v, s, g);
  sum slope = dot(dy, v, size);
  add(&slope, -along.value, along.size);
  slope = (sum){slope.value * p / sqrt(size), slope.size * p / sqrt(size)};
  add_row(dq, slope, of(&x->k, s, g), size);
  add_row(dk, slope, of(&x->q, t, h), size);
  add_row(dv, (sum){p, p}, dy, size);
}

static void check_tensors(const tensors *x, const batch *b) {
  const int64_t tokens = b->tokens, size = x->q.size, query_heads = x->q.heads, key_heads = x->k.heads;
  const int64_t queries = tokens * query_heads * size, keys = tokens * key_heads * size;
  sum *all = calloc(2 * queries + 2 * keys, sizeof *all);
  double largest_error = 0; /* of a score, which is as exact as an fp32 sum */
  sum *o = all, *dq = o + queries, *dk = dq + queries, *dv = dk + keys;
  for (int64_t h = 0; h < query_heads; h++) {
    const int64_t g = h / (query_heads / key_heads);
    for (int64_t t = 0; t < tokens; t++) {
      double p[MOST_TOKENS], largest = -INFINITY, weight = 0, error = 0;
      const int64_t query = (t * query_heads + h) * size;
      for (int64_t s = 0; s < tokens; s++) {
        const sum score = dot(of(&x->q, t, h), of(&x->k, s, g), size);
        p[s] = sees(b, t, s) ? score.value / sqrt(size) : -INFINITY;
        largest = fmax(largest, p[s]);
        error = fmax(error, (size + 8) * 0x1p-24 * score.size / sqrt(size));
      }
      for (int64_t s = 0; s < tokens; s++) {
        weight += p[s] = exp(p[s] - largest);
      }
      const double expected = largest + log(weight), actual = x->sums[h * tokens + t];
      CHECK(fabs(actual - expected) <= error + 1e-6 * (1 + fabs(expected)), "%.9g = %.9g", actual, expected);
      largest_error = fmax(largest_error, error);
      for (int64_t s = 0; s < tokens; s++) {
        p[s] /= weight;
        add_row(o + query, (sum){p[s], p[s]}, of(&x->v, s, g), size);
      }
      sum along = {0, 0};
      for (int64_t d = 0; d < size; d++) {
        const double dy = of(&x->dy, t, h)[d];
        add(&along, dy * o[query + d].value, fabs(dy) * o[query + d].size);
      }
      for (int64_t s = 0; s < tokens; s++) {
        const int64_t key = (s * key_heads + g) * size;
        add_pair(x, t, h, s, g, p[s], along, dq + query, dk + key, dv + key);
      }
    }
  }
  check_all("o", &x->o, o, 1e-4 + 2 * largest_error);
  check_all("dq", &x->dq, dq, 1e-4 + 2 * largest_error);
  check_all("dk", &x->dk, dk, 1e-4 + 2 * largest_error);
  check_all("dv", &x->dv, dv, 1e-4 + 2 * largest_error);
  digest(x->sums, tokens * query_heads);
  free(all);
}

static batch batch_of(const int64_t (*groups)[4], int64_t count) {
  batch b = {.count = 0};
  for (int64_t i = 0; i < count; i++) { /* prompt, completions until one of no length */
    int64_t completions = 0;
    while (completions < 3 && groups[i][1 + completions] > 0) {
      completions++;
    }
    add_group(&b, groups[i][0], groups[i] + 1, completions);
  }
  return b;
}

static void attention_is_right(
    const int64_t (*groups)[4], int64_t count, int64_t query_heads, int64_t key_heads, int64_t size, float scale) {
  const batch b = batch_of(groups, count);
  const tensors x = some_tensors(&b, query_heads, key_heads, size, scale);
  compute(&x, &b);
  check_tensors(&x, &b);
  free_all();
}

static void attention_of_each_length_is_right(void) {
  const int64_t lengths[] = {1, 2, 15, 16, 17, 31, 32, 33, 65};
  for (int i = 0; i < 9; i++) {
    for (int j = 0; j < 9; j++) {
      const int64_t groups[][4] = {{lengths[i], lengths[j], 3}, {lengths[j], lengths[8 - i], lengths[i], 1}, {1, 1}};
      attention_is_right(groups, 3, 1, 1, 16, 1);
    }
  }
}

static void heads_of_each_kind_are_right(void) {
  const int64_t groups[][4] = {{5, 40, 33, 7}, {37, 2}, {33, 31, 64}};
  const int64_t sizes[] = {1, 8, 16, 24, 32, 48, 64, 80};
  for (int i = 0; i < 8; i++) {
    attention_is_right(groups, 3, 2, 2, sizes[i], 1);
    attention_is_right(groups, 3, 4, 1 + i % 2, sizes[i], 1);
  }
}

/* Where one key takes all, and where scores are far beyond what e^x can be. */
static void large_and_small_scores_are_right(void) {
  const int64_t groups[][4] = {{20, 50, 30}, {3, 3, 3, 3}};
  attention_is_right(groups, 2, 2, 1, 32, 0.01f);
  attention_is_right(groups, 2, 2, 1, 32, 4);
}

static void the_number_of_threads_changes_no_bit_of_attention(void) {
  const int64_t groups[][4] = {{20, 50, 30}, {3, 3, 3, 3}, {40, 1, 40}, {33, 33}};
  const batch b = batch_of(groups, 4);
  tensors x = some_tensors(&b, 4, 2, 24, 1);
  compute(&x, &b);
  const heads one[] = {x.o, x.dq, x.dk, x.dv};
  for (int threads = 2; threads <= 5; threads += 3) {
    x.o = new_heads(b.tokens, 4, 24, 0);
    x.dq = new_heads(b.tokens, 4, 24, 0);
    x.dk = new_heads(b.tokens, 2, 24, 0);
    x.dv = new_heads(b.tokens, 2, 24, 7);
    use_threads(threads);
    compute(&x, &b);
    const heads many[] = {x.o, x.dq, x.dk, x.dv};
    for (int i = 0; i < 4; i++) {
      for (int64_t t = 0; t < b.tokens; t++) {
        CHECK(memcmp(of(&many[i], t, 0), of(&one[i], t, 0), one[i].heads * 24 * sizeof(float)) == 0,
              "%d threads, result %d", threads, i);
      }
    }
  }
  use_threads(1);
  free_all();
}

static void what_is_not_finite_is_seen_by_queries_that_see_it_only(void) {
  const int64_t groups[][4] = {{20, 50, 30}, {35, 3}};
  const batch b = batch_of(groups, 2);
  for (int key = 10; key < 130; key += 17) {
    const tensors x = some_tensors(&b, 1, 1, 16, 1);
    of(&x.k, key, 0)[3] = NAN;
    attend(&x.o, x.sums, &x.q, &x.k, &x.v, b.runs[0], b.count);
    for (int64_t t = 0; t < b.tokens; t++) {
      CHECK(isfinite(of(&x.o, t, 0)[5]) != sees(&b, t, key), "key %d, query %lld", key, (long long)t);
      CHECK(isfinite(x.sums[t]) != sees(&b, t, key), "key %d, query %lld", key, (long long)t);
    }
    free_all();
  }
}

void attention_tests(void) {
  attention_of_each_length_is_right();
  heads_of_each_kind_are_right();
  large_and_small_scores_are_right();
  the_number_of_threads_changes_no_bit_of_attention();
  what_is_not_finite_is_seen_by_queries_that_see_it_only();
}
