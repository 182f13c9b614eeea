// Module: registration, walking, cloning, state, errors.
#include <gtest/gtest.h>

#include "gradus/gradus.h"
#include "gradus/nn/nn.h"
#include "gradus/tensor/warning.h"
#include "gradus/tests/misuse.h"

using namespace gradus;

namespace {

using gradus_tests::error_of;

struct PairImpl : nn::Cloneable<PairImpl> {
  PairImpl() { reset(); }
  void reset() override {
    first = register_module("first", nn::Linear(3, 2));
    second = register_module("second", nn::Linear(2, 1));
    scale = register_parameter("scale", ones({1}));
    seen = register_buffer("seen", zeros({2}));
  }
  Tensor forward(const Tensor& x) { return second(first(x)) * scale; }
  nn::Linear first{nullptr}, second{nullptr};
  Tensor scale, seen;
};
GRADUS_MODULE(Pair);

struct Outer : nn::Module {
  Outer() : pair(register_module("pair", Pair())), last(register_module("last", nn::Linear(1, 1))) {}
  Pair pair;
  nn::Linear last;
};

struct Empty : nn::Module {};

// A holder reaches its module also where Module is a virtual base.
struct VirtualImpl : virtual nn::Module {
  int value = 3;
};
GRADUS_MODULE(Virtual);

TEST(Module, HolderOfAVirtualBase) {
  Virtual held;
  EXPECT_EQ(held->value, 3);
  EXPECT_EQ(held.ptr().get(), held.get());
  nn::Module parent;
  parent.register_module("held", held);
  EXPECT_EQ(parent.children()[0].get(), held.get());
}

TEST(Module, EmptyHolder) {
  nn::Linear empty = nullptr;
  EXPECT_TRUE(empty.is_empty());
  EXPECT_NE(error_of([&] { empty->forward(ones({1, 1})); }).find("Accessing empty ModuleHolder"), std::string::npos);
  EXPECT_NE(error_of([&] { empty.ptr(); }).find("Accessing empty ModuleHolder"), std::string::npos);
}

}  // namespace

TEST(Module, NamesAreTheClasses) {
  EXPECT_EQ(nn::Linear(3, 4)->name(), "gradus::nn::LinearImpl");
  EXPECT_EQ(Empty().name(), "(anonymous namespace)::Empty");
  struct Named : nn::Module {
    Named() : nn::Module("mine") {}
  };
  EXPECT_EQ(Named().name(), "mine");
}

TEST(Module, RegistersUnderUniqueNamesWithoutDots) {
  Empty m;
  m.register_module("a", nn::Linear(1, 1));
  EXPECT_EQ(error_of([&] { m.register_module("a", nn::Linear(1, 1)); }), "Submodule 'a' already defined");
  EXPECT_EQ(error_of([&] { m.register_module("a.b", nn::Linear(1, 1)); }),
            "Submodule name must not contain a dot (got 'a.b')");
  EXPECT_EQ(error_of([&] { m.register_module("", nn::Linear(1, 1)); }), "Submodule name must not be empty");
  m.register_parameter("p", ones({2}));
  EXPECT_EQ(error_of([&] { m.register_parameter("p", ones({2})); }), "Parameter 'p' already defined");
  EXPECT_EQ(error_of([&] { m.register_parameter("p.q", ones({2})); }),
            "Parameter name must not contain a dot (got 'p.q')");
  EXPECT_EQ(error_of([&] { m.register_parameter("", ones({2})); }), "Parameter name must not be empty");
  m.register_buffer("b", ones({2}));
  EXPECT_EQ(error_of([&] { m.register_buffer("b", ones({2})); }), "Buffer 'b' already defined");
  EXPECT_EQ(error_of([&] { m.register_buffer("b.c", ones({2})); }), "Buffer name must not contain a dot (got 'b.c')");
  EXPECT_EQ(error_of([&] { m.unregister_module("x"); }), "No Module with name `x` is registered");
  m.unregister_module("a");
  EXPECT_TRUE(m.children().empty());
}

