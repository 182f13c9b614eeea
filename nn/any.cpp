#include "gradus/nn/any.h"

namespace gradus::nn {

void AnyValue::fail_cast(const std::string& before, const std::type_info& wanted, const char* between,
                         const std::type_info& actual) {
  fail(before, demangle(wanted.name()), between, demangle(actual.name()));
}

void detail::AnyModulePlaceholder::fail_count(const std::type_info& type, size_t least, size_t most, size_t got) {
  const std::string name = demangle(type.name());
  if (least < most)
    fail(name, "'s forward() method expects at least ", least, " argument(s) and at most ", most,
         " argument(s), but received ", got, ".");
  std::string hint;
  if (got < most)
    hint = " If " + name +
           "'s forward() method has default arguments, please make sure the forward() method is declared with a "
           "corresponding `FORWARD_HAS_DEFAULT_ARGS` macro.";
  fail(name, "'s forward() method expects ", most, " argument(s), but received ", got, ".", hint);
}

bool AnyModule::complete(Module& m, std::vector<AnyValue>& arguments, size_t count, size_t& least) {
  if (!m._forward_has_default_args()) return arguments.size() == count;
  least = m._forward_num_required_args();
  if (arguments.size() < least || arguments.size() > count) return false;
  arguments = m._forward_populate_default_args(std::move(arguments));
  return true;
}

AnyModule AnyModule::clone(std::optional<Device> device) const {
  AnyModule copy;
  if (content_) copy.content_ = content_->clone(device);
  return copy;
}

std::shared_ptr<Module> AnyModule::ptr() const {
  check(!is_empty(), "Cannot call ptr() on an empty AnyModule");
  return content_->module;
}

const std::type_info& AnyModule::type_info() const {
  check(!is_empty(), "Cannot call type_info() on an empty AnyModule");
  return *content_->type;
}

void AnyModule::check_type(const char* call, const std::type_info& wanted) const {
  check(!is_empty(), "Cannot call ", call, "() on an empty AnyModule");
  if (*content_->type != wanted)
    fail("Attempted to cast module of type ", demangle(content_->type->name()), " to type ", demangle(wanted.name()));
}

unsigned detail::first_default(std::initializer_list<std::pair<unsigned, AnyValue>> defaults) {
  check(defaults.size() > 0, "FORWARD_HAS_DEFAULT_ARGS: expected at least one default argument");
  return defaults.begin()->first;
}

std::vector<AnyValue> detail::with_defaults(std::vector<AnyValue>&& arguments,
                                            std::initializer_list<std::pair<unsigned, AnyValue>> defaults) {
  const unsigned first = first_default(defaults);
  check(arguments.size() >= first, "FORWARD_HAS_DEFAULT_ARGS: expected at least ", first, " arguments, got ",
        arguments.size());
  std::vector<AnyValue> all = std::move(arguments);
  for (const auto& [i, value] : defaults)
    if (i >= all.size()) all.push_back(value);
  return all;
}

}  // namespace gradus::nn
