/* Products of packed panels, by AMX. */
#pragma once
#include "pack.h"

struct tile_shapes {
  uint8_t palette, start, reserved[14];
  uint16_t bytes[16];
  uint8_t rows[16];
};

static void use_tiles(void) {
  struct tile_shapes shapes = {.palette = 1};
  for (int i = 0; i < 8; i++) {
    shapes.bytes[i] = 64;
    shapes.rows[i] = TILE;
  }
  __asm__ volatile("" ::: "memory"); /* some compilers do not know that all of it is read */
  _tile_loadconfig(&shapes);
}

/* Tiles 0 to 3 hold 32 by 32 results; 4 and 5 a part of a's panel, 6 and 7 one of b's. */
#define C0 _tile_dpbf16ps(0, 4, 6);
#define C1 _tile_dpbf16ps(1, 4, 7);
#define C2 _tile_dpbf16ps(2, 5, 6);
#define C3 _tile_dpbf16ps(3, 5, 7);
#define A0(part) _tile_loadd(4, a + (2 * (part)) * TILE_SIZE, 64);
#define A1(part) _tile_loadd(5, a + (2 * (part) + 1) * TILE_SIZE, 64);
#define B0(part) _tile_loadd(6, b + (2 * (part)) * TILE_SIZE, 64);
#define B1(part) _tile_loadd(7, b + (2 * (part) + 1) * TILE_SIZE, 64);
/* The products of the parts that are there, and each tile of the next part as soon as it can be loaded. */
#define THEN_A(part) C0 C1 A0(part) C2 C3 A1(part)
#define THEN_B(part) C0 C2 B0(part) C1 C3 B1(part)

INLINE void multiply_panels_of(
    const bf16 *a, const bf16 *b, int tiles, int parts, const float *init, int64_t init_stride, float *c,
    int64_t stride) {
  __asm__ volatile("" ::: "memory"); /* compilers do not know that tiles are loaded from memory */
  if (init == NULL) {
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
  } else {
    _tile_loadd(0, init, init_stride * 4);
    _tile_loadd(1, init + TILE, init_stride * 4);
    _tile_loadd(2, init + TILE * init_stride, init_stride * 4);
    _tile_loadd(3, init + TILE * init_stride + TILE, init_stride * 4);
  }
  A0(0) B0(parts - 1) A1(0) B1(parts - 1)
  for (int i = 0; i < tiles; i++) {
    if (parts == 3) { /* a0 b2, a0 b1, a1 b1, a1 b0, a2 b0, a0 b0 */
      THEN_B(1) THEN_A(1) THEN_B(0) THEN_A(2) THEN_A(0)
    } else { /* a0 b1, a0 b0, a1 b0 */
      THEN_B(0) THEN_A(1)
    }
    a += 2 * parts * TILE_SIZE;
    b += 2 * parts * TILE_SIZE;
    C0
    if (i + 1 < tiles) {
      C1 A0(0) C2 B0(parts - 1) C3 A1(0) B1(parts - 1)
    } else {
      C1 C2 C3
    }
  }
  _tile_stored(0, c, stride * 4);
  _tile_stored(1, c + TILE, stride * 4);
  _tile_stored(2, c + TILE * stride, stride * 4);
  _tile_stored(3, c + TILE * stride + TILE, stride * 4);
}

/* c = init + Σ over tiles of k. init is null for 0; with a stride of 0 it is one row for all. */
static void multiply_panels(
    const bf16 *a, const bf16 *b, int tiles, int parts, const float *init, int64_t init_stride, float *c,
    int64_t stride) {
  if (parts == 3) {
    multiply_panels_of(a, b, tiles, 3, init, init_stride, c, stride);
  } else {
    multiply_panels_of(a, b, tiles, 2, init, init_stride, c, stride);
  }
}
