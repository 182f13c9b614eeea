// save and load: tensors, modules and samplers come back as they were, and what cannot be loaded changes nothing.
#include "gradus/io/serialize.h"

#include <gtest/gtest.h>

#include <sstream>

#include "faulty_file_system.h"
#include "gradus/gradus.h"

namespace gradus::io {
namespace {

namespace nn = gradus::nn;

template <class T>
void through_a_stream(const T& from, T& to) {
  std::stringstream stream;
  save(from, stream);
  load(to, stream);
}

Tensor reread(const Tensor& x) {
  Tensor y;
  through_a_stream(x, y);
  return y;
}

void expect_same(const Tensor& x, const Tensor& y) {
  ASSERT_TRUE(y.defined());
  EXPECT_EQ(x.scalar_type(), y.scalar_type());
  EXPECT_TRUE(y.is_contiguous());
  EXPECT_TRUE(equal(x, y)) << x << y;
}

// ---- tensors --------------------------------------------------------------------------------------------------------

TEST(Serialize, Tensors) {
  manual_seed(0);
  for (const ScalarType type : {kFloat, kDouble, kHalf, kBFloat16, kLong, kInt, kShort, kChar, kByte, kBool}) {
    const Tensor x = (randn({5, 5}) * 9).to(type);
    expect_same(x, reread(x));
  }
  expect_same(zeros({}), reread(zeros({})));
  expect_same(zeros({0, 3}), reread(zeros({0, 3})));
}

TEST(Serialize, TensorsByTheirElementsWhateverTheirLayout) {
  Tensor resized = randn({11, 5});
  resized.resize_({5, 5});
  expect_same(resized, reread(resized));
  const Tensor x = randn({11, 5});
  expect_same(x.slice(0, 3, 9, 2), reread(x.slice(0, 3, 9, 2)));
  expect_same(x.t(), reread(x.t()));
  expect_same(x.select(1, 2), reread(x.select(1, 2)));
  expect_same(x.unsqueeze(0).expand({2, 11, 5}), reread(x.unsqueeze(0).expand({2, 11, 5})));
  // Nor does the memory beside a view get into the file.
  std::stringstream one, all;
  save(x.slice(0, 0, 1), one);
  save(x, all);
  EXPECT_LT(one.str().size() + 10 * 5 * sizeof(float) - 16, all.str().size());
}

TEST(Serialize, FilesFunctionsAndMemory) {
  const TemporaryFolder folder;
  const std::string path = folder / "x.pt";
  const Tensor x = randn({5, 5});
  save(x, path);
  Tensor y;
  load(y, path);
  expect_same(x, y);
  y.reset();
  load(y, path, Device(kCPU));
  expect_same(x, y);

  std::string bytes;
  save(x, [&](const void* part, size_t n) {
    bytes.append(static_cast<const char*>(part), n);
    return n;
  });
  y.reset();
  load(y, bytes.data(), bytes.size());
  expect_same(x, y);
  y.reset();
  load(
      y, [&](uint64_t position, void* buffer, size_t n) { return bytes.copy(static_cast<char*>(buffer), n, position); },
      [&] { return bytes.size(); });
  expect_same(x, y);
  EXPECT_TRUE(equal(load_safetensors(path).find_tensor("0")->clone(), x));
}

TEST(Serialize, ListsOfTensors) {
  const std::vector<Tensor> list = {randn({1, 2}), arange(12), zeros({0})};
  std::vector<Tensor> found = {ones({1})};
  through_a_stream(list, found);
  ASSERT_EQ(found.size(), 4u);
  for (size_t i = 0; i < list.size(); ++i) expect_same(list[i], found[i + 1]);
}

// ---- modules --------------------------------------------------------------------------------------------------------

struct NetImpl : nn::Cloneable<NetImpl> {
  NetImpl() { reset(); }
  void reset() override {
    body = register_module("body", nn::Sequential(nn::Conv2d(nn::Conv2dOptions(1, 2, 3)), nn::BatchNorm2d(2),
                                                  nn::ReLU(), nn::Functional(tanh), nn::Flatten()));
    heads = register_module("heads", nn::ModuleList(nn::Linear(8, 2), nn::Linear(8, 3)));
    named = register_module("named", nn::ModuleDict());
    named->update(OrderedDict<std::string, std::shared_ptr<nn::Module>>({{"a", nn::Linear(2, 2).ptr()}}));
    extra = register_module("extra", nn::ParameterList(randn({3})));
    scale = register_parameter("scale", ones({1}));
    register_parameter("none", Tensor(), false);
    seen = register_buffer("seen", zeros({}, kLong));
  }
  Tensor forward(const Tensor& x) { return (*heads)[0]->as<nn::Linear>()->forward(body->forward(x)) * scale; }
  nn::Sequential body{nullptr};
  nn::ModuleList heads{nullptr};
  nn::ModuleDict named{nullptr};
  nn::ParameterList extra{nullptr};
  Tensor scale, seen;
};
GRADUS_MODULE(Net);

void expect_same_state(const StateDict& a, const StateDict& b) {
  ASSERT_EQ(a.keys(), b.keys());
  for (const auto& item : a) EXPECT_TRUE(equal(item.value(), b[item.key()])) << item.key();
}

StateDict copied(const StateDict& state) {
  StateDict copy;
  for (const auto& item : state) copy.insert(item.key(), item->clone());
  return copy;
}

Net trained() {
  Net net;
  net->forward(randn({4, 1, 4, 4}));  // moves the statistics of the batch norm
  net->seen.fill_(17);
  return net;
}

TEST(Serialize, Modules) {
  manual_seed(1);
  Net a = trained(), b;
  through_a_stream(a, b);
  expect_same_state(a->state_dict(), b->state_dict());
  a->eval();
  b->eval();
  const Tensor x = randn({2, 1, 4, 4});
  EXPECT_TRUE(equal(a->forward(x), b->forward(x)));
  // By a pointer, and by one to the base.
  Net c;
  const std::shared_ptr<nn::Module> from = a.ptr();
  auto to = c.ptr();
  std::stringstream stream;
  save(from, stream);
  load(to, stream);
  expect_same_state(a->state_dict(), c->state_dict());
}

TEST(Serialize, AModulesFileIsItsStateDict) {
  const TemporaryFolder folder;
  const Net net = trained();
  save(net, folder / "net.safetensors");
  StateDict found;
  for (const auto& [name, tensor] : load_safetensors(folder / "net.safetensors").tensors) found.insert(name, tensor);
  expect_same_state(net->state_dict(), found);
}

TEST(Serialize, ParametersStayTheTensorsThatTheyWere) {
  nn::Linear a(3, 2), b(3, 2);
  optim::SGD sgd(b->parameters(), optim::SGDOptions(1.0));
  const Tensor weight = b->weight;
  through_a_stream(a, b);
  EXPECT_TRUE(weight.is_same(b->weight));
  EXPECT_TRUE(weight.requires_grad() && weight.is_leaf());
  b->forward(ones({1, 3})).sum().backward();
  sgd.step();
  EXPECT_TRUE(equal(weight, a->weight - 1));
}

TEST(Serialize, ModulesTakeShapesAndTypesOfTheFile) {
  nn::Linear a(3, 2), b(5, 4);
  a->to(kDouble);
  through_a_stream(a, b);
  expect_same(a->weight.detach(), b->weight.detach());
}

struct PlainImpl : nn::Module {
  Tensor forward(Tensor x) { return x; }
};
GRADUS_MODULE(Plain);

TEST(Serialize, FoldersOfModulesWithoutParametersAreThere) {
  struct MiddleImpl : nn::Module {
    explicit MiddleImpl(int n) { register_module("m" + std::to_string(n), n < 5 ? leaf(n) : nn::Linear(1, 2).ptr()); }
    static std::shared_ptr<nn::Module> leaf(int n) { return std::make_shared<MiddleImpl>(n + 1); }
  };
  auto a = std::make_shared<MiddleImpl>(0), b = std::make_shared<MiddleImpl>(0);
  through_a_stream(a, b);
  expect_same_state(a->state_dict(), b->state_dict());
  EXPECT_EQ(a->parameters().size(), 2u);
  // A module with nothing in it has a folder, and only if it has is it found.
  nn::Sequential with(nn::Linear(1, 1), Plain()), without(nn::Linear(1, 1));
  through_a_stream(with, with);
  std::stringstream stream;
  save(without, stream);
  EXPECT_EQ(error_of([&] { load(with, stream); }), "No such serialized submodule: '1'");
}

TEST(Serialize, FunctionalChildrenAreLeftOut) {
  nn::Sequential saved(nn::Linear(2, 2), nn::Functional(relu), nn::Linear(2, 2));
  serialize::OutputArchive out;
  saved->save(out);
  std::stringstream stream;
  out.save_to(stream);
  serialize::InputArchive in, child;
  in.load_from(stream);
  EXPECT_TRUE(in.try_read("0", child));
  EXPECT_FALSE(in.try_read("1", child));
  EXPECT_TRUE(in.try_read("2", child));
  nn::Sequential loaded(nn::Linear(2, 2), nn::Functional(relu), nn::Linear(2, 2));
  load(loaded, stream);
  expect_same_state(saved->state_dict(), loaded->state_dict());
}

TEST(Serialize, WhatIsMissingIsNamed) {
  struct InnerImpl : nn::Module {
    explicit InnerImpl(const std::string& name) { register_parameter(name, ones({2})); }
  };
  struct OuterImpl : nn::Module {
    OuterImpl(const std::string& module, const std::string& name) {
      register_module(module, std::make_shared<InnerImpl>(name));
    }
  };
  std::stringstream stream;
  save(std::make_shared<OuterImpl>("a", "x"), stream);
  auto other_name = std::make_shared<OuterImpl>("a", "y");
  auto other_module = std::make_shared<OuterImpl>("b", "x");
  EXPECT_EQ(error_of([&] { load(other_name, stream); }), "No such serialized tensor 'a.y'");
  EXPECT_EQ(error_of([&] { load(other_module, stream); }), "No such serialized submodule: 'b'");
}

TEST(Serialize, AModuleThatCannotBeLoadedStaysAsItWas) {
  nn::Sequential first(nn::Linear(2, 2), nn::BatchNorm1d(2)), longer(nn::Linear(2, 3), nn::BatchNorm1d(2), Plain());
  const StateDict before = copied(longer->state_dict());
  std::stringstream stream;
  save(first, stream);
  const auto refused = [&](const std::string& bytes) {
    const std::string text = error_of([&] { load(longer, bytes.data(), bytes.size()); });
    expect_same_state(before, longer->state_dict());
    return text;
  };
  const std::string bytes = stream.str();
  EXPECT_EQ(refused(bytes), "No such serialized submodule: '2'");
  EXPECT_NE(refused(bytes.substr(0, bytes.size() - 1)), "");
  EXPECT_NE(refused(""), "");
  // A parameter that requires a gradient cannot be made of integers.
  std::stringstream integers;
  serialize::OutputArchive out, linear;
  linear.write("weight", ones({2, 2}));
  linear.write("bias", ones({2}, kLong));
  out.write("0", linear);
  out.save_to(integers);
  EXPECT_TRUE(contains(refused(integers.str()), "must be floating point"));
}

TEST(Serialize, AModuleOfOnesOwnWritesWhatItWants) {
  struct CountedImpl : nn::Module {
    void save(serialize::OutputArchive& archive) const override {
      nn::Module::save(archive);
      archive.write("count", IValue(count));
    }
    void load(serialize::InputArchive& archive) override {
      nn::Module::load(archive);
      IValue value;
      archive.read("count", value);
      count = value.toInt();
    }
    int64_t count = 0;
  };
  struct AroundImpl : nn::Module {
    std::shared_ptr<CountedImpl> inner = register_module("inner", std::make_shared<CountedImpl>());
  };
  auto a = std::make_shared<AroundImpl>(), b = std::make_shared<AroundImpl>();
  a->inner->count = 7;
  through_a_stream(a, b);
  EXPECT_EQ(b->inner->count, 7);
}

TEST(Serialize, EmptyHoldersAndPointersAreRefused) {
  nn::Linear empty_holder(nullptr);
  std::shared_ptr<nn::Module> null;
  std::stringstream stream;
  EXPECT_EQ(error_of([&] { save(empty_holder, stream); }), "Accessing empty ModuleHolder");
  EXPECT_EQ(error_of([&] { save(null, stream); }), "save: the pointer to the module is empty");
  save(nn::Linear(1, 1), stream);
  EXPECT_EQ(error_of([&] { load(null, stream); }), "load: the pointer to the module is empty");
}

// ---- samplers -------------------------------------------------------------------------------------------------------

template <class S>
void expect_it_goes_on(S a, S b) {
  a.next(3);
  a.next(2);
  through_a_stream(a, b);
  EXPECT_EQ(b.index(), 5u);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(a.next(4), b.next(4)) << i;
}

TEST(Serialize, Samplers) {
  using namespace data::samplers;
  manual_seed(3);
  expect_it_goes_on(SequentialSampler(10), SequentialSampler(10));
  expect_it_goes_on(RandomSampler(10), RandomSampler(10));
  expect_it_goes_on(RandomSampler(10), RandomSampler(4));
}

TEST(Serialize, SamplersRefuseWhatDoesNotFit) {
  using namespace data::samplers;
  RandomSampler random(4);
  SequentialSampler sequential(4);
  const auto refusal = [&](auto& sampler, const Tensor& index, const Tensor& indices) {
    std::stringstream stream;
    serialize::OutputArchive archive;
    archive.write("index", index);
    archive.write("indices", indices);
    archive.save_to(stream);
    const std::string text = error_of([&] { load(sampler, stream); });
    EXPECT_EQ(sampler.index(), 0u);
    return text;
  };
  const Tensor four = arange(4);
  EXPECT_TRUE(contains(refusal(sequential, scalar_tensor(5, kLong), four), "'index' is 5 of 4"));
  EXPECT_TRUE(contains(refusal(sequential, scalar_tensor(-1, kLong), four), "'index' is -1"));
  EXPECT_TRUE(contains(refusal(sequential, ones({1}), four), "'index' is not an integer"));
  EXPECT_TRUE(contains(refusal(random, scalar_tensor(5, kLong), four), "'index' is 5 of 4"));
  EXPECT_TRUE(contains(refusal(random, scalar_tensor(0, kLong), ones({4})), "not a list of integers"));
  EXPECT_TRUE(contains(refusal(random, scalar_tensor(0, kLong), four + 1), "not a permutation"));
  EXPECT_TRUE(contains(refusal(random, scalar_tensor(0, kLong), four - 1), "not a permutation"));
  EXPECT_TRUE(contains(refusal(random, scalar_tensor(0, kLong), four * 0), "not a permutation"));
  struct Own : Sampler<> {
    void reset(std::optional<size_t>) override {}
    std::optional<std::vector<size_t>> next(size_t) override { return std::nullopt; }
  } own;
  std::stringstream stream;
  EXPECT_TRUE(contains(error_of([&] { save(own, stream); }), "this sampler has no save()"));
  save(sequential, stream);
  EXPECT_TRUE(contains(error_of([&] { load(own, stream); }), "this sampler has no load()"));
}

}  // namespace
}  // namespace gradus::io
