#!/usr/bin/env bash
# The whole check as other processors would compute it, one after the other; exits with 1 if one fails.
#   tools/check_processors.sh [MAVEN OPTION...]     such as -pl tralign-djl -am
# A setting above what the processor can do is what the processor can do.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

settings=(
  "ATEN_CPU_CAPABILITY=default ONEDNN_MAX_CPU_ISA=SSE41 MKL_CBWR=COMPATIBLE OMP_NUM_THREADS=1"
  "ATEN_CPU_CAPABILITY=default ONEDNN_MAX_CPU_ISA=SSE41 OMP_NUM_THREADS=2"
  "ATEN_CPU_CAPABILITY=avx2 ONEDNN_MAX_CPU_ISA=AVX2 OMP_NUM_THREADS=1"
  "ATEN_CPU_CAPABILITY=avx2 ONEDNN_MAX_CPU_ISA=AVX2 OMP_NUM_THREADS=2"
  "ATEN_CPU_CAPABILITY=avx512 ONEDNN_MAX_CPU_ISA=AVX512_CORE OMP_NUM_THREADS=2"
  "ATEN_CPU_CAPABILITY=avx512 ONEDNN_MAX_CPU_ISA=AVX512_CORE_BF16 OMP_NUM_THREADS=1"
)

failed=0
for setting in "${settings[@]}"; do
  read -ra variables <<< "$setting"
  if env "${variables[@]}" .ci/run -q -Dother.processor.skip=true "$@"; then
    echo "passed: $setting"
  else
    echo "FAILED: $setting"
    failed=1
  fi
done
exit "$failed"
