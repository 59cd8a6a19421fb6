#include "check.h"
#include <math.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>

void pack_tests(void);
void product_tests(void);
void attention_tests(void);
void attention_cached_tests(void);
void product_packed_tests(void);
void operator_tests(void);
bool ask_for_tiles(void);

/* ---- PyTorch's threads and GNU's OpenMP ----------------------------------------------------------- */

static int threads_in_use = 1;
static pthread_barrier_t barrier;
static _Thread_local int thread;

typedef struct {
  void (*work)(void *);
  void *shared;
  int number;
} task;

void use_threads(int threads) { threads_in_use = threads; }
int pytorch_threads(void) __asm__("_ZN2at15get_num_threadsEv");
int pytorch_threads(void) { return threads_in_use; }
int omp_get_thread_num(void) { return thread; }
int omp_get_num_threads(void) { return threads_in_use; }
void GOMP_barrier(void) { pthread_barrier_wait(&barrier); }

static void *run(void *argument) {
  task *it = argument;
  thread = it->number;
  it->work(it->shared);
  return NULL;
}

void GOMP_parallel(void (*work)(void *), void *shared, unsigned threads, unsigned flags) {
  CHECK(threads == (unsigned)threads_in_use && flags == 0, "%u threads, flags %u", threads, flags);
  pthread_barrier_init(&barrier, NULL, threads);
  pthread_t all[threads];
  task tasks[threads];
  for (unsigned i = 0; i < threads; i++) {
    tasks[i] = (task){work, shared, (int)i};
    CHECK(pthread_create(&all[i], NULL, run, &tasks[i]) == 0, "no thread");
  }
  for (unsigned i = 0; i < threads; i++) {
    pthread_join(all[i], NULL);
  }
  pthread_barrier_destroy(&barrier);
}

/* ---- Numbers and matrices ------------------------------------------------------------------------- */

static uint64_t random_bits(void) {
  static uint64_t state;
  uint64_t x = state += 0x9e3779b97f4a7c15; /* SplitMix64 */
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
  x = (x ^ x >> 27) * 0x94d049bb133111eb;
  return x ^ x >> 31;
}

float some_number(void) {
  const float fraction = (float)((int64_t)random_bits() >> 39) * 0x1p-24f;
  return ldexpf(fraction, (int)(random_bits() % 12) - 6);
}

enum { PAGE = 4096, MOST = 4096 };

static struct {
  char *memory;
  size_t size;
} fences[MOST];
static int fences_in_use;

float *fenced(int64_t n) {
  const size_t size = (n * sizeof(float) + PAGE - 1) / PAGE * PAGE;
  char *memory = mmap(NULL, size + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  CHECK(fences_in_use < MOST && memory != MAP_FAILED, "memory for %lld numbers", (long long)n);
  CHECK(mprotect(memory + size, PAGE, PROT_NONE) == 0, "a fence");
  fences[fences_in_use].memory = memory;
  fences[fences_in_use++].size = size + PAGE;
  float *numbers = (float *)(memory + size) - n;
  for (int64_t i = 0; i < n; i++) {
    numbers[i] = NAN;
  }
  return numbers;
}

void free_all(void) {
  while (fences_in_use > 0) {
    fences_in_use--;
    munmap(fences[fences_in_use].memory, fences[fences_in_use].size);
  }
}

matrix new_matrix(int64_t rows, int64_t columns, enum layout layout) {
  switch (layout) {
    case ROWS: return (matrix){fenced(rows * columns), rows, columns, columns, 1};
    case COLUMNS: return (matrix){fenced(rows * columns), rows, columns, 1, rows};
    default: return (matrix){fenced(2 * rows * columns) + (rows * columns > 0), rows, columns, 2 * columns, 2};
  }
}

matrix some_matrix(int64_t rows, int64_t columns, enum layout layout) {
  matrix x = new_matrix(rows, columns, layout);
  for (int64_t i = 0; i < rows; i++) {
    for (int64_t j = 0; j < columns; j++) {
      *at(&x, i, j) = some_number();
    }
  }
  return x;
}

float *at(const matrix *x, int64_t row, int64_t column) {
  return x->data + row * x->row_stride + column * x->column_stride;
}

/* ---- The program ---------------------------------------------------------------------------------- */

static uint64_t all = 0xcbf29ce484222325;

void digest(const float *numbers, int64_t n) {
  for (int64_t i = 0; i < n; i++) {
    uint32_t bits = 0x7fc00000; /* one NaN for all */
    if (!isnan(numbers[i])) {
      memcpy(&bits, numbers + i, 4);
    }
    all = (all ^ bits) * 0x100000001b3; /* FNV-1a */
  }
}

int main(void) {
  ask_for_tiles(); /* is refused where there is no AMX, which then nobody uses */
  pack_tests();
  product_tests();
  attention_tests();
  attention_cached_tests();
  product_packed_tests();
  operator_tests();
  printf("%016llx\n", (unsigned long long)all);
}
