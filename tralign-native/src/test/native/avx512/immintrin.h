/* The processor's AVX-512, with tiles in plain C. */
#pragma once
#include_next <immintrin.h>
#include "../emulated_tiles.h"
