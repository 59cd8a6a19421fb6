// The names of cuSOLVER that PyTorch's headers mention, as in cublas_v2.h.
#pragma once
using cusolverDnHandle_t = struct cusolverDnContext*;
