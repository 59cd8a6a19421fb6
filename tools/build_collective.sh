#!/usr/bin/env bash
# Builds the libraries of tralign-native for several processes: tools/build_collective.sh [--check]
#
#   (none)   writes them among the module's resources, and their hashes among those of tralign-djl
#   --check  fails if a library or a hash there is not, bit for bit, what is built
#
# The compiler is Zig's clang of one version and hash, as that of build_native.sh; the headers of PyTorch are those of the
# wheel of one version and hash. pip fetches both once into target/ (200 MB). PyTorch speaks libstdc++, which Zig has not:
# its headers are those of Debian 12 (libstdc++-12-dev), compared by their hash. Of the machine's come jni.h and jni_md.h
# only. Needs Linux on x86-64, a JDK and Python 3 with venv.
set -euo pipefail
export LC_ALL=C # the order of files
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly sources=tralign-native/src/main/native/collective
readonly libraries=tralign-native/src/main/resources/META-INF/tralign
readonly hashes=tralign-djl/src/main/resources/io/github/tralign/djl/kernel
readonly name=libtralign-collective
readonly zig=0.15.2 zig_sha256=806316453d1ede7174ed3fefb8e5348154629089c3bb5fe812dfd0e172fac130
readonly torch=2.7.1 torch_sha256=236f501f2e383f1cb861337bdf057712182f910f10aeaf509065d54d339e49b2
readonly libstdcxx_sha256=6ff218b5915c774090f63818e282ea44f2f31380f3cd8433e9478f0eb34bba34
readonly tools=tralign-native/target/zig-$zig headers=tralign-native/target/torch-$torch
readonly libstdcxx=(/usr/include/c++/12 /usr/include/x86_64-linux-gnu/c++/12)

pip() { "$tools/bin/pip" "$1" -q --disable-pip-version-check --no-deps --only-binary :all: --require-hashes -r /dev/stdin "${@:2}"; }

if [[ ! -f $tools/complete ]]; then
  rm -rf "$tools"
  python3 -m venv "$tools"
  pip install <<<"ziglang==$zig --hash=sha256:$zig_sha256"
  touch "$tools/complete"
fi
if [[ ! -f $headers/complete ]]; then
  rm -rf "$headers"
  # The headers are alike on all processors; this wheel is the smallest.
  pip download -d "$headers" --platform manylinux_2_28_aarch64 --python-version 3.11 \
    <<<"torch==$torch --hash=sha256:$torch_sha256"
  "$tools/bin/python" - "$headers" <<'PYTHON'
import pathlib, sys, zipfile
folder = pathlib.Path(sys.argv[1])
wheel = next(folder.glob("*.whl"))
with zipfile.ZipFile(wheel) as files:
    files.extractall(folder, [it for it in files.namelist() if it.startswith("torch/include/")])
wheel.unlink()
PYTHON
  touch "$headers/complete"
fi
found=$(cat /dev/null $(find "${libstdcxx[@]}" -type f | sort) | sha256sum | cut -d ' ' -f 1)
if [[ $found != "$libstdcxx_sha256" ]]; then
  echo "${libstdcxx[*]}: are not the headers of Debian 12's libstdc++-12-dev: their hash is $found instead of $libstdcxx_sha256" >&2
  exit 1
fi
java=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cc() {
  ZIG_GLOBAL_CACHE_DIR=$PWD/$tools/cache ZIG_LOCAL_CACHE_DIR=$work/cache "$tools/bin/python" -m ziglang cc "$@"
}

# One processor's library in $work/<processor>. glibc 2.28 is what PyTorch itself needs on ARM64, 2.29 on x86-64.
build() {
  local target=(-target "$1-linux-gnu.2.28") there=$work/$1 digest library
  mkdir "$there"
  # At run time these are there; for the linker empty ones of their names will do.
  for library in libtorch_cpu.so libc10.so libstdc++.so.6 libgcc_s.so.1; do
    cc "${target[@]}" -shared -Wl,-soname,$library -o "$there/$library" -x c /dev/null
  done
  digest=$(cat $(find $sources -type f | sort) | sha256sum | cut -d ' ' -f 1)
  # Not -isystem for libstdc++: Zig would put that behind the headers of C, which libstdc++'s include in their turn.
  cc "${target[@]}" -x c++ -std=c++17 -Os -fPIC -fvisibility=hidden -Wall -Wextra -nostdinc++ \
    -I $sources "${libstdcxx[@]/#/-I}" -isystem "$headers/torch/include" \
    -isystem "$headers/torch/include/torch/csrc/api/include" -isystem "$java/include" -isystem "$java/include/linux" \
    -D_GLIBCXX_USE_CXX11_ABI=1 -DUSE_DISTRIBUTED -DUSE_C10D_GLOO -DSOURCES_SHA256="\"$digest\"" \
    -c -o "$there/collective.o" $sources/collective.cc
  cc "${target[@]}" -shared -s -Wl,-z,now -Wl,--build-id=none -Wl,--no-as-needed -o "$there/$name.so" \
    "$there"/collective.o "$there"/lib{torch_cpu.so,c10.so,stdc++.so.6,gcc_s.so.1}
}

case ${1:-} in
  "" | --check) ;;
  *)
    echo "usage: $0 [--check]" >&2
    exit 2
    ;;
esac
for processor in x86_64 aarch64; do
  build $processor
  built=$work/$processor/$name.so
  library=$libraries/linux-$processor/$name.so
  hash=$hashes/$name.linux-$processor.sha256
  if [[ ${1:-} == --check ]]; then
    cmp "$built" "$library"
    sha256sum <"$built" | cut -d ' ' -f 1 | cmp - "$hash"
    echo "$library is what the sources give"
  else
    mkdir -p "$(dirname "$library")"
    cp "$built" "$library"
    sha256sum <"$built" | cut -d ' ' -f 1 >"$hash"
    ls -l "$library"
  fi
done
