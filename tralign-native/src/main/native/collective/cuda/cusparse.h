// The names of cuSPARSE that PyTorch's headers mention, as in cublas_v2.h.
#pragma once
using cusparseHandle_t = struct cusparseContext*;
enum cusparseStatus_t : int;
