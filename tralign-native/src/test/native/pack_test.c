/* Splitting numbers into parts, and the places of these in tiles. */
#include "../../main/native/pack.h"
#include "check.h"
#include <float.h>
#include <math.h>

static float number(bf16 half) {
  const uint32_t bits = (uint32_t)half << 16;
  float x;
  memcpy(&x, &bits, 4);
  return x;
}

/* The parts of one number, as a product takes them. */
static void parts_of(float x, int parts, float *to) {
  bf16 tile[MOST_PARTS * 2 * TILE_SIZE] __attribute__((aligned(64)));
  const matrix one = {&x, 1, 1, 1, 1};
  pack(&one, 0, 0, 0, 1, true, parts, tile);
  for (int p = 0; p < parts; p++) {
    to[p] = number(tile[p * 2 * TILE_SIZE]);
  }
}

static void the_parts_of_a_number_add_up_to_it(void) {
  for (int i = 0; i < 20000; i++) {
    const float x = ldexpf(some_number(), i % 200 - 80);
    float two[2], three[3];
    parts_of(x, 2, two);
    parts_of(x, 3, three);
    if (fabsf(x) > 0x1p-100f) { /* so that no part is subnormal */
      CHECK(fabs((double)two[0] + two[1] - x) <= 0x1p-17 * fabsf(x), "%a = %a + %a", x, two[0], two[1]);
      CHECK((double)three[0] + three[1] + three[2] == x, "%a = %a + %a + %a", x, three[0], three[1], three[2]);
    }
  }
}

static void numbers_at_the_ends_of_the_range_are_what_the_header_says(void) {
  float parts[3];
  const float large = 0x1.fep127f; /* the largest number of bf16 */
  parts_of(-large, 3, parts);
  CHECK(parts[0] == -large && parts[1] == 0 && parts[2] == 0, "%a %a %a", parts[0], parts[1], parts[2]);
  parts_of(0x1.fefffep127f, 3, parts); /* the largest that is rounded to it */
  CHECK((double)parts[0] + parts[1] + parts[2] == 0x1.fefffep127, "%a %a %a", parts[0], parts[1], parts[2]);
  const float none[] = {INFINITY, -INFINITY, NAN, FLT_MAX};
  for (int i = 0; i < 4; i++) {
    parts_of(none[i], 2, parts);
    CHECK(isnan(parts[0] + parts[1]), "%a = %a + %a", none[i], parts[0], parts[1]);
  }
  const float nothing[] = {0, -0.f, 0x1p-127f, -0x1p-149f};
  for (int i = 0; i < 4; i++) {
    parts_of(nothing[i], 3, parts);
    CHECK(parts[0] == 0 && parts[1] == 0 && parts[2] == 0, "%a = %a", nothing[i], parts[0]);
  }
}

/* Tiles of a have 32 numbers of k in a row, those of b 16 pairs. What lies outside of the matrix is 0. */
static void each_number_is_at_its_place(int64_t rows, int64_t columns, enum layout layout, int parts, bool of_a) {
  enum { TILES = 3, PANELS = 2 };
  static bf16 packed[PANELS * TILES * MOST_PARTS * 2 * TILE_SIZE] __attribute__((aligned(64)));
  const matrix x = some_matrix(rows, columns, layout);
  for (int64_t panel = 0; panel < PANELS; panel++) {
    pack(&x, 0, panel, 0, TILES, of_a, parts, packed);
  }
  for (int64_t r = 0; r < PANELS * PANEL; r++) {
    for (int64_t k = 0; k < TILES * DEPTH; k++) {
      float expected[3] = {0};
      if (r < rows && k < columns) {
        parts_of(*at(&x, r, k), parts, expected);
      }
      for (int p = 0; p < parts; p++) {
        const bf16 *tile = packed + r / PANEL * panel_size(TILES, parts) + k / DEPTH * panel_size(1, parts) +
                           (2 * p + r % PANEL / TILE) * TILE_SIZE;
        const int64_t i = r % TILE, j = k % DEPTH;
        const float actual = number(tile[of_a ? i * DEPTH + j : j / 2 * DEPTH + 2 * i + j % 2]);
        CHECK(actual == expected[p], "part %d of (%lld, %lld) of %lld x %lld, layout %d", p, (long long)r, (long long)k,
              (long long)rows, (long long)columns, layout);
      }
    }
  }
  free_all();
}

void pack_tests(void) {
  the_parts_of_a_number_add_up_to_it();
  numbers_at_the_ends_of_the_range_are_what_the_header_says();
  const int64_t rows[] = {1, 2, 15, 16, 17, 33, 64}, columns[] = {1, 2, 15, 16, 17, 31, 32, 33, 96};
  for (int i = 0; i < 7 * 9 * LAYOUTS * 4; i++) {
    each_number_is_at_its_place(
        rows[i / 4 / LAYOUTS / 9], columns[i / 4 / LAYOUTS % 9], i / 4 % LAYOUTS, 2 + i % 2, i / 2 % 2 == 0);
  }
}
