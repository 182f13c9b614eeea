// Losses with odd options, value and gradients as PyTorch has them; and distances.
#include "gradus/tensor/warning.h"
#include "gradus/tests/nn/parity.h"

using namespace gradus;
using namespace gradus::parity;
namespace F = gradus::nn::functional;

namespace {

// As record.py has them.
struct Losses : testing::Test {
  Tensor x = filled({3, 4}), flipped = filled({4, 3}).t(), soft = softmax(flipped * 2, 1);
  Tensor signs = tensor({1.0, -1.0, 1.0}, kFloat), sign_table = sign(flipped + 0.05);
  Tensor weight = tensor({0.5, 1.0, 2.0, 0.1}, kFloat), class_weight = tensor({0.3, 1.0, 2.5}, kFloat);
  Tensor classes = tensor({1, 3, 2}), labels = tensor({{3, 0, -1, 1}, {1, -1, 0, 2}, {0, 1, 2, 2}});
  Tensor counts = tensor({{0.0, 1.0, 2.0, 3.0}, {4.0, 0.5, 1.0, 7.0}, {2.0, 2.0, 0.0, 1.0}}, kFloat);
  Tensor image = filled({2, 3, 2, 2}), image_classes = tensor({{{0, 2}, {1, 1}}, {{2, 0}, {1, 2}}});
};
using Distances = Losses;

const std::pair<const char*, nn::reduction_t> reductions[] = {{"none", kNone}, {"mean", kMean}, {"sum", kSum}};

}  // namespace

TEST_F(Losses, WithMargins) {
  for (const auto& [name, r] : reductions) {
    nn::HingeEmbeddingLoss hinge(nn::HingeEmbeddingLossOptions().margin(0.55).reduction(r));
    expect_gradients(
        str("hinge_embedding_", name), [&](auto& x) { return hinge(x, sign_table); }, x);
    nn::SoftMarginLoss soft_margin(nn::SoftMarginLossOptions().reduction(r));
    expect_gradients(
        str("soft_margin_", name), [&](auto& x) { return soft_margin(x, sign_table); }, x);
    nn::MarginRankingLoss ranking(nn::MarginRankingLossOptions().margin(0.25).reduction(r));
    expect_gradients(
        str("margin_ranking_", name), [&](auto& a, auto& b) { return ranking(a, b, sign_table); }, x, flipped);
    nn::MultiMarginLoss multi(nn::MultiMarginLossOptions().p(2).margin(0.75).weight(weight).reduction(r));
    expect_gradients(
        str("multi_margin_", name), [&](auto& x) { return multi(x, classes); }, x);
    nn::MultiLabelMarginLoss label(nn::MultiLabelMarginLossOptions().reduction(r));
    expect_gradients(
        str("multi_label_margin_", name), [&](auto& x) { return label(x, labels); }, x);
    nn::MultiLabelSoftMarginLoss label_soft(nn::MultiLabelSoftMarginLossOptions().weight(weight).reduction(r));
    expect_gradients(
        str("multi_label_soft_margin_", name), [&](auto& x) { return label_soft(x, (sign_table + 1) / 2); }, x);
  }
}

TEST_F(Losses, OfPairsAndTriplets) {
  const Tensor rolled = cat({x.narrow(0, 2, 1), x.narrow(0, 0, 2)});
  auto furthest = [](const Tensor& u, const Tensor& v) { return (u - v).abs().amax({1}); };
  for (const auto& [name, r] : reductions) {
    nn::CosineEmbeddingLoss cosine(nn::CosineEmbeddingLossOptions().margin(-0.35).reduction(r));
    expect_gradients(
        str("cosine_embedding_", name), [&](auto& a, auto& b) { return cosine(a, b, signs); }, x, flipped);
    nn::TripletMarginLoss triplet(nn::TripletMarginLossOptions().margin(2.0).p(3).swap(true).reduction(r));
    expect_gradients(
        str("triplet_margin_", name), [&](auto& a, auto& p, auto& n) { return triplet(a, p, n); }, x, flipped, rolled);
    nn::TripletMarginWithDistanceLoss distance(
        nn::TripletMarginWithDistanceLossOptions().distance_function(furthest).margin(0.35).swap(true).reduction(r));
    expect_gradients(
        str("triplet_margin_with_distance_", name), [&](auto& a, auto& p, auto& n) { return distance(a, p, n); }, x,
        flipped + 0.03, rolled - 0.01);
  }
  // Without a function the distance is pairwise_distance.
  EXPECT_TRUE(
      nn::TripletMarginWithDistanceLoss()(x, flipped, rolled).allclose(nn::TripletMarginLoss()(x, flipped, rolled)));
}

