// What tralign needs of c10d, PyTorch's package of collectives, and cannot reach from TorchScript: the store that the
// processes of a group meet at, and a group over gloo, registered under a name. From then on PyTorch's own operators
// _c10d_functional::* reach it by that name.
//
// This is PyTorch's C++ interface, which changes from release to release: the library is good for the version whose
// headers it was built with, and tralign-djl compares that before it loads it. Its natives are those of the class
// io.github.tralign.djl.distributed.Collective, which says what they do.
#include "c10d.h"

#include <torch/csrc/distributed/c10d/GroupRegistry.hpp>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>

NATIVE(jlong, Collective, serve)(JNIEnv* env, jclass, jint port, jlong timeout_ms) {
  return guarded(env, [&] { return handle(store("127.0.0.1", port, true, timeout_ms)); });
}

NATIVE(jint, Collective, port)(JNIEnv*, jclass, jlong its_store) { return held<Store>(its_store)->getPort(); }

NATIVE(jlong, Collective, connect)(JNIEnv* env, jclass, jstring host, jint port, jlong timeout_ms) {
  return guarded(env, [&] { return handle(store(text(env, host), port, false, timeout_ms)); });
}

NATIVE(jstring, Collective, put)(JNIEnv* env, jclass, jlong its_store, jstring key, jstring value) {
  return guarded(env, [&] {
    c10d::Store& there = *held<Store>(its_store);
    return env->NewStringUTF(there.compareSet(text(env, key), "", text(env, value)).c_str());
  });
}

NATIVE(void, Collective, release)(JNIEnv*, jclass, jlong its_store) { delete &held<Store>(its_store); }

NATIVE(jlong, Collective, join)(
    JNIEnv* env, jclass, jstring name, jstring host, jint port, jint rank, jint size, jstring address,
    jlong timeout_ms) {
  return guarded(env, [&] {
    // A store of its own: one that waits for a key answers nobody else.
    auto keys = c10::make_intrusive<c10d::PrefixStore>("gloo", store(text(env, host), port, false, timeout_ms));
    auto options = c10d::ProcessGroupGloo::Options::create(std::chrono::milliseconds(timeout_ms));
    options->devices.push_back(c10d::ProcessGroupGloo::createDeviceForHostname(text(env, address)));
    options->threads = 2;
    auto gloo = c10::make_intrusive<c10d::ProcessGroupGloo>(keys, rank, size, options);

    Group group = c10::make_intrusive<c10d::ProcessGroup>(keys, rank, size);
    group->setDefaultBackend(c10d::ProcessGroup::BackendType::GLOO);
    group->setBackend(c10::DeviceType::CPU, c10d::ProcessGroup::BackendType::GLOO, gloo);
    group->setGroupName(text(env, name));
    c10d::register_process_group(text(env, name), group);
    return handle(std::move(group));
  });
}

NATIVE(void, Collective, leave)(JNIEnv* env, jclass, jstring name, jlong its_group) {
  guarded(env, [&] {
    c10d::unregister_process_group(text(env, name));
    delete &held<Group>(its_group);
  });
}
