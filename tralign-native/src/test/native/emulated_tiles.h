/* AMX's tiles in plain C, as Intel's manual has them: subnormal numbers count as 0, even and odd k are summed apart. */
#pragma once
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#undef _tile_zero
#undef _tile_loadd
#undef _tile_stored
#undef _tile_dpbf16ps
#undef _tile_release
#undef _tile_loadconfig
#define _tile_loadconfig emulated_tile_loadconfig
#define _tile_release emulated_tile_release
#define _tile_zero(tile) memset(emulated_tile(tile), 0, 1024)
#define _tile_loadd(tile, base, stride) emulated_tile_loadd(tile, base, stride)
#define _tile_stored(tile, base, stride) emulated_tile_stored(tile, base, stride)
#define _tile_dpbf16ps(to, a, b) emulated_tile_dpbf16ps(to, a, b)

static _Thread_local float emulated_tiles[8][256];
static _Thread_local int emulated_tiles_configured;

static inline void emulated_tile_loadconfig(const void *config) {
  const uint8_t *bytes = config;
  emulated_tiles_configured = bytes[0] == 1;
  for (int i = 0; i < 8; i++) {
    emulated_tiles_configured &= bytes[16 + 2 * i] == 64 && bytes[17 + 2 * i] == 0 && bytes[48 + i] == 16;
  }
}

static inline void emulated_tile_release(void) { emulated_tiles_configured = 0; }

static inline float *emulated_tile(int tile) {
  if (!emulated_tiles_configured) {
    fprintf(stderr, "a tile is used without 16 rows of 64 bytes each\n");
    abort();
  }
  return emulated_tiles[tile];
}

static inline void emulated_tile_loadd(int tile, const void *base, int64_t stride) {
  for (int i = 0; i < 16; i++) {
    memcpy(emulated_tile(tile) + 16 * i, (const char *)base + i * stride, 64);
  }
}

static inline void emulated_tile_stored(int tile, void *base, int64_t stride) {
  for (int i = 0; i < 16; i++) {
    memcpy((char *)base + i * stride, emulated_tile(tile) + 16 * i, 64);
  }
}

static inline float emulated_flush(float x) { return fabsf(x) < 0x1p-126f ? copysignf(0, x) : x; }

static inline float emulated_bf16(const float *tile, int row, int column) {
  uint16_t half;
  memcpy(&half, (const char *)tile + 64 * row + 2 * column, 2);
  uint32_t bits = (uint32_t)half << 16;
  float x;
  memcpy(&x, &bits, 4);
  return emulated_flush(x);
}

static inline void emulated_tile_dpbf16ps(int to, int a, int b) {
  float *c = emulated_tile(to);
  const float *x = emulated_tile(a), *y = emulated_tile(b);
  for (int m = 0; m < 16; m++) {
    float sums[2][16] = {{0}};
    for (int k = 0; k < 32; k++) {
      const float left = emulated_bf16(x, m, k);
      for (int n = 0; n < 16; n++) {
        float *sum = &sums[k % 2][n]; /* the product of two bf16 numbers is exact in double precision */
        *sum = emulated_flush((float)((double)*sum + (double)left * emulated_bf16(y, k / 2, 2 * n + k % 2)));
      }
    }
    for (int n = 0; n < 16; n++) {
      c[16 * m + n] = emulated_flush(emulated_flush(c[16 * m + n]) + emulated_flush(sums[0][n] + sums[1][n]));
    }
  }
}
