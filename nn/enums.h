// The names that options take their values from: kMean, kReLU, kSame … Each is a type of its own, so that a
// std::variant says which of them an option accepts.
#pragma once
#include <string>
#include <variant>

namespace gradus {

namespace enumtype {

#define GRADUS_ENUM(Name)                          \
  struct k##Name {                                 \
    constexpr k##Name() {}                         \
    static constexpr const char* text = "k" #Name; \
  }
GRADUS_ENUM(Linear);
GRADUS_ENUM(Conv1D);
GRADUS_ENUM(Conv2D);
GRADUS_ENUM(Conv3D);
GRADUS_ENUM(ConvTranspose1D);
GRADUS_ENUM(ConvTranspose2D);
GRADUS_ENUM(ConvTranspose3D);
GRADUS_ENUM(Sigmoid);
GRADUS_ENUM(Tanh);
GRADUS_ENUM(ReLU);
GRADUS_ENUM(GELU);
GRADUS_ENUM(SiLU);
GRADUS_ENUM(Mish);
GRADUS_ENUM(LeakyReLU);
GRADUS_ENUM(FanIn);
GRADUS_ENUM(FanOut);
GRADUS_ENUM(Constant);
GRADUS_ENUM(Reflect);
GRADUS_ENUM(Replicate);
GRADUS_ENUM(Circular);
GRADUS_ENUM(Nearest);
GRADUS_ENUM(Bilinear);
GRADUS_ENUM(Bicubic);
GRADUS_ENUM(Trilinear);
GRADUS_ENUM(Area);
GRADUS_ENUM(NearestExact);
GRADUS_ENUM(Sum);
GRADUS_ENUM(Mean);
GRADUS_ENUM(Max);
GRADUS_ENUM(None);
GRADUS_ENUM(BatchMean);
GRADUS_ENUM(Zeros);
GRADUS_ENUM(Border);
GRADUS_ENUM(Reflection);
GRADUS_ENUM(RNN_TANH);
GRADUS_ENUM(RNN_RELU);
GRADUS_ENUM(LSTM);
GRADUS_ENUM(GRU);
GRADUS_ENUM(Valid);
GRADUS_ENUM(Same);
#undef GRADUS_ENUM

/// "kMean" of a variant that holds kMean.
template <class V>
std::string get_enum_name(const V& v) {
  return std::visit([](auto e) { return std::string(decltype(e)::text); }, v);
}

}  // namespace enumtype

inline constexpr enumtype::kLinear kLinear;
inline constexpr enumtype::kConv1D kConv1D;
inline constexpr enumtype::kConv2D kConv2D;
inline constexpr enumtype::kConv3D kConv3D;
inline constexpr enumtype::kConvTranspose1D kConvTranspose1D;
inline constexpr enumtype::kConvTranspose2D kConvTranspose2D;
inline constexpr enumtype::kConvTranspose3D kConvTranspose3D;
inline constexpr enumtype::kSigmoid kSigmoid;
inline constexpr enumtype::kTanh kTanh;
inline constexpr enumtype::kReLU kReLU;
inline constexpr enumtype::kGELU kGELU;
inline constexpr enumtype::kSiLU kSiLU;
inline constexpr enumtype::kMish kMish;
inline constexpr enumtype::kLeakyReLU kLeakyReLU;
inline constexpr enumtype::kFanIn kFanIn;
inline constexpr enumtype::kFanOut kFanOut;
inline constexpr enumtype::kConstant kConstant;
inline constexpr enumtype::kReflect kReflect;
inline constexpr enumtype::kReplicate kReplicate;
inline constexpr enumtype::kCircular kCircular;
inline constexpr enumtype::kNearest kNearest;
inline constexpr enumtype::kBilinear kBilinear;
inline constexpr enumtype::kBicubic kBicubic;
inline constexpr enumtype::kTrilinear kTrilinear;
inline constexpr enumtype::kArea kArea;
inline constexpr enumtype::kNearestExact kNearestExact;
inline constexpr enumtype::kSum kSum;
inline constexpr enumtype::kMean kMean;
inline constexpr enumtype::kMax kMax;
inline constexpr enumtype::kNone kNone;
inline constexpr enumtype::kBatchMean kBatchMean;
inline constexpr enumtype::kZeros kZeros;
inline constexpr enumtype::kBorder kBorder;
inline constexpr enumtype::kReflection kReflection;
inline constexpr enumtype::kRNN_TANH kRNN_TANH;
inline constexpr enumtype::kRNN_RELU kRNN_RELU;
inline constexpr enumtype::kLSTM kLSTM;
inline constexpr enumtype::kGRU kGRU;
inline constexpr enumtype::kValid kValid;
inline constexpr enumtype::kSame kSame;

}  // namespace gradus
