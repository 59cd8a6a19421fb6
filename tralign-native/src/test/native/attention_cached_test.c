/* Attention of single tokens to a cache, against sums in double precision. */
#include "check.h"
#include <math.h>
#include <string.h>

enum { MOST_ROWS = 8, WIDTH = 7, PLACES = 150 };

typedef struct {
  heads q, keys, values;
  int64_t rows[MOST_ROWS][WIDTH], count;
} cache;

/* Of so many heads, which lie one after another. */
static heads heads_first(int64_t count, int64_t tokens, int64_t size) {
  const matrix all = some_matrix(count * tokens, size, ROWS);
  return (heads){all.data, tokens, count, size, size, tokens * size};
}

static heads tokens_first(matrix all, int64_t count) {
  const int64_t size = all.columns / count;
  return (heads){all.data, all.rows, count, size, all.columns, size};
}

static cache some_cache(int64_t count, int64_t shared, int64_t key_heads, int64_t size) {
  cache c = {tokens_first(some_matrix(count, key_heads * shared * size, ROWS), key_heads * shared),
             heads_first(key_heads, PLACES, size), heads_first(key_heads, PLACES, size), .count = count};
  const int64_t lengths[] = {1, 7, 8, 9, 31, 32, 33, 90};
  for (int64_t i = 0; i < count; i++) { /* one or two runs */
    const int64_t second = i % 3 == 0 ? 0 : 5 * i;
    memcpy(c.rows[i], (int64_t[]){i, 1, 0, 3 * i, lengths[i], 100, second}, sizeof c.rows[i]);
  }
  return c;
}

static matrix attended(const cache *c, float scale, float cap) {
  const matrix o = new_matrix(c->count, c->q.heads * c->q.size, ROWS);
  const heads to = tokens_first(o, c->q.heads);
  attend_cached(&to, &c->q, &c->keys, &c->values, c->rows[0], c->count, WIDTH, scale, cap);
  return o;
}

static const float *of(const heads *x, int64_t token, int64_t head) {
  return x->data + token * x->token_stride + head * x->head_stride;
}

/* What a query attends to, and the sum of its terms' sizes, which the error is a share of. */
static void check_query(const cache *c, int64_t token, int64_t head, float scale, float cap, const float *actual) {
  const int64_t size = c->q.size, key_head = head / (c->q.heads / c->keys.heads), *row = c->rows[token];
  double scores[PLACES], largest = -INFINITY, weight = 0, error = 0;
  int64_t places[PLACES], n = 0;
  for (int part = 3; part < WIDTH; part += 2) {
    for (int64_t i = 0; i < row[part + 1]; i++) {
      places[n++] = row[part] + i;
    }
  }
  for (int64_t i = 0; i < n; i++) {
    double score = 0, terms = 0;
    for (int64_t d = 0; d < size; d++) {
      const double term = (double)of(&c->q, token, head)[d] * of(&c->keys, places[i], key_head)[d];
      score += scale * term;
      terms += scale * fabs(term);
    }
    scores[i] = cap > 0 ? cap * tanh(score / cap) : score;
    largest = fmax(largest, scores[i]);
    error = fmax(error, (size + 8) * 0x1p-24 * terms + 4 * 0x1p-24 * cap);
  }
  for (int64_t i = 0; i < n; i++) {
    weight += exp(scores[i] - largest);
  }
  for (int64_t d = 0; d < size; d++) {
    double value = 0, terms = 0;
    for (int64_t i = 0; i < n; i++) {
      const double term = exp(scores[i] - largest) / weight * of(&c->values, places[i], key_head)[d];
      value += term;
      terms += fabs(term);
    }
    CHECK(fabs(actual[d] - value) <= (2 * error + (n + 20) * 0x1p-23) * terms + 1e-35,
          "token %lld, head %lld: %.9g = %.9g", (long long)token, (long long)head, actual[d], value);
  }
}

static void each_kind_of_heads_is_right(float scale, float cap) {
  const int64_t sizes[] = {1, 7, 8, 20, 32, 33, 64, 80};
  for (int i = 0; i < 8; i++) {
    for (int64_t shared = 1; shared <= 3; shared += 2) {
      const cache c = some_cache(MOST_ROWS, shared, 2, sizes[i]);
      const matrix o = attended(&c, scale / sqrtf(sizes[i]), cap);
      for (int64_t token = 0; token < c.count; token++) {
        for (int64_t head = 0; head < c.q.heads; head++) {
          check_query(&c, token, head, scale / sqrtf(sizes[i]), cap, o.data + token * o.columns + head * sizes[i]);
        }
      }
      digest(o.data, o.rows * o.columns);
      free_all();
    }
  }
}

static void a_row_depends_neither_on_others_nor_on_threads(void) {
  const cache c = some_cache(MOST_ROWS, 3, 2, 40);
  const matrix all = attended(&c, 0.2f, 0);
  for (int64_t i = 0; i < c.count; i++) {
    use_threads(1 + (int)i % 3);
    cache one = c;
    memcpy(one.rows[0], c.rows[i], sizeof c.rows[i]);
    one.count = 1;
    const matrix o = new_matrix(c.count, all.columns, ROWS);
    const heads to = tokens_first(o, c.q.heads);
    attend_cached(&to, &c.q, &c.keys, &c.values, one.rows[0], 1, WIDTH, 0.2f, 0);
    CHECK(memcmp(o.data + i * o.columns, all.data + i * o.columns, o.columns * sizeof(float)) == 0, "row %lld", (long long)i);
  }
  use_threads(1);
  free_all();
}

static void rows_of_several_tokens_are_left_alone(void) {
  cache c = some_cache(2, 1, 1, 8);
  c.rows[0][1] = 2;
  const matrix o = attended(&c, 1, 0);
  CHECK(isnan(o.data[0]) && isfinite(o.data[o.columns]), "%g, %g", o.data[0], o.data[o.columns]);
  c.count = 1;
  CHECK(isnan(attended(&c, 1, 0).data[0]), "none is a single token");
  free_all();
}

static void what_is_not_finite_is_seen_by_those_that_see_it_only(void) {
  const cache c = some_cache(MOST_ROWS, 1, 1, 16);
  c.keys.data[16] = NAN; /* at place 1 */
  const matrix o = attended(&c, 0.25f, 0);
  for (int64_t i = 0; i < c.count; i++) {
    const bool sees = i == 0 ? c.rows[i][4] > 1 : c.rows[i][3] <= 1;
    CHECK(isfinite(o.data[i * o.columns]) != sees, "row %lld", (long long)i);
  }
  free_all();
}

void attention_cached_tests(void) {
  each_kind_of_heads_is_right(1, 0);
  each_kind_of_heads_is_right(4, 0);
  each_kind_of_heads_is_right(2, 1.5f);
  a_row_depends_neither_on_others_nor_on_threads();
  rows_of_several_tokens_are_left_alone();
  what_is_not_finite_is_seen_by_those_that_see_it_only();
}
