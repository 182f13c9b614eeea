// Checks and warnings in LibTorch's spelling; each is one call into the library.
#pragma once
#include "gradus/compat/names.h"

#define TORCH_CHECK_WITH(Error, condition, ...) \
  if (!(condition)) ::gradus::detail::condition_failed<::gradus::Error>(#condition __VA_OPT__(, ) __VA_ARGS__)
#define TORCH_CHECK(condition, ...) TORCH_CHECK_WITH(Error, condition, __VA_ARGS__)
#define TORCH_CHECK_INDEX(condition, ...) TORCH_CHECK_WITH(IndexError, condition, __VA_ARGS__)
#define TORCH_CHECK_VALUE(condition, ...) TORCH_CHECK(condition, __VA_ARGS__)
#define TORCH_CHECK_TYPE(condition, ...) TORCH_CHECK(condition, __VA_ARGS__)
#define TORCH_CHECK_NOT_IMPLEMENTED(condition, ...) TORCH_CHECK(condition, __VA_ARGS__)
#define TORCH_INTERNAL_ASSERT(condition, ...) \
  if (!(condition)) ::gradus::detail::assertion_failed(#condition, __FILE__, __LINE__ __VA_OPT__(, ) __VA_ARGS__)
#define TORCH_INTERNAL_ASSERT_DEBUG_ONLY(...) TORCH_INTERNAL_ASSERT(__VA_ARGS__)
#define TORCH_WARN(...) ::gradus::detail::warn_at(__func__, __FILE__, __LINE__ __VA_OPT__(, ) __VA_ARGS__)
#define TORCH_WARN_ONCE(...)                                                                  \
  do {                                                                                        \
    static const bool torch_warned_once = (static_cast<void>(TORCH_WARN(__VA_ARGS__)), true); \
    static_cast<void>(torch_warned_once);                                                     \
  } while (false)
#define AT_ASSERT(...) TORCH_INTERNAL_ASSERT(__VA_ARGS__)
#define AT_ASSERTM(condition, ...) TORCH_INTERNAL_ASSERT(condition, __VA_ARGS__)
#define AT_ERROR(...) ::gradus::fail(__VA_ARGS__)
