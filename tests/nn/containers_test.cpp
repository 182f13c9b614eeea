// AnyModule, Sequential and the other containers.
#include <gtest/gtest.h>

#include "gradus/gradus.h"
#include "gradus/nn/nn.h"
#include "gradus/tests/misuse.h"

using namespace gradus;

namespace {

using gradus_tests::error_of;

struct AddImpl : nn::Module {
  explicit AddImpl(int n = 1) : n(n) {}
  int forward(int x) { return x + n; }
  int n;
};
GRADUS_MODULE(Add);

struct PairSumImpl : nn::Module {
  Tensor forward(Tensor a, const Tensor& b) { return a + b; }
};
GRADUS_MODULE(PairSum);

struct TextImpl : nn::Module {
  std::string forward(const Tensor& x) { return std::to_string(x.numel()); }
};

struct DefaultsImpl : nn::Module {
  int forward(int a, int b = 2, double c = 3) { return a + 10 * b + static_cast<int>(100 * c); }

 protected:
  FORWARD_HAS_DEFAULT_ARGS({1, nn::AnyValue(2)}, {2, nn::AnyValue(3.0)})
};
GRADUS_MODULE(Defaults);

}  // namespace

TEST(AnyValue, HoldsOneTypeOnly) {
  nn::AnyValue v(5);
  EXPECT_EQ(v.get<int>(), 5);
  ASSERT_NE(v.try_get<int>(), nullptr);
  EXPECT_EQ(v.try_get<float>(), nullptr);
  EXPECT_EQ(error_of([&] { v.get<float>(); }), "Attempted to cast AnyValue to float, but its actual type is int");
  EXPECT_EQ(v.type_info(), typeid(int));
  nn::AnyValue copy = v;
  v = nn::AnyValue(std::string("a"));
  EXPECT_EQ(copy.get<int>(), 5);
  EXPECT_EQ(v.get<std::string>(), "a");
}

TEST(AnyModule, CallsAndChecksTypes) {
  nn::AnyModule any(Add(3));
  EXPECT_EQ(any.forward<int>(5), 8);
  EXPECT_EQ(error_of([&] { any.forward<int>(5.5); }),
            "Expected argument #0 to be of type int, but received value of type double");
  EXPECT_EQ(error_of([&] { any.forward<float>(5); }),
            "Attempted to cast AnyValue to float, but its actual type is int");
  const std::string none = error_of([&] { any.forward<int>(); });
  EXPECT_NE(none.find("AddImpl's forward() method expects 1 argument(s), but received 0. If "), std::string::npos);
  EXPECT_NE(none.find("`FORWARD_HAS_DEFAULT_ARGS` macro"), std::string::npos);
  EXPECT_NE(error_of([&] { any.forward<int>(1, 2); }).find("expects 1 argument(s), but received 2."),
            std::string::npos);
  EXPECT_EQ(any.get<AddImpl>().n, 3);
  EXPECT_EQ(any.get<Add>()->n, 3);
  EXPECT_EQ(any.ptr<AddImpl>().get(), any.ptr().get());
  EXPECT_EQ(any.type_info(), typeid(AddImpl));
  EXPECT_NE(error_of([&] { any.get<nn::LinearImpl>(); }).find("Attempted to cast module of type"), std::string::npos);
  nn::AnyModule empty;
  EXPECT_TRUE(empty.is_empty());
  EXPECT_EQ(error_of([&] { empty.forward<int>(1); }), "Cannot call forward() on an empty AnyModule");
  EXPECT_EQ(error_of([&] { empty.ptr(); }), "Cannot call ptr() on an empty AnyModule");
  empty = std::make_shared<AddImpl>(4);
  EXPECT_EQ(empty.forward<int>(1), 5);
}

TEST(AnyModule, FillsInDefaultArguments) {
  nn::AnyModule any(Defaults{});
  EXPECT_EQ(any.forward<int>(1), 321);
  EXPECT_EQ(any.forward<int>(1, 5), 351);
  EXPECT_EQ(any.forward<int>(1, 5, 1.0), 151);
  EXPECT_NE(error_of([&] {
              any.forward<int>();
            }).find("forward() method expects at least 1 argument(s) and at most 3 argument(s), but received 0."),
            std::string::npos);
}

TEST(AnyModule, CopiesShareClonesDoNot) {
  nn::AnyModule any(nn::Linear(2, 2)), copy = any, clone = any.clone();
  EXPECT_EQ(any.ptr(), copy.ptr());
  EXPECT_NE(any.ptr(), clone.ptr());
  EXPECT_TRUE(equal(any.get<nn::LinearImpl>().weight, clone.get<nn::LinearImpl>().weight));
}

