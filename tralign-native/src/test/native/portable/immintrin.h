/* What the sources use of AVX-512, and tiles, in plain C for any processor. */
#pragma once
#include "../emulated_tiles.h"

typedef float __m512 __attribute__((vector_size(64)));
typedef long long __m512i __attribute__((vector_size(64)));
typedef long long __m256i __attribute__((vector_size(32)));
typedef uint16_t __mmask16;
typedef uint32_t emulated_u32 __attribute__((vector_size(64)));
typedef uint16_t emulated_u16 __attribute__((vector_size(64)));
typedef uint16_t emulated_u16x16 __attribute__((vector_size(32)));

enum { _CMP_EQ_OQ = 0, _CMP_NEQ_UQ = 4, _MM_HINT_T1 = 2 };

#define EMULATED static inline __attribute__((always_inline))
#define EACH for (int i = 0; i < 16; i++)

#define _mm_prefetch(at, hint) __builtin_prefetch(at)
EMULATED uint32_t _bzhi_u32(uint32_t x, uint32_t n) { return n < 32 ? x & ((1u << n) - 1) : x; }

/* ---- Numbers -------------------------------------------------------------------------------------- */

EMULATED __m512 _mm512_setzero_ps(void) { return (__m512){0}; }
EMULATED __m512 _mm512_set1_ps(float x) {
  __m512 y;
  EACH y[i] = x;
  return y;
}
EMULATED __m512 _mm512_maskz_loadu_ps(__mmask16 mask, const float *from) {
  __m512 y = {0};
  EACH if (mask >> i & 1) y[i] = from[i];
  return y;
}
EMULATED void _mm512_mask_storeu_ps(float *to, __mmask16 mask, __m512 x) {
  EACH if (mask >> i & 1) to[i] = x[i];
}
EMULATED __m512 _mm512_load_ps(const float *from) { return *(const __m512 *)from; }
EMULATED void _mm512_store_ps(float *to, __m512 x) { *(__m512 *)to = x; }
EMULATED __m512 _mm512_add_ps(__m512 a, __m512 b) { return a + b; }
EMULATED __m512 _mm512_sub_ps(__m512 a, __m512 b) { return a - b; }
EMULATED __m512 _mm512_mul_ps(__m512 a, __m512 b) { return a * b; }
EMULATED __m512 _mm512_mask_mov_ps(__m512 other, __mmask16 mask, __m512 x) {
  EACH other[i] = mask >> i & 1 ? x[i] : other[i];
  return other;
}
EMULATED __m512 _mm512_maskz_mov_ps(__mmask16 mask, __m512 x) {
  return _mm512_mask_mov_ps(_mm512_setzero_ps(), mask, x);
}
EMULATED __m512 _mm512_mask_mul_ps(__m512 other, __mmask16 mask, __m512 a, __m512 b) {
  return _mm512_mask_mov_ps(other, mask, a * b);
}
EMULATED __m512 _mm512_fmadd_ps(__m512 a, __m512 b, __m512 c) {
  EACH c[i] = fmaf(a[i], b[i], c[i]);
  return c;
}
EMULATED __m512 _mm512_fmsub_ps(__m512 a, __m512 b, __m512 c) { return _mm512_fmadd_ps(a, b, -c); }
EMULATED __m512 _mm512_fnmadd_ps(__m512 a, __m512 b, __m512 c) { return _mm512_fmadd_ps(-a, b, c); }
EMULATED __m512 _mm512_max_ps(__m512 a, __m512 b) { /* b where one is NaN */
  EACH b[i] = a[i] > b[i] ? a[i] : b[i];
  return b;
}
EMULATED __mmask16 _mm512_cmp_ps_mask(__m512 a, __m512 b, int how) {
  unsigned mask = 0;
  EACH mask |= (unsigned)(how == _CMP_EQ_OQ ? a[i] == b[i] : !(a[i] == b[i])) << i;
  return (__mmask16)mask;
}
EMULATED __m512 _mm512_roundscale_ps(__m512 x, int scale) {
  EACH x[i] = scale == 0 ? nearbyintf(x[i]) : NAN;
  return x;
}
EMULATED __m512 _mm512_scalef_ps(__m512 a, __m512 b) {
  EACH a[i] = isnan(a[i]) || isnan(b[i]) ? NAN : scalbnf(a[i], (int)floorf(b[i]));
  return a;
}
EMULATED float _mm512_reduce_add_ps(__m512 x) {
  for (int n = 8; n > 0; n /= 2) {
    for (int i = 0; i < n; i++) x[i] += x[i + n];
  }
  return x[0];
}
EMULATED float _mm512_reduce_max_ps(__m512 x) {
  for (int n = 8; n > 0; n /= 2) {
    for (int i = 0; i < n; i++) x[i] = x[i] > x[i + n] ? x[i] : x[i + n];
  }
  return x[0];
}

