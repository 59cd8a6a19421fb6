// What tralign's libraries over c10d, PyTorch's package of collectives, share.
#include <jni.h>

#include <torch/csrc/distributed/c10d/ProcessGroup.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#define NATIVE(type, class, name) \
  extern "C" JNIEXPORT type JNICALL Java_io_github_tralign_djl_distributed_##class##_##name

// By these a test sees what the library was built from. Exported, so that they are kept.
extern "C" JNIEXPORT const char tralign_sources[] = "sources sha256 " SOURCES_SHA256;

namespace std {
// Of libstdc++ 11 and later only; with it here, those of PyTorch's oldest systems will do.
__attribute__((visibility("hidden"))) void __throw_bad_array_new_length() { throw std::bad_alloc(); }
} // namespace std

namespace {

using Store = c10::intrusive_ptr<c10d::TCPStore>;
using Group = c10::intrusive_ptr<c10d::ProcessGroup>;

constexpr const char* failure = "java/lang/IllegalStateException";

// No exception of C++ may reach the JVM.
template <typename F>
auto guarded(JNIEnv* env, F&& body) -> decltype(body()) {
  try {
    return body();
  } catch (const std::exception& e) {
    env->ThrowNew(env->FindClass(failure), e.what());
  } catch (...) {
    env->ThrowNew(env->FindClass(failure), "unknown failure of PyTorch's c10d");
  }
  return decltype(body())();
}

std::string text(JNIEnv* env, jstring it) {
  const char* chars = env->GetStringUTFChars(it, nullptr);
  std::string copy(chars);
  env->ReleaseStringUTFChars(it, chars);
  return copy;
}

// Java holds a pointer to the counted pointer.
template <typename T>
jlong handle(T pointer) {
  return reinterpret_cast<jlong>(new T(std::move(pointer)));
}

template <typename T>
T& held(jlong handle) {
  return *reinterpret_cast<T*>(handle);
}

Store store(const std::string& host, jint port, bool serve, jlong timeout_ms) {
  c10d::TCPStoreOptions options;
  options.port = static_cast<std::uint16_t>(port);
  options.isServer = serve;
  options.waitWorkers = false;
  options.timeout = std::chrono::milliseconds(timeout_ms);
  return c10::make_intrusive<c10d::TCPStore>(host, options);
}

} // namespace
