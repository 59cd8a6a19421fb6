// NCCL beside gloo, for arrays on a GPU: a library of its own, since only a PyTorch for CUDA has what it needs. Its native
// is that of the class io.github.tralign.djl.distributed.Nccl, which says what it does.
#include "c10d.h"

#include <torch/csrc/cuda/nccl.h>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>

#include <cstdlib>

namespace {

constexpr std::uint64_t version(std::uint64_t major, std::uint64_t minor, std::uint64_t patch) {
  return major << 32 | minor << 16 | patch;
}

// Classes of PyTorch that are made here hold structures of NCCL's header: with another one they have another size.
void require_version() {
  std::uint64_t found = torch::cuda::nccl::version();
  TORCH_CHECK(
      found == version(NCCL_MAJOR, NCCL_MINOR, NCCL_PATCH),
      "this PyTorch was built with NCCL ", found >> 32, ".", found >> 16 & 0xffff, ".", found & 0xffff,
      "; tralign needs one with NCCL ", NCCL_MAJOR, ".", NCCL_MINOR, ".", NCCL_PATCH);
}

// Leaves without the other processes, which may have ended. PyTorch's own destructor would leave the connections open.
struct Nccl final : c10d::ProcessGroupNCCL {
  using ProcessGroupNCCL::ProcessGroupNCCL;

  ~Nccl() override {
    try {
      abort();
    } catch (const std::exception&) {
      // It took longer than the timeout.
    }
  }
};

} // namespace

NATIVE(void, Nccl, add)
(JNIEnv* env, jclass, jlong its_group, jstring host, jint port, jint gpu, jlong timeout_ms) {
  guarded(env, [&] {
    require_version();
    // What fails, or takes too long, then throws where it is waited for. Else a thread of PyTorch would end the process.
    setenv("TORCH_NCCL_BLOCKING_WAIT", "1", 0);
    Group& group = held<Group>(its_group);
    auto options = c10d::ProcessGroupNCCL::Options::create();
    options->timeout = std::chrono::milliseconds(timeout_ms);
    options->group_name = group->getGroupName();
    options->config.blocking = 1;
    auto keys = c10::make_intrusive<c10d::PrefixStore>("nccl", store(text(env, host), port, false, timeout_ms));
    auto nccl = c10::make_intrusive<Nccl>(keys, group->getRank(), group->getSize(), options);
    nccl->eagerConnectSingleDevice(c10::Device(c10::DeviceType::CUDA, static_cast<c10::DeviceIndex>(gpu)));
    group->setBackend(c10::DeviceType::CUDA, c10d::ProcessGroup::BackendType::NCCL, nccl);
  });
}
