/* What the tests share: checks, numbers, matrices whose memory nobody may leave, threads. */
#pragma once
#include "../../main/native/kernels.h"
#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition, ...)                                            \
  do {                                                                   \
    if (!(condition)) {                                                  \
      fprintf(stderr, "%s:%d: not %s: ", __FILE__, __LINE__, #condition); \
      fprintf(stderr, __VA_ARGS__);                                      \
      fprintf(stderr, "\n");                                             \
      exit(1);                                                           \
    }                                                                    \
  } while (0)

/* Threads of what follows. */
void use_threads(int threads);

/* Numbers of unlike sizes and both signs, the same each time. */
float some_number(void);

/* n numbers, all NaN, which end where memory does. */
float *fenced(int64_t n);

/* Frees all of them. */
void free_all(void);

/* How a matrix lies in memory: by rows, by columns, or every other number of twice as wide rows. */
enum layout { ROWS, COLUMNS, SPACED, LAYOUTS };

/* Of NaN, also between its numbers. */
matrix new_matrix(int64_t rows, int64_t columns, enum layout layout);

/* Of some numbers. */
matrix some_matrix(int64_t rows, int64_t columns, enum layout layout);
float *at(const matrix *x, int64_t row, int64_t column);

/* Adds results to what tells this program's apart from those of one that is compiled otherwise. */
void digest(const float *numbers, int64_t n);
