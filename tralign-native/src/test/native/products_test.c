/* Products of matrices against sums in double precision. */
#include "check.h"
#include <math.h>
#include <string.h>

/* What a number may be off, as a share of the sizes of its terms: its parts' bits, and roundings of the sum. */
static double tolerance(int64_t depth, int parts) {
  return (parts == 2 ? 3 * 0x1p-16 : 0) + (depth + 8) * 0x1p-24;
}

static void check_product(const matrix *c, const matrix *a, const matrix *b, const matrix *begun, int parts) {
  for (int64_t i = 0; i < c->rows; i++) {
    for (int64_t j = 0; j < c->columns; j++) {
      double sum = begun == NULL ? 0 : *at(begun, i, j), size = fabs(sum);
      for (int64_t k = 0; k < a->columns; k++) {
        const double term = (double)*at(a, i, k) * *at(b, k, j);
        sum += term;
        size += fabs(term);
      }
      CHECK(fabs(*at(c, i, j) - sum) <= tolerance(a->columns, parts) * size,
            "%.9g = %.9g at (%lld, %lld) of %lld x %lld x %lld in %d parts", *at(c, i, j), sum, (long long)i,
            (long long)j, (long long)c->rows, (long long)c->columns, (long long)a->columns, parts);
      digest(at(c, i, j), 1);
    }
  }
}

static void a_product_is_right(
    int64_t rows, int64_t columns, int64_t depth, enum layout of_c, enum layout of_a, enum layout of_b, int parts) {
  const matrix a = some_matrix(rows, depth, of_a), b = some_matrix(depth, columns, of_b);
  const matrix c = new_matrix(rows, columns, of_c), sum = some_matrix(rows, columns, of_c);
  product(&c, &a, &b, ZERO, NULL, parts);
  check_product(&c, &a, &b, NULL, parts);

  const matrix begun = new_matrix(rows, columns, ROWS);
  for (int64_t i = 0; i < rows * columns; i++) {
    begun.data[i] = *at(&sum, i / columns, i % columns);
  }
  product(&sum, &a, &b, ITSELF, NULL, parts);
  check_product(&sum, &a, &b, &begun, parts);

  matrix biases = some_matrix(1, columns, ROWS);
  product(&c, &a, &b, BIASES, biases.data, parts);
  biases.row_stride = 0;
  check_product(&c, &a, &b, &biases, parts);
  for (int64_t i = 0; of_c == SPACED && i < rows * columns; i++) {
    CHECK(isnan(c.data[2 * i - 1]), "what lies between the numbers of a result");
  }
  free_all();
}

static void products_of_each_size_are_right(void) {
  const int64_t sizes[] = {0, 1, 15, 16, 17, 31, 32, 33, 65};
  for (int i = 0; i < 9 * 9 * 9; i++) {
    const int mix = i / 81 + i / 9 + i; /* so that each layout meets each other */
    a_product_is_right(
        sizes[i / 81], sizes[i / 9 % 9], sizes[i % 9], mix % LAYOUTS, mix / LAYOUTS % LAYOUTS, mix / 9 % LAYOUTS,
        2 + i % 2);
  }
}

/* More than is packed at once in each direction. */
static void large_products_are_made_of_blocks(void) {
  a_product_is_right(2100, 40, 30, ROWS, ROWS, COLUMNS, 2);
  a_product_is_right(40, 4200, 30, ROWS, COLUMNS, ROWS, 3);
  a_product_is_right(40, 30, 1700, COLUMNS, ROWS, ROWS, 3);
  a_product_is_right(33, 4130, 800, ROWS, ROWS, ROWS, 2);
}

static void the_number_of_threads_changes_no_bit(void) {
  const matrix a = some_matrix(300, 800, ROWS), b = some_matrix(800, 90, COLUMNS), one = new_matrix(300, 90, ROWS);
  product(&one, &a, &b, ZERO, NULL, 2);
  for (int threads = 2; threads <= 5; threads++) {
    const matrix c = new_matrix(300, 90, ROWS);
    use_threads(threads);
    product(&c, &a, &b, ZERO, NULL, 2);
    CHECK(memcmp(c.data, one.data, 300 * 90 * sizeof(float)) == 0, "%d threads", threads);
  }
  use_threads(1);
  free_all();
}

/* Of a in its row, of b in its column. */
static void what_is_not_finite_is_seen_where_it_is_a_factor_only(void) {
  const float numbers[] = {INFINITY, -INFINITY, NAN};
  for (int n = 0; n < 3; n++) {
    for (int parts = 2; parts <= 3; parts++) {
      const matrix a = some_matrix(35, 40, ROWS), b = some_matrix(40, 37, COLUMNS), c = new_matrix(35, 37, ROWS);
      *at(&a, 33, 39) = numbers[n];
      *at(&b, 0, 36) = numbers[n];
      product(&c, &a, &b, ZERO, NULL, parts);
      for (int64_t i = 0; i < 35; i++) {
        for (int64_t j = 0; j < 37; j++) {
          CHECK(isfinite(*at(&c, i, j)) != (i == 33 || j == 36), "(%lld, %lld)", (long long)i, (long long)j);
        }
      }
      free_all();
    }
  }
}

static void what_is_too_small_counts_as_zero(void) {
  const matrix a = some_matrix(20, 20, ROWS), b = some_matrix(20, 20, ROWS), c = new_matrix(20, 20, ROWS);
  for (int64_t i = 0; i < 400; i++) {
    a.data[i] = 0x1p-130f;
    b.data[i] = 0x1p100f;
  }
  product(&c, &a, &b, ZERO, NULL, 3);
  for (int64_t i = 0; i < 400; i++) {
    CHECK(c.data[i] == 0, "%a", c.data[i]);
  }
  free_all();
}

void product_tests(void) {
  products_of_each_size_are_right();
  large_products_are_made_of_blocks();
  the_number_of_threads_changes_no_bit();
  what_is_not_finite_is_seen_where_it_is_a_factor_only();
  what_is_too_small_counts_as_zero();
}
