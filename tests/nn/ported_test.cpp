// What LibTorch's own tests of modules and containers hold, in LibTorch's words.
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <algorithm>

using namespace torch::nn;

namespace {

template <class F>
std::string error_of(F f) {
  try {
    f();
  } catch (const c10::Error& e) {
    return e.what();
  }
  return "no error";
}

bool pointer_equal(const torch::Tensor& a, const torch::Tensor& b) {
  return a.data_ptr<float>() == b.data_ptr<float>();
}

}  // namespace

// ---- AnyModule ------------------------------------------------------------------------------------------------------

TEST(PortedAny, TakesEveryKindOfArgument) {
  struct NoArguments : Module {
    int forward() { return 123; }
  };
  EXPECT_EQ(AnyModule(NoArguments{}).forward<int>(), 123);
  struct Literal : Module {
    const char* forward(const char* x) { return x; }
  };
  EXPECT_EQ(AnyModule(Literal{}).forward<const char*>("hello"), std::string("hello"));
  struct Text : Module {
    std::string forward(int x, const double f) { return std::to_string(static_cast<int>(x + f)); }
  };
  EXPECT_EQ(AnyModule(Text{}).forward<std::string>(4, 3.14), "7");
  struct Qualified : Module {
    torch::Tensor forward(std::string a, const std::string& b, std::string&& c) {
      return torch::ones({static_cast<int64_t>((a + b + c).size())});
    }
  };
  const torch::Tensor y = AnyModule(Qualified{}).forward(std::string("a"), std::string("ab"), std::string("abc"));
  EXPECT_EQ(y.sum().item<int32_t>(), 6);
  struct OfTensor : Module {
    torch::Tensor forward(torch::Tensor x) { return x; }
  };
  const torch::autograd::Variable v = torch::ones(5);
  EXPECT_EQ(AnyModule(OfTensor{}).forward(v).sum().item<float>(), 5);
}

TEST(PortedAny, SaysWhatItWasGiven) {
  struct M : Module {
    int forward(float x) { return static_cast<int>(x); }
  };
  AnyModule any(M{});
  EXPECT_NE(error_of([&] {
              any.forward(5.0);
            }).find("Expected argument #0 to be of type float, but received value of type double"),
            std::string::npos);
  EXPECT_NE(error_of([&] { any.forward(); }).find("M's forward() method expects 1 argument(s), but received 0"),
            std::string::npos);
  EXPECT_NE(error_of([&] { any.forward(5.0f, 1); }).find("but received 2"), std::string::npos);
  EXPECT_NE(error_of([&] {
              any.forward<float>(5.0f);
            }).find("Attempted to cast AnyValue to float, but its actual type is int"),
            std::string::npos);
}

namespace {

struct HeldImpl : Module {
  explicit HeldImpl(int value = 0) : Module("Held"), value(value) {}
  int forward(float x) { return static_cast<int>(x) + value; }
  int value;
};
struct Held : ModuleHolder<HeldImpl> {
  using ModuleHolder<HeldImpl>::ModuleHolder;
  using ModuleHolder<HeldImpl>::get;
};

struct CloneableHeld : Cloneable<CloneableHeld> {
  explicit CloneableHeld(int value) : value(value) { reset(); }
  void reset() override { weight = register_parameter("weight", torch::tensor(static_cast<float>(value))); }
  torch::Tensor forward(torch::Tensor x) { return x * weight; }
  int value;
  torch::Tensor weight;
};

}  // namespace

TEST(PortedAny, ConstructsFromHoldersPointersAndValues) {
  AnyModule of_holder(Held(5)), of_value(HeldImpl(6)), of_pointer(std::make_shared<HeldImpl>(7));
  EXPECT_EQ(of_holder.get<HeldImpl>().value, 5);
  EXPECT_EQ(of_holder.get<Held>()->value, 5);
  EXPECT_EQ(of_value.get<HeldImpl>().value, 6);
  EXPECT_EQ(of_pointer.forward<int>(1.0f), 8);
  std::shared_ptr<Module> pointer = of_pointer.ptr();
  EXPECT_EQ(pointer->name(), "Held");
  of_value = std::move(of_holder);
  EXPECT_EQ(of_value.get<HeldImpl>().value, 5);
  of_value = AnyModule(Linear(3, 4));
  Linear linear(of_value.get<Linear>());
  EXPECT_EQ(linear->weight.size(0), 4);
  EXPECT_TRUE(of_value.type_info() == typeid(LinearImpl));
  AnyModule empty;
  EXPECT_NE(error_of([&] { empty.get<HeldImpl>(); }).find("Cannot call get() on an empty AnyModule"),
            std::string::npos);
}

TEST(PortedAny, ClonesWhatCanBeCloned) {
  AnyModule one(CloneableHeld(2)), two = one.clone();
  torch::NoGradGuard no_grad;
  one.get<CloneableHeld>().weight.fill_(5);
  EXPECT_EQ(two.get<CloneableHeld>().weight.item<float>(), 2);
  EXPECT_EQ(two.forward(torch::ones({})).item<float>(), 2);
  AnyModule none{Held(1)};
  EXPECT_NE(error_of([&] { none.clone(); }).find("clone() has not been implemented for Held"), std::string::npos);
}

