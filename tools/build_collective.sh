#!/usr/bin/env bash
# Builds the libraries of tralign-native for several processes: tools/build_collective.sh [--check]
#
#   (none)   writes them among the module's resources, and their hashes among those of tralign-djl
#   --check  fails if a library or a hash there is not, bit for bit, what is built
#
# The compiler is Zig's clang of one version and hash, as that of build_native.sh; the headers of PyTorch, NCCL and CUDA
# are those of wheels of one version and hash. pip fetches all once into target/ (410 MB, half of it for nccl.h). PyTorch
# speaks libstdc++, which Zig has not: its headers are those of Debian 12 (libstdc++-12-dev), compared by their hash. Of
# the machine's come jni.h and jni_md.h only. Needs Linux on x86-64, a JDK and Python 3 with venv.
set -euo pipefail
export LC_ALL=C # the order of files
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly sources=tralign-native/src/main/native/collective
readonly libraries=tralign-native/src/main/resources/META-INF/tralign
readonly hashes=tralign-djl/src/main/resources/io/github/tralign/djl/kernel
readonly zig=0.15.2 zig_sha256=806316453d1ede7174ed3fefb8e5348154629089c3bb5fe812dfd0e172fac130
readonly libstdcxx_sha256=6ff218b5915c774090f63818e282ea44f2f31380f3cd8433e9478f0eb34bba34
# PyTorch's headers are alike on all processors, with CUDA and without; this wheel is the smallest.
readonly wheels='
torch==2.7.1 --hash=sha256:236f501f2e383f1cb861337bdf057712182f910f10aeaf509065d54d339e49b2 manylinux_2_28_aarch64
nvidia-nccl-cu12==2.26.2 --hash=sha256:694cf3879a206553cc9d7dbda76b13efaf610fdb70a50cba303de1b0d1530ac6 manylinux2014_x86_64
nvidia-cuda-runtime-cu12==12.6.77 --hash=sha256:a84d15d5e1da416dd4774cb42edf5e954a3e60cc945698dc1d5be02321c44dc8 manylinux2014_x86_64
nvidia-cuda-nvcc-cu12==12.6.77 --hash=sha256:b66bb5dd6b8ae62262586691977d3b4a425e91db61b4b9bc2f6b42bcd4154b96 manylinux2014_x86_64
nvidia-cuda-cccl-cu12==12.6.77 --hash=sha256:86ef75453d27b4f36af14d296cd9ac7f3013338ba8625cb9fd2cbba25253d9c8 manylinux2014_x86_64'
readonly tools=tralign-native/target/zig-$zig headers=tralign-native/target/torch-2.7.1
readonly nvidia=(nccl/include cuda_runtime/include cuda_nvcc/include cuda_cccl/include)
readonly libstdcxx=(/usr/include/c++/12 /usr/include/x86_64-linux-gnu/c++/12)

pip() { "$tools/bin/pip" "$1" -q --disable-pip-version-check --no-deps --only-binary :all: --require-hashes -r /dev/stdin "${@:2}"; }

if [[ ! -f $tools/complete ]]; then
  rm -rf "$tools"
  python3 -m venv "$tools"
  pip install <<<"ziglang==$zig --hash=sha256:$zig_sha256"
  touch "$tools/complete"
fi
if [[ ! -f $headers/complete || $(<"$headers/complete") != "$wheels" ]]; then
  rm -rf "$headers"
  while read -r version hash platform; do
    pip download -d "$headers" --platform "$platform" --python-version 3.11 <<<"$version $hash"
  done <<<"${wheels:1}"
  "$tools/bin/python" - "$headers" <<'PYTHON'
import pathlib, sys, zipfile
folder = pathlib.Path(sys.argv[1])
for wheel in folder.glob("*.whl"):
    with zipfile.ZipFile(wheel) as files:
        files.extractall(folder, [it for it in files.namelist() if "/include/" in it])
    wheel.unlink()
PYTHON
  printf '%s\n' "$wheels" >"$headers/complete"
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

# Compiles one source for a processor: build PROCESSOR SOURCE LIBRARY 'NEEDED...' [OPTION...]
# glibc 2.28 is what PyTorch itself needs on ARM64, 2.29 on x86-64.
build() {
  local target=(-target "$1-linux-gnu.2.28") there=$work/$1/$3 digest library needed=()
  mkdir -p "$there"
  # At run time these are there; for the linker empty ones of their names will do.
  for library in $4 libtorch_cpu.so libc10.so libstdc++.so.6 libgcc_s.so.1; do
    cc "${target[@]}" -shared -Wl,-soname,$library -o "$there/$library" -x c /dev/null
    needed+=("$there/$library")
  done
  digest=$(cat $(find $sources -type f | sort) | sha256sum | cut -d ' ' -f 1)
  # Not -isystem for libstdc++: Zig would put that behind the headers of C, which libstdc++'s include in their turn.
  cc "${target[@]}" -x c++ -std=c++17 -Os -fPIC -fvisibility=hidden -Wall -Wextra -nostdinc++ \
    -I $sources "${libstdcxx[@]/#/-I}" "${@:5}" -isystem "$headers/torch/include" \
    -isystem "$headers/torch/include/torch/csrc/api/include" -isystem "$java/include" -isystem "$java/include/linux" \
    -D_GLIBCXX_USE_CXX11_ABI=1 -DUSE_DISTRIBUTED -DUSE_C10D_GLOO -DSOURCES_SHA256="\"$digest\"" \
    -c -o "$there/object.o" "$sources/$2"
  cc "${target[@]}" -shared -s -Wl,-z,now -Wl,--build-id=none -Wl,--no-as-needed -o "$there/$3.so" \
    "$there/object.o" "${needed[@]}"
}

# Writes or checks what was built: settle PROCESSOR LIBRARY
settle() {
  local built=$work/$1/$2/$2.so library=$libraries/linux-$1/$2.so hash=$hashes/$2.linux-$1.sha256
  if [[ $mode == --check ]]; then
    cmp "$built" "$library"
    sha256sum <"$built" | cut -d ' ' -f 1 | cmp - "$hash"
    echo "$library is what the sources give"
  else
    mkdir -p "$(dirname "$library")"
    cp "$built" "$library"
    sha256sum <"$built" | cut -d ' ' -f 1 >"$hash"
    ls -l "$library"
  fi
}

readonly mode=${1:-}
case $mode in
  "" | --check) ;;
  *)
    echo "usage: $0 [--check]" >&2
    exit 2
    ;;
esac
for processor in x86_64 aarch64; do
  build $processor collective.cc libtralign-collective ""
  settle $processor libtralign-collective
done
# PyTorch's macros say that it is in shared libraries, in place of a header that only wheels for CUDA have.
build x86_64 nccl.cc libtralign-collective-nccl libtorch_cuda.so -isystem $sources/cuda \
  "${nvidia[@]/#/-isystem$headers/nvidia/}" -DUSE_C10D_NCCL -DC10_CUDA_NO_CMAKE_CONFIGURE_FILE -DC10_CUDA_BUILD_SHARED_LIBS
settle x86_64 libtralign-collective-nccl