TEST_F(Losses, OfCountsAndNormalDistributions) {
  for (const auto& [name, r] : reductions) {
    nn::PoissonNLLLoss poisson(nn::PoissonNLLLossOptions().full(true).reduction(r));
    expect_gradients(
        str("poisson_nll_", name), [&](auto& x) { return poisson(x, counts); }, x);
    nn::PoissonNLLLoss plain(nn::PoissonNLLLossOptions().log_input(false).eps(0.01).reduction(r));
    expect_gradients(
        str("poisson_nll_counts_", name), [&](auto& x) { return plain(x, counts); }, x + 1.5);
    nn::GaussianNLLLoss gaussian(nn::GaussianNLLLossOptions().full(true).eps(0.3).reduction(r));
    expect_gradients(
        str("gaussian_nll_", name), [&](auto& x, auto& v) { return gaussian(x, soft, v); }, x, filled({3, 1}).abs());
  }
}

TEST_F(Losses, OfClassesAndProbabilities) {
  for (const auto& [name, r] : reductions) {
    nn::CrossEntropyLoss entropy(nn::CrossEntropyLossOptions().weight(weight).label_smoothing(0.2).reduction(r));
    expect_gradients(
        str("cross_entropy_probabilities_", name), [&](auto& x, auto& t) { return entropy(x, t); }, x, soft);
    nn::CrossEntropyLoss of_image(
        nn::CrossEntropyLossOptions().weight(class_weight).ignore_index(1).label_smoothing(0.2).reduction(r));
    expect_gradients(
        str("cross_entropy_image_", name), [&](auto& x) { return of_image(x, image_classes); }, image);
    nn::NLLLoss nll(nn::NLLLossOptions().weight(class_weight).reduction(r));
    expect_gradients(
        str("nll_image_", name), [&](auto& x) { return nll(x, image_classes); }, image);
    nn::BCEWithLogitsLoss logits(nn::BCEWithLogitsLossOptions().weight(weight).pos_weight(2 * weight).reduction(r));
    expect_gradients(
        str("bce_logits_", name), [&](auto& x) { return logits(x, soft); }, x);
    const nn::KLDivLossOptions of[] = {kNone, kMean, kSum};
    nn::KLDivLoss divergence(of[r.index()]);
    expect_gradients(
        str("kl_div_", name), [&](auto& x, auto& t) { return divergence(x, t); }, x, soft);
  }
}

TEST_F(Losses, KeepTheirWeightsAsBuffers) {
  nn::MultiMarginLoss loss(nn::MultiMarginLossOptions().weight(weight));
  EXPECT_EQ(loss->named_buffers().keys(), std::vector<std::string>{"weight"});
  EXPECT_TRUE(nn::MultiLabelSoftMarginLoss()->buffers().empty());
  EXPECT_EQ(error_of([] { nn::MultiMarginLoss(nn::MultiMarginLossOptions().p(3)); }),
            "MultiMarginLoss: only p == 1 and p == 2 supported");
  EXPECT_EQ(error_of([&] {
              F::multi_margin_loss(x, classes, nn::MultiMarginLossOptions().weight(ones({2, 2})));
            }),
            "multi_margin_loss: weight must be one-dimensional");
}

namespace {

struct Counter : WarningHandler {
  void process(const Warning& w) override { texts.push_back(w.msg()); }
  std::vector<std::string> texts;
};

}  // namespace