TEST(Module, ReplaceKeepsThePlace) {
  auto m = std::make_shared<Empty>();
  m->register_module("a", nn::Linear(1, 1));
  m->register_module("b", nn::Linear(2, 2));
  nn::Linear c(3, 3);
  m->replace_module("a", c);
  EXPECT_EQ(m->named_children()[0].key(), "a");
  EXPECT_EQ(m->children()[0].get(), c.get());
  EXPECT_EQ(error_of([&] { m->replace_module("x", c); }), "Submodule 'x' is not defined");
}

TEST(Module, ParametersRequireGradBuffersDoNot) {
  Empty m;
  EXPECT_TRUE(m.register_parameter("p", ones({2})).requires_grad());
  EXPECT_FALSE(m.register_parameter("q", ones({2}), false).requires_grad());
  EXPECT_FALSE(m.register_buffer("b", ones({2})).requires_grad());
  m.register_parameter("none", Tensor(), false);
  EXPECT_EQ(m.parameters().size(), 2u);
  EXPECT_EQ(m.named_parameters().size(), 2u);
}

TEST(Module, WarnsOfAnUndefinedParameterThatRequiresGrad) {
  struct Counter : WarningHandler {
    void process(const Warning& w) override { texts.push_back(w.msg()); }
    std::vector<std::string> texts;
  } counter;
  WarningUtils::set_warning_handler(&counter);
  Empty m;
  m.register_parameter("a", Tensor());
  m.register_parameter("b", Tensor(), false);
  WarningUtils::set_warning_handler(nullptr);
  ASSERT_EQ(counter.texts.size(), 1u);
  EXPECT_EQ(counter.texts[0],
            "An undefined tensor cannot require grad. Ignoring the `requires_grad=true` function parameter.");
}

TEST(Module, WalksParentsFirstInOrderOfRegistration) {
  auto m = std::make_shared<Outer>();
  EXPECT_EQ(m->named_parameters().keys(),
            (std::vector<std::string>{"pair.scale", "pair.first.weight", "pair.first.bias", "pair.second.weight",
                                      "pair.second.bias", "last.weight", "last.bias"}));
  EXPECT_TRUE(m->named_parameters(false).is_empty());
  EXPECT_EQ(m->named_buffers().keys(), std::vector<std::string>{"pair.seen"});
  EXPECT_EQ(m->buffers().size(), 1u);
  EXPECT_EQ(m->named_modules().keys(), (std::vector<std::string>{"", "pair", "pair.first", "pair.second", "last"}));
  EXPECT_EQ(m->named_modules("net").keys(),
            (std::vector<std::string>{"net", "net.pair", "net.pair.first", "net.pair.second", "net.last"}));
  EXPECT_EQ(m->named_modules("", false).size(), 4u);
  EXPECT_EQ(m->modules().size(), 5u);
  EXPECT_EQ(m->modules()[0].get(), m.get());
  EXPECT_EQ(m->modules(false)[0].get(), m->pair.get());
  EXPECT_EQ(m->children().size(), 2u);
  EXPECT_EQ(m->named_children()[1].key(), "last");
  EXPECT_EQ(m->parameters().size(), 7u);
  for (size_t i = 0; i < 7; ++i) EXPECT_TRUE(m->parameters()[i].is_same(*m->named_parameters()[i]));
}

TEST(Module, ModulesOfAModuleOnTheStackNeedNoSelf) {
  Outer m;
  EXPECT_EQ(m.modules(false).size(), 4u);
  EXPECT_NE(error_of([&] { m.modules(); }).find("it is not stored in a shared_ptr"), std::string::npos);
  EXPECT_NE(error_of([&] { m.apply([](const std::shared_ptr<nn::Module>&) {}); }).find("include_self=*/false"),
            std::string::npos);
}