TEST(Sequential, AppliesOneAfterTheOther) {
  nn::Linear a(3, 4), b(4, 2);
  nn::Sequential net(a, nn::Functional(gradus::tanh), b);
  const Tensor x = randn({5, 3});
  EXPECT_TRUE(equal(net->forward(x), b(gradus::tanh(a(x)))));
  EXPECT_TRUE(equal(net(x), net->forward(x)));
  EXPECT_EQ(net->size(), 3u);
  EXPECT_EQ(net->named_parameters().keys(), (std::vector<std::string>{"0.weight", "0.bias", "2.weight", "2.bias"}));
  EXPECT_EQ(&net->at<nn::LinearImpl>(0), a.get());
  EXPECT_EQ(net->ptr<nn::LinearImpl>(2).get(), b.get());
  EXPECT_EQ(net[0].get(), a.get());
  EXPECT_EQ(error_of([&] { net->ptr(3); }), "Index out of range");
  int n = 0;
  for (auto& m : *net) n += !m.is_empty();
  EXPECT_EQ(n, 3);
}

TEST(Sequential, TakesAnyTypesInAndOut) {
  nn::Sequential numbers(Add(1), AddImpl(2), std::make_shared<AddImpl>(3), nn::AnyModule(Add(4)));
  EXPECT_EQ(numbers->forward<int>(0), 10);
  nn::Sequential two(PairSum(), nn::Linear(2, 2));
  const Tensor x = randn({1, 2});
  EXPECT_TRUE(equal(two->forward(x, x), two->at<nn::LinearImpl>(1).forward(x + x)));
  nn::Sequential text(nn::Identity(), TextImpl{});
  EXPECT_EQ(text->forward<std::string>(x), "2");
  EXPECT_EQ(error_of([&] { text->forward(x); }).find("The type of the return value is "), 0u);
  EXPECT_EQ(error_of([] { nn::Sequential()->forward(ones({1})); }), "Cannot call forward() on an empty Sequential");
  nn::Sequential nested(nn::Sequential(nn::Linear(2, 3), nn::Tanh()), nn::Linear(3, 1));
  EXPECT_EQ(nested->forward(x).size(1), 1);
}

TEST(Sequential, NamesExtendsAndClones) {
  nn::Sequential net({{"in", nn::Linear(2, 3)}, {"act", nn::ReLU()}, {"out", nn::Linear(3, 1)}});
  net->push_back("end", nn::Sigmoid());
  net->push_back(nn::Identity());
  EXPECT_EQ(net->named_children().keys(), (std::vector<std::string>{"in", "act", "out", "end", "4"}));
  auto copy = std::dynamic_pointer_cast<nn::SequentialImpl>(net->clone());
  EXPECT_EQ(copy->named_children().keys(), net->named_children().keys());
  const Tensor x = randn({4, 2});
  EXPECT_TRUE(equal(copy->forward(x), net->forward(x)));
  {
    NoGradGuard no_grad;
    net->at<nn::LinearImpl>(0).weight.fill_(0);
  }
  EXPECT_FALSE(equal(copy->forward(x), net->forward(x)));
  nn::Sequential longer(nn::Identity{});
  longer->extend(*net);
  EXPECT_EQ(longer->size(), 6u);
  OrderedDict<std::string, nn::AnyModule> dict;
  dict.insert("a", nn::AnyModule(nn::Linear(1, 2)));
  dict.insert("b", nn::AnyModule(nn::Linear(2, 3)));
  nn::Sequential from_dict(std::move(dict));
  EXPECT_EQ(from_dict->named_parameters()[2].key(), "b.weight");
}

TEST(Sequential, Prints) {
  nn::Sequential net(nn::Linear(10, 3), nn::ReLU(), nn::Sequential(nn::Identity()));
  EXPECT_EQ(str(net),
            "torch::nn::Sequential(\n"
            "  (0): torch::nn::Linear(in_features=10, out_features=3, bias=true)\n"
            "  (1): torch::nn::ReLU()\n"
            "  (2): torch::nn::Sequential(\n"
            "    (0): torch::nn::Identity()\n"
            "  )\n"
            ")");
}

TEST(Functional, BindsArguments) {
  nn::Functional scale([](const Tensor& x, double a, double b) { return x * a + b; }, 2.0, 1.0);
  EXPECT_EQ(scale(ones({1})).item<float>(), 3);
  EXPECT_EQ(str(scale), "torch::nn::Functional()");
  EXPECT_FALSE(scale->is_serializable());
  nn::Functional relu(gradus::relu);
  EXPECT_EQ(relu(-ones({1})).item<float>(), 0);
}

