/* What PyTorch's operators in operators.c call. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* Numbers in fp32, wherever they lie; distances are counted in numbers. */
typedef struct {
  float *data;
  int64_t rows, columns, row_stride, column_stride;
} matrix;

/* The same of several heads, [tokens, heads, size]; a head's numbers lie next to one another. */
typedef struct {
  float *data;
  int64_t tokens, heads, size, token_stride, head_stride;
} heads;

/* What a product begins with: 0, what the result holds, or a row of biases. */
enum begin { ZERO, ITSELF, BIASES };

/* c = a b, + c, or + biases. parts: 2 or 3, see tiles.h. */
void product(const matrix *c, const matrix *a, const matrix *b, enum begin begin, const float *biases, int parts);

/*
 * o = softmax(q kᵀ / √D) v and the logarithms of the sums, [A, T], see attention.c. Each of runs is
 * {q, m, k, n}: the m tokens from q on see the n tokens from k on, causally where q is k. Runs of the same
 * tokens follow one another, the causal one first.
 */
void attend(
    const heads *o, float *sums, const heads *q, const heads *k, const heads *v, const int64_t *runs, int64_t count);

/* The gradients at q, k and v, given dy at o. */
void attend_backward(
    const heads *dq, const heads *dk, const heads *dv, const heads *dy, const heads *q, const heads *k,
    const heads *v, const heads *o, const float *sums, const int64_t *runs, int64_t count);

/*
 * o = softmax(scale q kᵀ) v of single tokens, with scores capped at ±cap where it is above 0, see
 * attention_cached.c. Rows [count, width] are {token, m, first, start, n, start, n, …}: the token's
 * queries see those runs of keys. Rows with m ≠ 1 are left to others.
 */
void attend_cached(
    const heads *o, const heads *q, const heads *keys, const heads *values, const int64_t *rows, int64_t count,
    int64_t width, float scale, float cap);

/*
 * y = x wᵀ with w as `packed`, see product_packed.c: in bf16 if `narrow`. Where the processor has AVX-512
 * the second is faster; their results are the same.
 */
enum { PACKED = 32 };
void multiply_packed_avx2(const matrix *y, const matrix *x, const void *packed, bool narrow);
void multiply_packed_avx512(const matrix *y, const matrix *x, const void *packed, bool narrow);
