/* The other variant, with any compiler's flags. */
#define FOR_AVX512
#include "../../main/native/product_packed.c"
