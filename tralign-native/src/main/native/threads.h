/*
 * Threads, and memory for each. They are PyTorch's, so that both share them. It has GNU's OpenMP, whose
 * functions are called by name: what a compiler makes of `#pragma omp` is that of its own library.
 */
#pragma once
#include "kernels.h"
#include <stdio.h>
#include <stdlib.h>

void GOMP_parallel(void (*work)(void *), void *shared, unsigned threads, unsigned flags);
void GOMP_barrier(void);
int omp_get_thread_num(void);
int omp_get_num_threads(void);
int pytorch_threads(void) __asm__("_ZN2at15get_num_threadsEv"); /* at::get_num_threads() */

/* Does the same work on each of so many threads. */
static inline void on_threads(int threads, void (*work)(void *), void *shared) {
  GOMP_parallel(work, shared, (unsigned)threads, 0);
}

static inline int64_t min(int64_t a, int64_t b) { return a < b ? a : b; }

/* The next of n pieces of work, or n. Who is faster takes more: a core may have other work, too. */
static inline int64_t next(int64_t *taken, int64_t n) {
  return min(n, __atomic_fetch_add(taken, 1, __ATOMIC_RELAXED));
}

/* Bytes of whole pages, so that threads' places share none. */
static inline int64_t whole_pages(int64_t bytes) { return (bytes + 4095) / 4096 * 4096; }

static inline void *scratch(int64_t bytes) {
  void *memory = aligned_alloc(4096, whole_pages(bytes));
  if (memory == NULL) {
    fprintf(stderr, "tralign: no memory for attention's %lld bytes\n", (long long)bytes);
    abort();
  }
  return memory;
}