TEST(ModuleList, PushesInsertsAndRegisters) {
  nn::ModuleList list(nn::Linear(1, 1), nn::ReLU());
  list->push_back(nn::Linear(2, 2));
  list->insert(1, nn::Linear(3, 3));
  EXPECT_EQ(list->size(), 4u);
  EXPECT_EQ(list->at<nn::LinearImpl>(1).weight.size(0), 3);
  EXPECT_EQ((*list)[3]->as<nn::Linear>()->weight.size(0), 2);
  EXPECT_EQ(list->named_children().keys(), (std::vector<std::string>{"0", "1", "2", "3"}));
  EXPECT_EQ(list->children()[1].get(), list->ptr(1).get());
  EXPECT_EQ(list->parameters().size(), 6u);
  EXPECT_EQ(error_of([&] { list->ptr(4); }), "Index out of range");
  EXPECT_EQ(error_of([&] { list->insert(9, nn::ReLU()); }), "Index out of range");
  EXPECT_EQ(error_of([&] { list->at<nn::ReLUImpl>(0); }), "Unable to cast module[0] to gradus::nn::ReLUImpl");
  auto copy = std::dynamic_pointer_cast<nn::ModuleListImpl>(list->clone());
  EXPECT_EQ(copy->size(), 4u);
  EXPECT_NE(copy->ptr(0), list->ptr(0));
  nn::ModuleList more;
  more->extend(*list);
  EXPECT_EQ(more->size(), 4u);
  size_t n = 0;
  for (const auto& m : *more) n += m != nullptr;
  EXPECT_EQ(n, 4u);
}

TEST(ModuleDict, UpdatesInPlace) {
  OrderedDict<std::string, std::shared_ptr<nn::Module>> modules;
  modules.insert("a", nn::Linear(1, 1).ptr());
  modules.insert("b", nn::ReLU().ptr());
  nn::ModuleDict dict(modules);
  EXPECT_EQ(dict->keys(), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(dict->contains("a"));
  EXPECT_EQ(dict->at<nn::LinearImpl>("a").weight.numel(), 1);
  EXPECT_EQ(error_of([&] { dict->at<nn::LinearImpl>("b"); }), "Unable to cast module[b] to gradus::nn::LinearImpl");
  dict->update(std::vector<std::pair<std::string, std::shared_ptr<nn::Module>>>{{"a", nn::Linear(2, 2).ptr()},
                                                                                {"c", nn::Tanh().ptr()}});
  EXPECT_EQ(dict->keys(), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(dict->parameters()[0].numel(), 4);
  EXPECT_EQ(dict["c"], dict->values()[2]);
  auto copy = std::dynamic_pointer_cast<nn::ModuleDictImpl>(dict->clone());
  EXPECT_EQ(copy->keys(), dict->keys());
  EXPECT_NE((*copy)["a"], (*dict)["a"]);
  EXPECT_TRUE(dict->pop("b")->as<nn::ReLU>());
  EXPECT_EQ(dict->children().size(), 2u);
  EXPECT_EQ(error_of([&] { dict->pop("b"); }), "Key 'b' is not defined");
  dict->clear();
  EXPECT_TRUE(dict->empty());
  EXPECT_TRUE(dict->children().empty());
}

TEST(ParameterList, RegistersWhatItGets) {
  Tensor a = ones({2}).requires_grad_(), b = ones({3});
  nn::ParameterList list(a, b);
  list->append(zeros({1}));
  EXPECT_EQ(list->size(), 3u);
  EXPECT_TRUE(list->at(0).is_same(a));
  EXPECT_TRUE(list->at(0).requires_grad());
  EXPECT_FALSE(list->at(1).requires_grad());
  EXPECT_EQ(list->named_parameters().keys(), (std::vector<std::string>{"0", "1", "2"}));
  EXPECT_EQ(str(list),
            "torch::nn::ParameterList(\n(0): Parameter containing: [Float of size [2]]\n(1): Parameter containing: "
            "[Float of size [3]]\n(2): Parameter containing: [Float of size [1]]\n)");
  auto copy = std::dynamic_pointer_cast<nn::ParameterListImpl>(list->clone());
  EXPECT_TRUE(copy->at(0).requires_grad());
  EXPECT_FALSE(copy->at(0).is_alias_of(a));
  EXPECT_EQ(error_of([&] { list->at(3); }), "Index out of range");
}

TEST(ParameterDict, InsertsPopsUpdates) {
  nn::ParameterDict dict;
  dict->insert("a", ones({2}).requires_grad_());
  dict->insert("b", ones({3}));
  EXPECT_TRUE(dict->get("a").requires_grad());
  EXPECT_EQ(dict->keys(), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(error_of([&] { dict->insert("a", ones({1})); }), "Parameter 'a' already defined");
  EXPECT_EQ(dict->pop("b").numel(), 3);
  EXPECT_FALSE(dict->contains("b"));
  nn::ParameterDict other;
  other->insert("a", zeros({5}));
  other->insert("z", zeros({6}));
  dict->update(*other);
  EXPECT_EQ(dict["a"].numel(), 5);
  EXPECT_EQ(dict->size(), 2u);
  dict->clear();
  EXPECT_TRUE(dict->empty());
}
