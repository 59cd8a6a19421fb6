/* The operators, called as PyTorch does, with a plain stand-in for its C interface. */
#include "../../main/native/operators.c"
#include "check.h"
#include <math.h>
#include <string.h>

typedef struct {
  void *data;
  int64_t sizes[3], strides[3];
} fake_tensor;

static int released, defined;

error aoti_torch_get_data_ptr(tensor x, void **to) { return *to = ((fake_tensor *)x)->data, 0; }
error aoti_torch_get_sizes(tensor x, int64_t **to) { return *to = ((fake_tensor *)x)->sizes, 0; }
error aoti_torch_get_strides(tensor x, int64_t **to) { return *to = ((fake_tensor *)x)->strides, 0; }
error aoti_torch_delete_tensor_object(tensor x) { return x == NULL ? 1 : (released++, 0); }

error aoti_torch_library_init_def(const char *name, const char *file, uint32_t line, library *to) {
  return *to = &defined, strcmp(name, "tralign");
}

error aoti_torch_library_init_impl(const char *name, const char *key, const char *file, uint32_t line, library *to) {
  return *to = &defined, strcmp(name, "tralign") | strcmp(key, "CPU");
}

error aoti_torch_library_def(library to, const char *schema) { return strstr(schema, " -> ()") == NULL; }

error aoti_torch_library_impl(library to, const char *name, void (*kernel)(uint64_t *, uint64_t, uint64_t)) {
  return defined++, kernel == NULL;
}

static uint64_t argument(fake_tensor *x) { return (uint64_t)(uintptr_t)x; }

static fake_tensor tensor_of(const matrix *x) {
  return (fake_tensor){x->data, {x->rows, x->columns}, {x->row_stride, x->column_stride}};
}

static void all_operators_are_defined(void) {
  CHECK(define_operators() && defined == 6, "%d", defined);
}

static void products_take_their_arguments_in_order(void) {
  matrix a = some_matrix(5, 7, ROWS), b = some_matrix(7, 9, COLUMNS), c = some_matrix(5, 9, ROWS);
  matrix expected = new_matrix(5, 9, ROWS), biases = some_matrix(1, 9, ROWS);
  fake_tensor x = tensor_of(&a), y = tensor_of(&c), w = tensor_of(&b), bias = tensor_of(&biases);
  memcpy(expected.data, c.data, 45 * sizeof(float));
  product(&expected, &a, &b, ITSELF, NULL, 3);
  released = 0;
  multiply((uint64_t[]){argument(&y), argument(&x), argument(&w), 1, 3}, 5, 0);
  CHECK(memcmp(expected.data, c.data, 45 * sizeof(float)) == 0 && released == 3, "c += a b");
  product(&expected, &a, &b, ZERO, NULL, 2);
  multiply((uint64_t[]){argument(&y), argument(&x), argument(&w), 0, 2}, 5, 0);
  CHECK(memcmp(expected.data, c.data, 45 * sizeof(float)) == 0 && released == 6, "c = a b");
  product(&expected, &a, &b, BIASES, biases.data, 2);
  fake_tensor wt = {b.data, {9, 7}, {b.column_stride, b.row_stride}};
  linear((uint64_t[]){argument(&y), argument(&x), argument(&wt), argument(&bias), 2}, 5, 0);
  CHECK(memcmp(expected.data, c.data, 45 * sizeof(float)) == 0 && released == 10, "y = x wT + b");
  free_all();
}

