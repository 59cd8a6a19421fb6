// PyTorch's wheel has none of gloo's headers. ProcessGroupGloo.hpp holds gloo's objects by pointer only: these files are
// what it takes to parse it. Nothing declared in them is called.
#pragma once
#include <chrono>
#include <string>
#include <vector>
namespace gloo::rendezvous {
class Store {
 public:
  virtual ~Store() = default;
  virtual void set(const std::string&, const std::vector<char>&) = 0;
  virtual std::vector<char> get(const std::string&) = 0;
  virtual void wait(const std::vector<std::string>&) = 0;
  virtual void wait(const std::vector<std::string>&, const std::chrono::milliseconds&) = 0;
};
} // namespace gloo::rendezvous