// ---- Module ---------------------------------------------------------------------------------------------------------

TEST(PortedModule, ClonesKeepSharedNamesAndValues) {
  struct Nested : Cloneable<Nested> {
    Nested() { reset(); }
    void reset() override {
      inner = register_module("inner", std::make_shared<CloneableHeld>(3));
      buffer = register_buffer("buffer", torch::ones({2, 2}));
    }
    std::shared_ptr<CloneableHeld> inner;
    torch::Tensor buffer;
  };
  auto a = std::make_shared<Nested>();
  {
    torch::NoGradGuard no_grad;
    a->inner->weight += 1;
  }
  auto b = std::dynamic_pointer_cast<Nested>(a->clone());
  EXPECT_EQ(b->inner->weight.item<float>(), 4);
  EXPECT_FALSE(pointer_equal(a->buffer, b->buffer));
  EXPECT_TRUE(pointer_equal(b->inner->weight, b->named_parameters()["inner.weight"]));
  EXPECT_TRUE(b->buffer.equal(b->named_buffers()["buffer"]));
  EXPECT_NE(a->inner.get(), b->inner.get());
}

TEST(PortedModule, HoldersConstructDefaultEmptyOrWithArguments) {
  EXPECT_EQ(Held()->value, 0);
  EXPECT_EQ(Held(3)->value, 3);
  Held empty = nullptr;
  EXPECT_FALSE(empty);
  EXPECT_TRUE(empty.is_empty());
  EXPECT_NE(error_of([&] { empty->value = 1; }).find("Accessing empty ModuleHolder"), std::string::npos);
  Held one(7), same = one;
  same->value = 8;
  EXPECT_EQ(one->value, 8);
}

TEST(PortedModule, CanBeFoundByTheTypeOfTheirImpl) {
  Sequential net(Linear(1, 2), Conv2d(1, 1, 3), BatchNorm2d(1));
  int convolutions = 0, norms = 0;
  net->apply([&](Module& m) {
    if (typeid(m) == typeid(Conv2dImpl)) ++convolutions;
    if (typeid(m) == typeid(BatchNorm2dImpl)) ++norms;
    if (auto* linear = m.as<Linear>()) torch::nn::init::constant_(*linear->named_parameters(false).find("weight"), 0.5);
  });
  EXPECT_EQ(convolutions, 1);
  EXPECT_EQ(norms, 1);
  EXPECT_EQ(net->at<LinearImpl>(0).weight.sum().item<float>(), 1);
  EXPECT_EQ(net->named_parameters(false).find("weight"), nullptr);
}

TEST(PortedModule, ConvertsFloatingParametersAndBuffers) {
  BatchNorm1d norm(4);
  norm->to(torch::kDouble);
  for (const auto& p : norm->parameters()) EXPECT_TRUE(p.dtype() == torch::kDouble);
  EXPECT_TRUE(norm->running_mean.dtype() == torch::kDouble);
  EXPECT_TRUE(norm->num_batches_tracked.dtype() == torch::kLong);
  norm->to(torch::Device("cpu"), torch::kFloat);
  EXPECT_TRUE(norm->weight.dtype() == torch::kFloat);
}

TEST(PortedModule, PrintsTreesWithOwnNames) {
  struct Outer : Module {
    Outer() : Module("Outer") {
      register_module("linear", Linear(1, 2));
      auto inner = std::make_shared<Module>("Inner");
      inner->register_module("relu", ReLU(true));
      register_module("inner", inner);
    }
  };
  EXPECT_EQ(c10::str(Outer()),
            "Outer(\n"
            "  (linear): torch::nn::Linear(in_features=1, out_features=2, bias=true)\n"
            "  (inner): Inner(\n"
            "    (relu): torch::nn::ReLU(inplace=true)\n"
            "  )\n"
            ")");
}

// ---- Sequential and its kin -----------------------------------------------------------------------------------------

TEST(PortedSequential, ConstructsFromSharedPointersAndConcreteTypes) {
  struct M : Module {
    explicit M(int value) : value(value) {}
    int forward() { return value; }
    int value;
  };
  Sequential pointers(std::make_shared<M>(1), std::make_shared<M>(2));
  Sequential values(M(1), M(2), M(3));
  EXPECT_EQ(pointers->size(), 2u);
  EXPECT_EQ(values->size(), 3u);
  Sequential named({{"m1", std::make_shared<M>(1)}, {std::string("m2"), M(2)}, {"m3", AnyModule(M(3))}});
  EXPECT_EQ(named->size(), 3u);
  EXPECT_EQ(named->named_children()[1].key(), "m2");
  values->push_back(M(4));
  named->push_back("m4", std::make_shared<M>(4));
  EXPECT_EQ(values->at<M>(3).value, 4);
  EXPECT_EQ(named->ptr<M>(3)->value, 4);
  EXPECT_EQ(values->begin()->ptr<M>()->value, 1);
}