static void attention_takes_its_arguments_in_order(void) {
  int64_t run[4] = {0, 3, 0, 3};
  float *numbers[10], *expected[5];
  fake_tensor x[10];
  uint64_t arguments[10];
  for (int i = 0; i < 10; i++) {
    numbers[i] = some_matrix(3, 8, ROWS).data;
    x[i] = (fake_tensor){numbers[i], {3, 1, 8}, {8, 8, 1}};
    arguments[i] = argument(&x[i]);
  }
  for (int i = 0; i < 5; i++) {
    expected[i] = new_matrix(3, 8, ROWS).data;
  }
  heads all[8];
  for (int i = 0; i < 8; i++) {
    all[i] = (heads){numbers[i], 3, 1, 8, 8, 8};
  }
  fake_tensor runs = {run, {1, 4}, {4, 1}};
  heads o = all[0], dq = all[0], dk = all[1], dv = all[2];
  o.data = expected[0];
  attend(&o, expected[1], &all[2], &all[3], &all[4], run, 1);
  arguments[5] = argument(&runs);
  released = 0;
  attend_there(arguments, 6, 0);
  CHECK(memcmp(expected[0], numbers[0], 96) == 0 && memcmp(expected[1], numbers[1], 12) == 0, "attend");
  CHECK(released == 6, "%d", released);
  arguments[5] = argument(&x[5]);
  arguments[9] = argument(&runs);
  dq.data = expected[2];
  dk.data = expected[3];
  dv.data = expected[4];
  attend_backward(&dq, &dk, &dv, &all[3], &all[4], &all[5], &all[6], &all[7], numbers[8], run, 1);
  attend_back(arguments, 10, 0);
  for (int i = 0; i < 3; i++) {
    CHECK(memcmp(expected[2 + i], numbers[i], 96) == 0, "gradient %d", i);
  }
  CHECK(released == 16, "%d", released);
  free_all();
}

static void attention_to_a_cache_takes_its_arguments_in_order(void) {
  int64_t row[5] = {0, 1, 0, 1, 2};
  matrix q = some_matrix(1, 16, ROWS), k = some_matrix(4, 8, ROWS), v = some_matrix(4, 8, ROWS);
  matrix o = new_matrix(1, 16, ROWS), expected = new_matrix(1, 16, ROWS);
  const heads os = {expected.data, 1, 2, 8, 16, 8}, qs = {q.data, 1, 2, 8, 16, 8};
  const heads ks = {k.data, 4, 1, 8, 8, 32}, vs = {v.data, 4, 1, 8, 8, 32};
  attend_cached(&os, &qs, &ks, &vs, row, 1, 5, 0.5f, 3);
  fake_tensor x[] = {{o.data, {1, 2, 8}, {16, 8, 1}}, {q.data, {1, 2, 8}, {16, 8, 1}}, {k.data, {1, 4, 8}, {32, 8, 1}},
                     {v.data, {1, 4, 8}, {32, 8, 1}}, {row, {1, 5}, {5, 1}}};
  uint64_t arguments[7];
  for (int i = 0; i < 5; i++) {
    arguments[i] = argument(&x[i]);
  }
  memcpy(arguments + 5, (double[]){0.5, 3}, 2 * sizeof(double));
  released = 0;
  attend_tokens_of_cache(arguments, 7, 0);
  CHECK(memcmp(expected.data, o.data, 64) == 0 && released == 5, "attend_cached");
  free_all();
}

static void packed_products_take_their_arguments_in_order(void) {
  matrix x = some_matrix(3, 8, ROWS), w = some_matrix(8, 32, ROWS);
  matrix y = new_matrix(3, 32, ROWS), expected = new_matrix(3, 32, ROWS);
  multiply_packed_avx2(&expected, &x, w.data, false);
  fake_tensor ys = tensor_of(&y), xs = tensor_of(&x), ws = tensor_of(&w);
  released = 0;
  multiply_with_packed((uint64_t[]){argument(&ys), argument(&xs), argument(&ws), 0}, 4, 0);
  CHECK(memcmp(expected.data, y.data, 96 * sizeof(float)) == 0 && released == 3, "y = x wT");
  multiply_packed_avx2(&expected, &x, w.data, true);
  multiply_with_packed((uint64_t[]){argument(&ys), argument(&xs), argument(&ws), 1}, 4, 0);
  CHECK(memcmp(expected.data, y.data, 96 * sizeof(float)) == 0 && released == 6, "w in bf16");
  free_all();
}

bool ask_for_tiles(void) { return may_use_tiles(); }

void operator_tests(void) {
  all_operators_are_defined();
  products_take_their_arguments_in_order();
  attention_takes_its_arguments_in_order();
  attention_to_a_cache_takes_its_arguments_in_order();
  packed_products_take_their_arguments_in_order();
}