TEST_F(Losses, WarnOfTargetsThatBroadcast) {
  Counter counter;
  WarningUtils::set_warning_handler(&counter);
  F::mse_loss(x, ones({4}));
  F::smooth_l1_loss(x, ones({4}));
  F::huber_loss(x, ones({4}));
  F::mse_loss(x, x);
  F::kl_div(x, soft);
  F::kl_div(x, soft, nn::KLDivLossOptions(kBatchMean));
  WarningUtils::set_warning_handler(nullptr);
  ASSERT_EQ(counter.texts.size(), 4u);
  EXPECT_EQ(
      counter.texts[0],
      "Using a target size ([4]) that is different to the input size ([3, 4]). This will likely lead to incorrect "
      "results due to broadcasting. Please ensure they have the same size.");
  EXPECT_NE(counter.texts[3].find("'batchmean' divides only by the batch size"), std::string::npos);
}

TEST_F(Losses, TakeAReductionForTheirOptions) {
  EXPECT_EQ(nn::MSELoss(kNone)(x, flipped).sizes(), x.sizes());
  EXPECT_EQ(nn::SoftMarginLoss(kSum)(x, sign_table).dim(), 0);
  EXPECT_TRUE(F::l1_loss(x, flipped, kSum).allclose((x - flipped).abs().sum()));
  EXPECT_TRUE(F::kl_div(x, soft, kBatchMean).allclose(F::kl_div(x, soft, kSum) / 3));
  const nn::reduction_t chosen = kSum;
  EXPECT_EQ(nn::HuberLoss(chosen)(x, flipped).dim(), 0);
}

TEST_F(Losses, Print) {
  auto expect = [](const auto& loss, const std::string& text) { EXPECT_EQ(str(loss), "torch::nn::" + text); };
  expect(nn::HingeEmbeddingLoss(nn::HingeEmbeddingLossOptions().margin(4)), "HingeEmbeddingLoss(margin=4)");
  expect(nn::CosineEmbeddingLoss(nn::CosineEmbeddingLossOptions().margin(0.25)), "CosineEmbeddingLoss(margin=0.25)");
  expect(nn::MultiLabelMarginLoss(), "MultiLabelMarginLoss()");
  expect(nn::MultiLabelSoftMarginLoss(), "MultiLabelSoftMarginLoss()");
  expect(nn::SoftMarginLoss(), "SoftMarginLoss()");
  expect(nn::MarginRankingLoss(), "MarginRankingLoss()");
  expect(nn::PoissonNLLLoss(), "PoissonNLLLoss()");
  expect(nn::TripletMarginLoss(nn::TripletMarginLossOptions().margin(3).p(2).eps(1e-06).swap(false)),
         "TripletMarginLoss(margin=3, p=2, eps=1e-06, swap=false)");
  expect(nn::TripletMarginWithDistanceLoss(), "TripletMarginWithDistanceLoss(margin=1, swap=false)");
  expect(nn::MultiMarginLoss(nn::MultiMarginLossOptions().p(2).margin(0.5)),
         "MultiMarginLoss(p=2, margin=0.5, weight=[ Tensor (undefined) ], reduction=kMean)");
  expect(nn::CosineSimilarity(), "CosineSimilarity(dim=1, eps=1e-08)");
  expect(nn::PairwiseDistance(nn::PairwiseDistanceOptions().p(3).eps(0.5).keepdim(true)),
         "PairwiseDistance(p=3, eps=0.5, keepdim=true)");
}

TEST_F(Distances, AreThoseOfPyTorch) {
  nn::CosineSimilarity cosine(nn::CosineSimilarityOptions().dim(0).eps(1e-3));
  expect_gradients(
      "cosine_similarity", [&](auto& a, auto& b) { return cosine(a, b); }, x, flipped);
  nn::PairwiseDistance distance(nn::PairwiseDistanceOptions().p(3).eps(1e-3).keepdim(true));
  expect_gradients(
      "pairwise_distance", [&](auto& a, auto& b) { return distance(a, b); }, x, flipped);
  expect_gradients(
      "normalize_3", [](auto& x) { return F::normalize(x, F::NormalizeFuncOptions().p(3).dim(0)); }, x);
  const Tensor out = zeros({1});
  EXPECT_TRUE(F::normalize(x, F::NormalizeFuncOptions().out(out)).is_same(out));
  EXPECT_TRUE(out.equal(F::normalize(x)));
}