TEST(PortedSequential, HandsValuesFromModuleToModule) {
  struct Add : Module {
    explicit Add(int more) : more(more) {}
    int forward(int x) { return x + more; }
    int more;
  };
  EXPECT_EQ(Sequential(Add(1), Add(2), Add(3))->forward<int>(1), 7);
  struct Two : Module {
    torch::Tensor forward(torch::Tensor x, bool negate = false) { return negate ? -x : x; }

   protected:
    FORWARD_HAS_DEFAULT_ARGS({1, torch::nn::AnyValue(false)})
  };
  Sequential net(Two{}, Identity(), Two{});
  const torch::Tensor x = torch::ones({2});
  EXPECT_TRUE(net->forward(x).equal(x));
  EXPECT_TRUE(net->forward(x, true).equal(-x));
  EXPECT_NE(error_of([&] { net->forward<int>(x); }).find("but you asked for type int"), std::string::npos);
}

TEST(PortedSequential, ExtendsByContainersOfEveryKind) {
  struct M : Module {
    explicit M(int value) : value(value) {}
    int forward() { return value; }
    int value;
  };
  Sequential a(M(1), M(2)), b(M(3));
  b->extend(*a);
  EXPECT_EQ(b->size(), 3u);
  EXPECT_EQ(b[1]->as<M>()->value, 1);
  b->extend(std::vector<std::shared_ptr<M>>{std::make_shared<M>(5)});
  EXPECT_EQ(b->at<M>(3).value, 5);
  ModuleList list(Linear(1, 2), Dropout(0.1));
  list->extend(ModuleList(ReLU(), Linear(2, 1))->modules(false));
  EXPECT_EQ(list->size(), 4u);
  list->insert(1, Identity());
  EXPECT_EQ(list[1]->name(), IdentityImpl().name());
  EXPECT_EQ(list->children().size(), 5u);
  EXPECT_NE(error_of([&] { list->at<ReLUImpl>(0); }).find("Unable to cast module[0] to"), std::string::npos);
  EXPECT_NE(error_of([&] { list->ptr(9); }).find("Index out of range"), std::string::npos);
}

TEST(PortedSequential, PrettyPrintsNestedContainers) {
  ModuleList list(Linear(10, 3), Dropout(0.5), Sequential({{"norm", BatchNorm2d(5)}, {"relu", ReLU()}}));
  EXPECT_EQ(c10::str(list),
            "torch::nn::ModuleList(\n"
            "  (0): torch::nn::Linear(in_features=10, out_features=3, bias=true)\n"
            "  (1): torch::nn::Dropout(p=0.5, inplace=false)\n"
            "  (2): torch::nn::Sequential(\n"
            "    (norm): torch::nn::BatchNorm2d(5, eps=1e-05, momentum=0.1, affine=true, track_running_stats=true)\n"
            "    (relu): torch::nn::ReLU()\n"
            "  )\n"
            ")");
}

TEST(PortedDicts, KeepModulesAndParametersUnderNames) {
  torch::OrderedDict<std::string, std::shared_ptr<Module>> first = {{"linear", Linear(10, 3).ptr()},
                                                                    {"conv", Conv2d(1, 2, 3).ptr()}};
  ModuleDict dict(first);
  EXPECT_EQ(dict->size(), 2u);
  EXPECT_TRUE(dict->contains("conv"));
  EXPECT_TRUE(dict["linear"]->as<Linear>());
  EXPECT_EQ(&dict->at<LinearImpl>("linear"), dict["linear"].get());
  EXPECT_NE(error_of([&] { dict["none"]; }).find("'none' is not defined"), std::string::npos);
  dict->update(std::vector<std::pair<std::string, std::shared_ptr<Module>>>{{"conv", Linear(1, 1).ptr()},
                                                                            {"drop", Dropout(0.5).ptr()}});
  EXPECT_EQ(dict->keys(), (std::vector<std::string>{"linear", "conv", "drop"}));
  EXPECT_TRUE(dict->pop("conv")->as<Linear>());
  EXPECT_EQ(dict->size(), 2u);
  ParameterDict parameters;
  parameters->insert("A", torch::tensor({1.0}));
  EXPECT_FALSE(parameters->get("A").requires_grad());
  parameters->insert("B", torch::tensor({2.0}).requires_grad_(true));
  EXPECT_TRUE(parameters["B"].requires_grad());
  EXPECT_EQ(c10::str(parameters),
            "torch::nn::ParameterDict(\n"
            "(A): Parameter containing: [Float of size [1]]\n"
            "(B): Parameter containing: [Float of size [1]]\n"
            ")");
  EXPECT_EQ(parameters->pop("A").item<float>(), 1);
  ParameterList list(torch::ones({2}), torch::zeros({3}, torch::requires_grad()));
  list->append(torch::ones({1}));
  EXPECT_EQ(list->size(), 3u);
  EXPECT_EQ(c10::str(list),
            "torch::nn::ParameterList(\n"
            "(0): Parameter containing: [Float of size [2]]\n"
            "(1): Parameter containing: [Float of size [3]]\n"
            "(2): Parameter containing: [Float of size [1]]\n"
            ")");
}