TEST(Module, AppliesEveryKindOfCallable) {
  auto m = std::make_shared<Outer>();
  const std::vector<std::string> names = {"", "pair", "pair.first", "pair.second", "last"};
  std::vector<std::string> seen;
  int count = 0;
  m->apply([&](nn::Module&) { ++count; });
  m->apply([&](const nn::Module&) { ++count; });
  EXPECT_EQ(count, 10);
  m->apply([&](const std::string& n, nn::Module&) { seen.push_back(n); });
  EXPECT_EQ(seen, names);
  seen.clear();
  m->apply([&](const std::string& n, const nn::Module&) { seen.push_back(n); });
  EXPECT_EQ(seen, names);
  std::vector<nn::Module*> pointers;
  m->apply([&](const std::shared_ptr<nn::Module>& p) { pointers.push_back(p.get()); });
  ASSERT_EQ(pointers.size(), 5u);
  EXPECT_EQ(pointers[0], m.get());
  seen.clear();
  m->apply([&](const std::string& n, const std::shared_ptr<nn::Module>&) { seen.push_back(n); }, "net");
  EXPECT_EQ(seen, (std::vector<std::string>{"net", "net.pair", "net.pair.first", "net.pair.second", "net.last"}));
  const Outer& constant = *m;
  count = 0;
  constant.apply([&](const nn::Module& module) { count += module.as<nn::Linear>() != nullptr; });
  EXPECT_EQ(count, 3);
  m->apply(+[](nn::Module& module) {
    if (auto* linear = module.as<nn::LinearImpl>()) nn::init::constant_(linear->weight, 7);
  });
  EXPECT_EQ(m->pair->first->weight[1][2].item<float>(), 7);
}

TEST(Module, AsCastsOrGivesNull) {
  nn::Linear linear(1, 2);
  nn::Module& m = *linear;
  EXPECT_EQ(m.as<nn::Linear>(), linear.get());
  EXPECT_EQ(m.as<nn::LinearImpl>(), linear.get());
  EXPECT_EQ(m.as<nn::Module>(), linear.get());
  EXPECT_EQ(m.as<nn::Flatten>(), nullptr);
}

TEST(Module, TrainAndEvalReachEverything) {
  Outer m;
  EXPECT_TRUE(m.is_training());
  m.eval();
  EXPECT_FALSE(m.is_training());
  EXPECT_FALSE(m.pair->first->is_training());
  m.train();
  EXPECT_TRUE(m.pair->second->is_training());
}

TEST(Module, ZeroGrad) {
  nn::Linear m(2, 1);
  m->weight.mutable_grad() = ones({1, 2});
  m->zero_grad(false);
  ASSERT_TRUE(m->weight.grad().defined());
  EXPECT_EQ(m->weight.grad()[0][1].item<float>(), 0);
  m->zero_grad();
  EXPECT_FALSE(m->weight.grad().defined());
}

TEST(Module, ToConvertsFractionsOnlyAndKeepsTheHandles) {
  Empty m;
  Tensor p = m.register_parameter("p", ones({2})), b = m.register_buffer("b", ones({2}));
  Tensor n = m.register_buffer("n", zeros({}, kLong));
  p.mutable_grad() = ones({2});
  m.to(kDouble);
  EXPECT_EQ(p.scalar_type(), kDouble);
  EXPECT_EQ(p.grad().scalar_type(), kDouble);
  EXPECT_EQ(b.scalar_type(), kDouble);
  EXPECT_EQ(n.scalar_type(), kLong);
  EXPECT_TRUE(p.requires_grad());
  p.mutable_grad().reset();
  (p * 3).sum().backward();
  EXPECT_EQ(p.grad()[0].item<double>(), 3);
  m.to(Device(kCPU), kFloat);
  m.to(kCPU);
  EXPECT_EQ(p.scalar_type(), kFloat);
  EXPECT_NE(error_of([&] { m.to(Device(kCUDA)); }), "no error");
}

