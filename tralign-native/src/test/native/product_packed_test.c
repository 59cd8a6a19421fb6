/* Products with packed matrices against sums in double precision, and their variants against one another. */
#include "check.h"
#include <math.h>
#include <string.h>

typedef void variant(const matrix *, const matrix *, const void *, bool);

/* w, [n, depth], as product_packed.c has it; in bf16 the lower halves are dropped. */
static void *pack_matrix(const matrix *w, bool narrow) {
  float *packed = fenced(w->rows * w->columns);
  uint16_t *halves = (uint16_t *)fenced((w->rows * w->columns + 1) / 2);
  for (int64_t n = 0, at = 0; n < w->rows; n += PACKED) {
    for (int64_t i = 0; i < w->columns; i++) {
      for (int64_t row = n; row < w->rows && row < n + PACKED; row++, at++) {
        packed[at] = w->data[row * w->row_stride + i * w->column_stride];
        uint32_t bits;
        memcpy(&bits, packed + at, sizeof bits);
        halves[at] = (uint16_t)(bits >> 16);
      }
    }
  }
  return narrow ? (void *)halves : packed;
}

/* So that it has no more than the bits of bf16. */
static matrix short_matrix(int64_t rows, int64_t columns) {
  const matrix w = some_matrix(rows, columns, ROWS);
  for (int64_t i = 0; i < rows * columns; i++) {
    uint32_t bits;
    memcpy(&bits, w.data + i, sizeof bits);
    bits &= 0xffff0000;
    memcpy(w.data + i, &bits, sizeof bits);
  }
  return w;
}

static void check_product(const matrix *y, const matrix *x, const matrix *w) {
  for (int64_t i = 0; i < x->rows; i++) {
    for (int64_t j = 0; j < w->rows; j++) {
      double sum = 0, terms = 0;
      for (int64_t k = 0; k < x->columns; k++) {
        const double term = (double)x->data[i * x->row_stride + k * x->column_stride] * w->data[j * w->columns + k];
        sum += term;
        terms += fabs(term);
      }
      const float actual = y->data[i * y->row_stride + j];
      CHECK(fabs(actual - sum) <= x->columns * 0x1p-24 * terms + 1e-35, "%.9g = %.9g", actual, sum);
    }
  }
}

static void products_of_each_size_are_right_and_the_same(void) {
  const int64_t sizes[][3] = {{1, 1, 1}, {1, 32, 5}, {5, 33, 40}, {6, 64, 1}, {7, 31, 17}, {12, 96, 33}, {13, 70, 8}, {250, 40, 3}};
  for (int i = 0; i < 8; i++) {
    const int64_t rows = sizes[i][0], columns = sizes[i][1], depth = sizes[i][2];
    for (enum layout layout = ROWS; layout < LAYOUTS; layout++) {
      const matrix x = some_matrix(rows, depth, layout), w = short_matrix(columns, depth);
      variant *const variants[] = {multiply_packed_avx2, multiply_packed_avx512};
      matrix first = {0};
      for (int j = 0; j < 4; j++) {
        const matrix y = new_matrix(rows, columns, ROWS);
        use_threads(1 + j % 3);
        variants[j % 2](&y, &x, pack_matrix(&w, j > 1), j > 1);
        if (j == 0) {
          first = y;
          check_product(&y, &x, &w);
        }
        CHECK(memcmp(y.data, first.data, rows * columns * sizeof(float)) == 0, "variant %d of %d", j, i);
      }
      digest(first.data, rows * columns);
      free_all();
    }
  }
  use_threads(1);
}

static void a_row_does_not_depend_on_others(void) {
  const matrix x = some_matrix(30, 50, ROWS), w = some_matrix(75, 50, ROWS), all = new_matrix(30, 75, ROWS);
  const void *packed = pack_matrix(&w, false);
  multiply_packed_avx512(&all, &x, packed, false);
  for (int64_t i = 0; i < 30; i++) {
    const matrix one = {x.data + i * 50, 1, 50, 50, 1}, y = new_matrix(1, 75, ROWS);
    multiply_packed_avx512(&y, &one, packed, false);
    CHECK(memcmp(y.data, all.data + i * 75, 75 * sizeof(float)) == 0, "row %lld", (long long)i);
  }
  free_all();
}

void product_packed_tests(void) {
  products_of_each_size_are_right_and_the_same();
  a_row_does_not_depend_on_others();
}
