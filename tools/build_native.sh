#!/usr/bin/env bash
# Builds the library of tralign-djl/src/main/native that the jar carries, with gcc 12 or later; only Linux
# on x86-64 has one. To be run after each change there: a test compares the hash of the sources that the
# library holds.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../tralign-djl/src/main"

readonly library=resources/io/github/tralign/djl/kernel/linux-x86_64/libtralign.so
stub=$(mktemp -d)
trap 'rm -rf "$stub"' EXIT

# PyTorch's library is there when ours is loaded; for the linker an empty one of that name will do.
gcc -shared -nostdlib -Wl,-soname,libtorch_cpu.so -o "$stub/libtorch_cpu.so" -x c /dev/null

mkdir -p "$(dirname "$library")"
hash=$(cat native/*.c native/*.h | sha256sum | cut -d ' ' -f 1)
for source in native/*.c; do
  gcc -std=gnu11 -O3 -Wall -Wextra -Wno-unused-parameter -fPIC -fvisibility=hidden -fopenmp \
    -march=x86-64-v4 -mavx512bf16 -mamx-tile -mamx-bf16 -mtune=sapphirerapids \
    -DSOURCES_SHA256="\"$hash\"" -c "$source" -o "$stub/$(basename "$source").o"
done
# Without -fopenmp here: OpenMP is PyTorch's own, so that both share their threads. Bound at once, a
# PyTorch that lacks something is told when the library is loaded; later it would end the process.
gcc -shared -s -Wl,-z,now -Wl,--build-id=none -Wl,--no-as-needed -L "$stub" -ltorch_cpu -lm -o "$library" "$stub"/*.o
ls -l "$library"