TEST(Module, ClonesShareNothing) {
  Pair m;
  m->seen.fill_(5);
  m->eval();
  auto copy = std::dynamic_pointer_cast<PairImpl>(m->clone());
  ASSERT_TRUE(copy);
  EXPECT_FALSE(copy->is_training());
  EXPECT_TRUE(copy->scale.requires_grad());
  const auto mine = m->named_parameters(), its = copy->named_parameters();
  EXPECT_EQ(mine.keys(), its.keys());
  for (size_t i = 0; i < mine.size(); ++i) {
    EXPECT_TRUE(equal(*mine[i], *its[i]));
    EXPECT_FALSE(mine[i]->is_same(*its[i]));
    EXPECT_FALSE(mine[i]->is_alias_of(*its[i]));
  }
  EXPECT_TRUE(equal(copy->seen, m->seen));
  {
    NoGradGuard no_grad;
    copy->first->weight.fill_(3);
  }
  EXPECT_NE(m->first->weight[0][0].item<float>(), 3);
  // The members of the copy are what it has registered.
  EXPECT_TRUE(copy->first->weight.is_same(copy->named_parameters()["first.weight"]));
  EXPECT_TRUE(copy->scale.is_same(copy->named_parameters()["scale"]));
}

TEST(Module, CloneSaysWhatIsMissing) {
  EXPECT_EQ(error_of([] { Empty().clone(); }),
            "clone() has not been implemented for (anonymous namespace)::Empty. Subclass "
            "torch::nn::Cloneable<(anonymous namespace)::Empty> instead of torch::nn::Module to inherit the ability "
            "to clone.");
  struct Forgets : nn::Cloneable<Forgets> {
    Forgets() { register_parameter("p", ones({1})); }
    void reset() override {}
  };
  EXPECT_EQ(error_of([] { Forgets().clone(); }),
            "The cloned module does not have the same number of parameters as the original module after calling "
            "reset(). Are you sure you called register_parameter() inside reset() and not the constructor?");
}

TEST(Module, StateDictRoundTrip) {
  Pair a, b;
  a->seen.fill_(2);
  const StateDict state = a->state_dict();
  EXPECT_EQ(state.keys(),
            (std::vector<std::string>{"scale", "seen", "first.weight", "first.bias", "second.weight", "second.bias"}));
  EXPECT_FALSE(state["scale"].requires_grad());
  EXPECT_TRUE(state["scale"].is_alias_of(a->scale));
  const Tensor handle = b->first->weight;
  b->load_state_dict(state);
  EXPECT_TRUE(handle.is_same(b->first->weight));
  EXPECT_TRUE(b->first->weight.requires_grad());
  for (const auto& t : b->state_dict()) EXPECT_TRUE(equal(*t, state[t.key()])) << t.key();
  // Types are converted on the way in.
  StateDict doubles;
  for (const auto& t : state) doubles.insert(t.key(), t->to(kDouble));
  Pair c;
  c->load_state_dict(doubles);
  EXPECT_EQ(c->scale.scalar_type(), kFloat);
  EXPECT_TRUE(equal(c->first->weight, a->first->weight));
}

TEST(Module, StrictLoadNamesEverythingAndChangesNothing) {
  Pair m;
  const Tensor before = m->first->weight.detach().clone();
  StateDict state;
  state.insert("first.weight", zeros({2, 3}));
  state.insert("first.bias", zeros({5}));
  state.insert("second.weight", zeros({1, 2}));
  state.insert("second.bias", zeros({1}));
  state.insert("scale", zeros({1}));
  state.insert("other", zeros({1}));
  EXPECT_EQ(error_of([&] { m->load_state_dict(state); }),
            "Error(s) in loading state_dict for (anonymous namespace)::PairImpl:"
            "\n\tMissing key(s) in state_dict: \"seen\". "
            "\n\tUnexpected key(s) in state_dict: \"other\". "
            "\n\tsize mismatch for first.bias: copying a param with shape torch.Size([5]) from checkpoint, the shape "
            "in current model is torch.Size([2]).");
  EXPECT_TRUE(equal(m->first->weight, before));
  EXPECT_NE(error_of([&] { m->load_state_dict(state, false); }).find("size mismatch"), std::string::npos);
  state["first.bias"] = zeros({2});
  m->load_state_dict(state, false);
  EXPECT_EQ(m->first->weight.abs().sum().item<float>(), 0);
}