/* ---- Bits ----------------------------------------------------------------------------------------- */

/* Rounded to nearest, ties to even; subnormal numbers to 0; NaN is quiet. */
EMULATED uint16_t emulated_round(float x) {
  uint32_t bits;
  x = emulated_flush(x);
  memcpy(&bits, &x, 4);
  return (uint16_t)((isnan(x) ? bits | 0x400000 : bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}
EMULATED __m512i _mm512_cvtne2ps_pbh(__m512 high, __m512 low) {
  emulated_u16 y;
  EACH {
    y[i] = emulated_round(low[i]);
    y[16 + i] = emulated_round(high[i]);
  }
  return (__m512i)y;
}
EMULATED __m512 _mm512_castsi512_ps(__m512i x) { return (__m512)x; }
EMULATED __m256i _mm512_extracti64x4_epi64(__m512i x, int half) {
  return (__m256i){x[4 * half], x[4 * half + 1], x[4 * half + 2], x[4 * half + 3]};
}
EMULATED __m256i _mm512_castsi512_si256(__m512i x) { return _mm512_extracti64x4_epi64(x, 0); }
EMULATED __m512i _mm512_cvtepu16_epi32(__m256i x) {
  emulated_u32 y;
  EACH y[i] = ((emulated_u16x16)x)[i];
  return (__m512i)y;
}
EMULATED __m512i _mm512_slli_epi32(__m512i x, int n) { return (__m512i)((emulated_u32)x << n); }
EMULATED void _mm512_store_si512(void *to, __m512i x) { *(__m512i *)to = x; }

/* Of each 128 bits, from one number of a and b on. */
EMULATED __m512i emulated_unpack_32(emulated_u32 a, emulated_u32 b, int from) {
  emulated_u32 y;
  EACH y[i] = (i % 2 == 0 ? a : b)[i / 4 * 4 + from + i % 4 / 2];
  return (__m512i)y;
}
EMULATED __m512i _mm512_unpacklo_epi32(__m512i a, __m512i b) {
  return emulated_unpack_32((emulated_u32)a, (emulated_u32)b, 0);
}
EMULATED __m512i _mm512_unpackhi_epi32(__m512i a, __m512i b) {
  return emulated_unpack_32((emulated_u32)a, (emulated_u32)b, 2);
}
EMULATED __m512i _mm512_unpacklo_epi64(__m512i a, __m512i b) {
  return (__m512i){a[0], b[0], a[2], b[2], a[4], b[4], a[6], b[6]};
}
EMULATED __m512i _mm512_unpackhi_epi64(__m512i a, __m512i b) {
  return (__m512i){a[1], b[1], a[3], b[3], a[5], b[5], a[7], b[7]};
}
EMULATED __m512i _mm512_shuffle_i32x4(__m512i a, __m512i b, int which) {
  __m512i y;
  for (int i = 0; i < 8; i++) y[i] = (i < 4 ? a : b)[2 * (which >> i / 2 * 2 & 3) + i % 2];
  return y;
}
EMULATED __m512i _mm512_permutexvar_epi16(__m512i which, __m512i x) {
  emulated_u16 y;
  for (int i = 0; i < 32; i++) y[i] = ((emulated_u16)x)[((emulated_u16)which)[i] & 31];
  return (__m512i)y;
}
#define _mm512_set_epi16(...) emulated_reversed((const uint16_t[32]){__VA_ARGS__})
EMULATED __m512i emulated_reversed(const uint16_t *last_first) {
  emulated_u16 y;
  for (int i = 0; i < 32; i++) y[i] = last_first[31 - i];
  return (__m512i)y;
}
