// The laws of the house, held against the tree, and each law against code that breaks it.
#include "gradus/tests/house/laws.h"

#include <gtest/gtest.h>

#include "gradus/tests/paths.h"

namespace {

using namespace house;
using Law = Violations (*)(const Source&);

const std::vector<Source>& tree() {
  static const std::vector<Source> sources = read_tree(paths::source());
  return sources;
}

void expect_kept(Law law) {
  ASSERT_FALSE(tree().empty());
  for (const Source& source : tree()) {
    for (const std::string& violation : law(source)) ADD_FAILURE() << violation;
  }
}

size_t broken(Law law, const std::string& path, const std::string& text) { return law(Source(path, text)).size(); }

TEST(House, IncludesOnlyBelow) { expect_kept(includes_only_below); }
TEST(House, RawPointersStayInKernels) { expect_kept(no_raw_pointers); }
TEST(House, NodesAreRecordedInAutogradOnly) { expect_kept(records_no_nodes); }
TEST(House, FilesAndFunctionsAreShort) { expect_kept(is_short); }
TEST(House, HeadersAreClean) { expect_kept(is_clean_header); }

TEST(Laws, IncludesAreSeen) {
  const auto law = includes_only_below;
  EXPECT_EQ(broken(law, "tensor/a.h", "#include \"gradus/autograd/node.h\"\n"), 1u);
  EXPECT_EQ(broken(law, "tensor/a.h", "  #  include <gradus/gradus.h>\n"), 1u);
  EXPECT_EQ(broken(law, "nn/a.h", "#include \"gradus/optim/sgd.h\"\n"), 1u);
  EXPECT_EQ(broken(law, "nn/a.h", "#include \"gradus/autograd/node.h\"\n#include \"gradus/nn/b.h\"\n"), 0u);
  EXPECT_EQ(broken(law, "io/a.cpp", "#include \"gradus/tests/a.h\"\n"), 1u);
  EXPECT_EQ(broken(law, "tensor/a.cpp", "#include \"b.h\"\n"), 1u);
  EXPECT_EQ(broken(law, "tensor/a.cpp", "#include \"../nn/b.h\"\n"), 1u);
  EXPECT_EQ(broken(law, "tensor/a.cpp", "#include <vector>\n// #include \"gradus/nn/b.h\"\n"), 0u);
  EXPECT_EQ(broken(law, "gradus.h", "#include \"gradus/io/a.h\"\n"), 0u);
  EXPECT_EQ(broken(law, "compat/torch/torch.h", "#include \"gradus/gradus.h\"\n"), 0u);
  EXPECT_EQ(broken(law, "data/a.cpp", "#include \"gradus/io/gzip.h\"\n"), 0u);
  EXPECT_EQ(broken(law, "io/a.cpp", "#include \"gradus/data/idx.h\"\n"), 1u);
  EXPECT_EQ(broken(law, "tests/a.cpp", "#include \"b.h\"\n"), 0u);
  EXPECT_EQ(broken(law, "tests/a.cpp", "#include \"gradus/examples/b.h\"\n"), 0u);
  EXPECT_EQ(broken(law, "misc/a.cpp", ""), 1u);
}

TEST(Laws, RawPointersAreSeen) {
  const auto law = no_raw_pointers;
  EXPECT_EQ(broken(law, "nn/a.cpp", "auto p = x.data_ptr<float>();\n"), 1u);
  EXPECT_EQ(broken(law, "autograd/ops/a.cpp", "auto p = x.data<float>(), q = x.mutable_data_ptr();\n"), 2u);
  EXPECT_EQ(broken(law, "optim/a.cpp", "// data_ptr\nauto p = \"data_ptr\"; v.data();\n"), 0u);
  EXPECT_EQ(broken(law, "tensor/kernels/a.cpp", "auto p = x.data_ptr<float>();\n"), 0u);
  EXPECT_EQ(broken(law, "examples/a.cpp", "auto p = x.data_ptr<float>();\n"), 0u);
}

TEST(Laws, RecordingIsSeen) {
  const auto law = records_no_nodes;
  EXPECT_EQ(broken(law, "nn/a.cpp", "return unary(\"f\", x, [](auto v) { return v; });\n"), 1u);
  EXPECT_EQ(broken(law, "nn/a.cpp", "#include \"gradus/autograd/record.h\"\n"), 1u);
  EXPECT_EQ(broken(law, "optim/a.cpp", "auto n = std::make_shared<autograd::Node>();\n"), 1u);
  EXPECT_EQ(broken(law, "autograd/a.cpp", "return unary(\"f\", x, f);\n"), 0u);
  EXPECT_EQ(broken(law, "tensor/kernels/a.cpp", "unary(out, in);\n"), 0u);
}

std::string lines(int n) {
  std::string s;
  for (int i = 0; i < n; ++i) s += "  x();\n";
  return s;
}

TEST(Laws, LengthIsMeasured) {
  const auto law = is_short;
  EXPECT_EQ(broken(law, "tensor/a.cpp", std::string(599, '\n')), 0u);
  EXPECT_EQ(broken(law, "tensor/a.cpp", std::string(600, '\n')), 1u);
  EXPECT_EQ(broken(law, "tests/autograd/rows_a.cpp", std::string(700, '\n')), 0u);
  EXPECT_EQ(broken(law, "tensor/a.cpp", "void f(int a) {\n" + lines(57) + "}\n"), 0u);
  for (const char* head : {"void f(int a) {\n", "auto f(A<B> a) const -> int {\n", "S::S(int a) : a_{a}, b_(2) {\n",
                           "template <class T>\nvoid f() {\n", "struct S {\nvoid f() {}\nbool operator==(S b) {\n",
                           "namespace a {\nnamespace {\nstruct [[x]] S : B<int> {\nS() = default;\nvoid g() {\n",
                           "TEST(A, B) {\n", "auto f = [](int a) {\n", "#include <a>\nint f() {\nif (a) { b(); }\n"}) {
    EXPECT_EQ(broken(law, "tensor/a.cpp", head + lines(58) + "}\n"), 1u) << head;
  }
  for (const char* head : {"namespace a {\n", "class A : public B {\n", "struct alignas(64) A {\n", "enum class E {\n",
                           "Row rows[] = {\n", "extern \"C\" {\n", "template <class T, int N = f(3)>\nstruct A {\n"}) {
    EXPECT_EQ(broken(law, "tensor/a.cpp", head + lines(80) + "};\n"), 0u) << head;
  }
}

TEST(Laws, LiteralsAndCommentsAreBlanked) {
  EXPECT_EQ(blank("a /* { */ b // {\nc"), "a         b     \nc");
  EXPECT_EQ(blank("\"{\\\"\" '{' 1'000'000 {"), "\"   \" ' ' 1'000'000 {");
  EXPECT_EQ(blank("R\"x({\n)\")x\" }"), "     \n      }");
  EXPECT_EQ(blank("#include \"a.h\"\n"), "#include \"a.h\"\n");
}

TEST(Laws, CleanHeaders) {
  EXPECT_EQ(broken(is_clean_header, "a.h", "int a;\n"), 1u);
  EXPECT_EQ(broken(is_clean_header, "a.h", "#pragma once\nusing namespace std;\n"), 1u);
  EXPECT_EQ(broken(is_clean_header, "a.h", "#pragma once\nnamespace a {}\n"), 0u);
}

}  // namespace