TEST(Module, PrintsItsTree) {
  Outer m;
  EXPECT_EQ(str(m),
            "(anonymous namespace)::Outer(\n"
            "  (pair): (anonymous namespace)::PairImpl(\n"
            "    (first): torch::nn::Linear(in_features=3, out_features=2, bias=true)\n"
            "    (second): torch::nn::Linear(in_features=2, out_features=1, bias=true)\n"
            "  )\n"
            "  (last): torch::nn::Linear(in_features=1, out_features=1, bias=true)\n"
            ")");
}

TEST(ModuleHolder, EmptyHoldersSayThatTheyAre) {
  nn::Linear linear(nullptr);
  EXPECT_TRUE(linear.is_empty());
  EXPECT_FALSE(linear);
  EXPECT_EQ(error_of([&] { (void)linear->weight; }), "Accessing empty ModuleHolder");
  EXPECT_EQ(error_of([&] { linear(ones({1})); }), "Accessing empty ModuleHolder");
  linear = nn::Linear(2, 3);
  EXPECT_TRUE(linear);
  nn::Linear same = linear, again(linear);
  EXPECT_EQ(same.get(), linear.get());
  EXPECT_EQ(again.ptr(), linear.ptr());
  EXPECT_EQ((*linear).weight.size(0), 3);
  const nn::Linear constant = linear;
  EXPECT_EQ(constant(ones({1, 2})).size(1), 3);
  nn::ReLU relu;
  EXPECT_FALSE(relu.is_empty());
}

TEST(OrderedDict, KeepsOrderAndKeys) {
  OrderedDict<std::string, int> d = {{"a", 1}, {"b", 2}};
  d.insert("c", 3);
  EXPECT_EQ(d.keys(), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(d.values(), (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(d["b"], 2);
  EXPECT_EQ(d[2].key(), "c");
  EXPECT_EQ(*d[2], 3);
  EXPECT_EQ(d.front().key(), "a");
  EXPECT_EQ(d.back().value(), 3);
  EXPECT_EQ(d.find("x"), nullptr);
  EXPECT_TRUE(d.contains("a"));
  d.erase("a");
  EXPECT_EQ(d.pairs(), (std::vector<std::pair<std::string, int>>{{"b", 2}, {"c", 3}}));
  OrderedDict<std::string, int> e = {{"z", 9}};
  d.update(e);
  EXPECT_EQ(d.size(), 3u);
  EXPECT_EQ(error_of([&] { d.update(e); }), "Key 'z' already defined");
  EXPECT_EQ(error_of([&] { d["q"]; }), "Key 'q' is not defined");
  EXPECT_EQ(error_of([&] { d[7]; }), "Index 7 is out of bounds");
  EXPECT_EQ(error_of([&] { d.erase("q"); }), "Key 'q' doesn't exist");
  OrderedDict<std::string, int> copy = d;
  EXPECT_TRUE(copy == d);
  copy["z"] = 1;
  EXPECT_FALSE(copy == d);
  d.clear();
  EXPECT_TRUE(d.is_empty());
  EXPECT_EQ(error_of([&] { d.front(); }), "Called front() on an empty OrderedDict");
  OrderedDict<std::string, int> named("Penguin");
  EXPECT_EQ(error_of([&] { named["x"]; }), "Penguin 'x' is not defined");
}

TEST(OrderedDict, IndexAgreesWithSearchAtEverySize) {
  for (int n : {7, 8, 9, 10, 33, 500}) {
    OrderedDict<int, int> d;
    for (int i = 0; i < n; ++i) d.insert(i * 37, i);
    for (int i = 0; i < n; ++i) ASSERT_EQ(d.find(i * 37) ? *d.find(i * 37) : -1, i);
    EXPECT_EQ(d.find(1), nullptr);
    d.erase(37);
    EXPECT_EQ(d.find(37), nullptr);
    for (int i = 2; i < n; ++i) ASSERT_EQ(d[static_cast<size_t>(i - 1)].key(), i * 37);
    for (int i = 2; i < n; ++i) ASSERT_EQ(*d.find(i * 37), i);
    EXPECT_EQ(error_of([&] { d.insert(0, 1); }), "Key '0' already defined");
  }
}
