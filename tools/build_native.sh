#!/usr/bin/env bash
# Builds the library of tralign-native: tools/build_native.sh [--check | --test]
#
#   (none)   writes it among the module's resources, and its hash among those of tralign-djl
#   --check  fails if the library or the hash there is not, bit for bit, what is built
#   --test   builds and runs the tests of src/test/native
#
# The compiler is Zig's clang of one version and hash, which pip fetches once into target/. The same
# sources so give the same bytes on each machine. Needs Linux on x86-64 and Python 3 with venv.
set -euo pipefail
export LC_ALL=C # the order of files
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly platform=linux-x86_64
readonly sources=tralign-native/src/main/native tests=tralign-native/src/test/native
readonly library=tralign-native/src/main/resources/META-INF/tralign/$platform/libtralign.so
readonly expected=tralign-djl/src/main/resources/io/github/tralign/djl/kernel/libtralign.$platform.sha256
readonly zig=0.15.2 zig_sha256=806316453d1ede7174ed3fefb8e5348154629089c3bb5fe812dfd0e172fac130
readonly tools=tralign-native/target/zig-$zig

if [[ ! -f $tools/complete ]]; then
  rm -rf "$tools"
  python3 -m venv "$tools"
  "$tools/bin/pip" install -q --disable-pip-version-check --no-deps --only-binary :all: --require-hashes \
    -r /dev/stdin <<<"ziglang==$zig --hash=sha256:$zig_sha256"
  touch "$tools/complete"
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cc() {
  ZIG_GLOBAL_CACHE_DIR=$PWD/$tools/cache ZIG_LOCAL_CACHE_DIR=$work/cache "$tools/bin/python" -m ziglang cc "$@"
}
readonly flags=(-target x86_64-linux-gnu.2.17 -std=gnu11 -O3 -ffp-contract=off -Wall -Wextra -Wno-unused-parameter)
readonly processor=-mcpu=x86_64_v4+avx512bf16+amx_tile+amx_bf16
readonly any_processor=-mcpu=x86_64_v3 avx512=(-mcpu=x86_64_v4-prefer_256_bit -DFOR_AVX512)

compile() {
  cc "${flags[@]}" "${@:2}" -fPIC -fvisibility=hidden -c -o "$work/$1.o" "$sources/$1.c"
}

build() {
  # PyTorch's library is there when ours is loaded; for the linker an empty one of that name will do.
  cc "${flags[@]}" -shared -Wl,-soname,libtorch_cpu.so -o "$work/libtorch_cpu.so" -x c /dev/null
  local digest
  digest=$(cat "$sources"/*.c "$sources"/*.h | sha256sum | cut -d ' ' -f 1)
  # OpenMP is PyTorch's own, see threads.h. Bound at once, a PyTorch that lacks something is reported
  # when the library is loaded; later it would end the process.
  local name
  compile product_packed "${avx512[@]}"
  mv "$work"/product_packed{,_avx512}.o
  for name in operators attention_cached product_packed; do
    compile "$name" "$any_processor" -DSOURCES_SHA256="\"$digest\""
  done
  for name in attention attention_backward products; do compile "$name" "$processor"; done
  cc "${flags[@]}" -shared -s -Wl,-z,now -Wl,--build-id=none -Wl,--no-as-needed -L "$work" -ltorch_cpu -lm -o "$1" \
    "$work"/*.o
}

# One test program: named, with the header that stands for the processor's, with the compiler's flags.
test_with() {
  local name=$1
  shift
  cc "${flags[@]}" -Wno-psabi -Wno-unused-function -DSOURCES_SHA256='""' "$@" -o "$work/$name" \
    "$sources"/{attention,attention_backward,attention_cached,product_packed,products}.c "$tests"/*.c -lm -lpthread
  "$work/$name" >"$work/$name.digest"
  echo "passed: $name"
}

has() { [[ " $(grep -m 1 ^flags /proc/cpuinfo) " == *" $1 "* ]]; }

# In plain C everywhere; with AVX-512 where the processor has it, then also with the instructions of AMX,
# trapped and done in plain C; and with AMX where the processor has that. All but the last must give the
# same bits, or the plain C were no proof for the others.
run_tests() {
  test_with everything-in-plain-C -I "$tests/portable"
  if ! has avx512_bf16; then
    echo "not run, since this processor has no avx512_bf16: AVX-512-with-tiles-in-plain-C, AMX-trapped, AMX"
    return
  fi
  test_with AVX-512-with-tiles-in-plain-C -I "$tests/avx512" "$processor"
  test_with AMX-trapped "$processor" "$tests/trapped/trapped_tiles.c" -ldl
  cmp "$work"/{everything,AVX-512-with-tiles}-in-plain-C.digest
  cmp "$work"/{everything-in-plain-C,AMX-trapped}.digest
  if has amx_bf16; then
    test_with AMX "$processor"
  else
    echo "not run, since this processor has no amx_bf16: AMX"
  fi
}

case ${1:-} in
  "")
    build "$library"
    sha256sum <"$library" | cut -d ' ' -f 1 >"$expected"
    ls -l "$library"
    ;;
  --check)
    build "$work/libtralign.so"
    cmp "$work/libtralign.so" "$library"
    sha256sum <"$work/libtralign.so" | cut -d ' ' -f 1 | cmp - "$expected"
    echo "$library is what the sources give"
    ;;
  --test) run_tests ;;
  *)
    echo "usage: $0 [--check | --test]" >&2
    exit 2
    ;;
esac
