// The names of cuBLAS that PyTorch's headers mention. Its own header comes in a package of 400 MB.
#pragma once
using cublasHandle_t = struct cublasContext*;
enum cublasStatus_t : int;
