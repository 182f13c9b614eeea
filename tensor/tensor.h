// Tensor: the one handle. One pointer wide, cheap to copy (a copy is the same tensor), typed at run time.
//
// Methods have LibTorch's names, argument orders, defaults and meaning. What computes or differentiates is defined in
// autograd/ops/, one family a file, beside the free function of the same name, whose comment gives the formula.
#pragma once
#include <concepts>
#include <string>
#include <tuple>
#include <vector>

#include "gradus/tensor/generator.h"
#include "gradus/tensor/impl.h"
#include "gradus/tensor/indexing.h"
#include "gradus/tensor/options.h"
#include "gradus/tensor/scalar.h"
#include "gradus/tensor/tensor_methods.h"

namespace gradus {

class Node;
class Tensor;
using TensorList = ArrayRef<Tensor>;

class Tensor : public TensorMethods {
 public:
  Tensor() = default;  // undefined
  explicit Tensor(Intrusive<TensorImpl> impl) : impl_(std::move(impl)) {}
  Tensor(const Tensor&) = default;
  Tensor(Tensor&&) noexcept = default;
  Tensor& operator=(const Tensor& o) & = default;
  Tensor& operator=(Tensor&& o) & noexcept = default;
  /// Into what an index names: x[0] = y copies into x.
  Tensor& operator=(const Tensor& o) &&;
  Tensor& operator=(const Scalar& v) &&;
  ~Tensor() = default;

  // ---- what it is -------------------------------------------------------------------------------------------------
  bool defined() const { return static_cast<bool>(impl_); }
  TensorImpl* unsafeGetTensorImpl() const { return impl_.get(); }
  const Intrusive<TensorImpl>& impl() const { return impl_; }
  bool is_same(const Tensor& o) const { return impl_ == o.impl_; }
  void reset() { impl_.reset(); }
  uint32_t use_count() const { return impl_ ? impl_->use_count() : 0; }

  IntArrayRef sizes() const { return get().sizes; }
  IntArrayRef strides() const { return get().strides; }
  int64_t dim() const { return static_cast<int64_t>(get().sizes.size()); }
  int64_t ndimension() const { return dim(); }
  int64_t numel() const { return get().numel; }
  int64_t size(int64_t d) const { return get().sizes[static_cast<size_t>(wrap(d))]; }
  int64_t stride(int64_t d) const { return get().strides[static_cast<size_t>(wrap(d))]; }
  int64_t storage_offset() const { return get().offset; }
  size_t element_size() const { return gradus::element_size(get().dtype); }
  size_t itemsize() const { return element_size(); }
  size_t nbytes() const { return static_cast<size_t>(numel()) * element_size(); }
  ScalarType scalar_type() const { return get().dtype; }
  TypeMeta dtype() const { return get().dtype; }
  Device device() const { return Device(kCPU); }
  Layout layout() const { return kStrided; }
  TensorOptions options() const { return TensorOptions().dtype(scalar_type()).device(Device(kCPU)); }
  bool is_contiguous() const { return get().contiguous; }
  bool is_floating_point() const { return is_floating(scalar_type()); }
  bool is_signed() const { return gradus::is_signed(scalar_type()); }
  bool is_complex() const { return false; }
  bool is_sparse() const { return false; }
  bool is_cpu() const { return true; }
  bool is_cuda() const { return false; }
  /// The number of the device, -1 of the processor.
  int64_t get_device() const { return -1; }
  const Intrusive<Storage>& storage() const { return get().storage; }
  bool has_storage() const { return defined(); }
  bool is_alias_of(const Tensor& o) const { return storage() == o.storage(); }
  bool is_same_size(const Tensor& o) const { return sizes() == o.sizes(); }
  /// Whether it shows the same elements in the same order.
  bool is_set_to(const Tensor& o) const {
    return is_alias_of(o) && storage_offset() == o.storage_offset() && sizes() == o.sizes() && strides() == o.strides();
  }

  /// Address of the first element; T must be the element type (or void).
  template <class T>
  T* data_ptr() const {
    if constexpr (!std::is_void_v<T>)
      check(dtype_of<std::remove_const_t<T>> == scalar_type(), "expected scalar type ",
            gradus::name(dtype_of<std::remove_const_t<T>>), " but found ", gradus::name(scalar_type()));
    return reinterpret_cast<T*>(get().data());
  }
  void* data_ptr() const { return get().data(); }
  template <class T>
  const T* const_data_ptr() const {
    return data_ptr<const T>();
  }

  /// The one element, as T.
  template <class T>
  T item() const {
    return item().template to<T>();
  }
  Scalar item() const;
  bool is_nonzero() const;
  /// As PyTorch prints it, with the line [ CPUFloatType{2,3} ].
  std::string toString() const;
  void print() const;

  // ---- gradients --------------------------------------------------------------------------------------------------
  bool requires_grad() const { return get().needs_grad(); }
  const Tensor& requires_grad_(bool r = true) const;
  const Tensor& set_requires_grad(bool r) const { return requires_grad_(r); }
  bool is_leaf() const;
  void backward(const Tensor& gradient = {}, std::optional<bool> retain_graph = std::nullopt, bool create_graph = false,
                std::optional<TensorList> inputs = std::nullopt) const;
  const Tensor& grad() const;
  Tensor& mutable_grad() const;
  /// The operation that made this tensor; null for leaves.
  Intrusive<Node> grad_fn() const;
  int64_t output_nr() const;
  void retain_grad() const;
  bool retains_grad() const;
  Tensor detach() const;
  Tensor& detach_() const;
  /// The same elements without history, whose in-place changes autograd does not see.
  Tensor data() const;
  Tensor tensor_data() const { return data(); }
  Tensor variable_data() const { return data(); }
  void set_data(const Tensor& o) const;
  int64_t _version() const { return get().storage->version(); }
  /// `hook(grad)` is called when this tensor's gradient is known; a tensor that it returns takes the gradient's place.
  template <class F>
  unsigned register_hook(F&& hook) const;
  void remove_hook(unsigned handle) const;
  unsigned add_hook(std::function<Tensor(const Tensor&)> hook) const;
  /// `hook(tensor)` is called when a gradient has been added to this leaf's .grad; remove_hook takes it back.
  unsigned register_post_accumulate_grad_hook(std::function<void(const Tensor&)> hook) const;

  // ---- copies and types (ops/copy.cpp) ----------------------------------------------------------------------------
  Tensor clone(std::optional<MemoryFormat> format = std::nullopt) const;
  Tensor contiguous(MemoryFormat format = MemoryFormat::Contiguous) const;
  Tensor to(ScalarType dtype, bool non_blocking = false, bool copy = false) const;
  Tensor to(const TensorOptions& options, bool non_blocking = false, bool copy = false) const;
  Tensor to(Device device, ScalarType dtype, bool non_blocking = false, bool copy = false) const;
  Tensor to(const Tensor& like, bool non_blocking = false, bool copy = false) const;
  Tensor toType(ScalarType t) const { return to(t); }
  Tensor type_as(const Tensor& o) const { return to(o.scalar_type()); }
  Tensor cpu() const { return *this; }
  /// This tensor: there is no device that would copy faster from pinned memory.
  Tensor pin_memory() const { return *this; }
  bool is_pinned() const { return false; }
  Tensor& copy_(const Tensor& src, bool non_blocking = false) const;
  Tensor& fill_(const Scalar& v) const;
  Tensor& fill_(const Tensor& v) const;
  Tensor& zero_() const;
  Tensor& resize_(IntArrayRef sizes) const;
  Tensor& resize_as_(const Tensor& like) const { return resize_(like.sizes()); }
  /// From now on the elements of another tensor or storage, of the same type; without an argument none. No derivative.
  Tensor& set_() const;
  Tensor& set_(const Tensor& source) const;
  Tensor& set_(const Tensor& source, int64_t storage_offset, IntArrayRef size, IntArrayRef stride = {}) const;
  Tensor& set_(const Intrusive<Storage>& source) const;
  Tensor& set_(const Intrusive<Storage>& source, int64_t storage_offset, IntArrayRef size,
               IntArrayRef stride = {}) const;

  // ---- arithmetic (ops/arithmetic.cpp) ----------------------------------------------------------------------------
  Tensor add(const Tensor& o, const Scalar& alpha = 1) const;
  Tensor add(const Scalar& o, const Scalar& alpha = 1) const;
  Tensor& add_(const Tensor& o, const Scalar& alpha = 1) const;
  Tensor& add_(const Scalar& o, const Scalar& alpha = 1) const;
  Tensor sub(const Tensor& o, const Scalar& alpha = 1) const;
  Tensor sub(const Scalar& o, const Scalar& alpha = 1) const;
  Tensor& sub_(const Tensor& o, const Scalar& alpha = 1) const;
  Tensor& sub_(const Scalar& o, const Scalar& alpha = 1) const;
  Tensor mul(const Tensor& o) const;
  Tensor mul(const Scalar& o) const;
  Tensor& mul_(const Tensor& o) const;
  Tensor& mul_(const Scalar& o) const;
  Tensor div(const Tensor& o) const;
  Tensor div(const Scalar& o) const;
  Tensor& div_(const Tensor& o) const;
  Tensor& div_(const Scalar& o) const;
  Tensor neg() const;
  Tensor& neg_() const;
  Tensor operator-() const { return neg(); }
  Tensor abs() const;
  Tensor& abs_() const;
  Tensor sign() const;
  Tensor reciprocal() const;
  Tensor square() const;
  Tensor sqrt() const;
  Tensor& sqrt_() const;
  Tensor rsqrt() const;
  Tensor pow(const Scalar& e) const;
  Tensor pow(const Tensor& e) const;
  Tensor& pow_(const Scalar& e) const;
  Tensor maximum(const Tensor& o) const;
  Tensor minimum(const Tensor& o) const;
  Tensor clamp(const std::optional<Scalar>& min, const std::optional<Scalar>& max = std::nullopt) const;
  Tensor& clamp_(const std::optional<Scalar>& min, const std::optional<Scalar>& max = std::nullopt) const;
  Tensor clamp_min(const Scalar& min) const;
  Tensor& clamp_min_(const Scalar& min) const;
  Tensor clamp_max(const Scalar& max) const;
  Tensor& clamp_max_(const Scalar& max) const;
  Tensor lerp(const Tensor& end, const Scalar& weight) const;
  Tensor& lerp_(const Tensor& end, const Scalar& weight) const;
  Tensor addcmul(const Tensor& a, const Tensor& b, const Scalar& value = 1) const;
  Tensor& addcmul_(const Tensor& a, const Tensor& b, const Scalar& value = 1) const;
  Tensor addcdiv(const Tensor& a, const Tensor& b, const Scalar& value = 1) const;
  Tensor& addcdiv_(const Tensor& a, const Tensor& b, const Scalar& value = 1) const;
  Tensor fmod(const Scalar& o) const;
  Tensor fmod(const Tensor& o) const;
  Tensor remainder(const Scalar& o) const;
  Tensor remainder(const Tensor& o) const;
  Tensor div(const Tensor& other, std::optional<std::string_view> rounding_mode) const;
  Tensor div(const Scalar& other, std::optional<std::string_view> rounding_mode) const;
  Tensor& div_(const Tensor& other, std::optional<std::string_view> rounding_mode) const;
  Tensor& div_(const Scalar& other, std::optional<std::string_view> rounding_mode) const;
  Tensor& pow_(const Tensor& exponent) const;
  Tensor clamp(const std::optional<Tensor>& min = {}, const std::optional<Tensor>& max = {}) const;
  Tensor& clamp_(const std::optional<Tensor>& min = {}, const std::optional<Tensor>& max = {}) const;
  Tensor clip(const std::optional<Scalar>& min, const std::optional<Scalar>& max = std::nullopt) const;
  Tensor clip(const std::optional<Tensor>& min = {}, const std::optional<Tensor>& max = {}) const;
  Tensor& clip_(const std::optional<Scalar>& min, const std::optional<Scalar>& max = std::nullopt) const;
  Tensor& clip_(const std::optional<Tensor>& min = {}, const std::optional<Tensor>& max = {}) const;
  Tensor clamp_min(const Tensor& min) const;
  Tensor& clamp_min_(const Tensor& min) const;
  Tensor clamp_max(const Tensor& max) const;
  Tensor& clamp_max_(const Tensor& max) const;
  Tensor lerp(const Tensor& end, const Tensor& weight) const;
  Tensor& lerp_(const Tensor& end, const Tensor& weight) const;
  Tensor& operator+=(const Tensor& o) { return add_(o); }
  Tensor& operator+=(const Scalar& o) { return add_(o); }
  Tensor& operator-=(const Tensor& o) { return sub_(o); }
  Tensor& operator-=(const Scalar& o) { return sub_(o); }
  Tensor& operator*=(const Tensor& o) { return mul_(o); }
  Tensor& operator*=(const Scalar& o) { return mul_(o); }
  Tensor& operator/=(const Tensor& o) { return div_(o); }
  Tensor& operator/=(const Scalar& o) { return div_(o); }

  // ---- elementary functions (ops/elementary.cpp) ------------------------------------------------------------------
  Tensor exp() const;
  Tensor& exp_() const;
  Tensor expm1() const;
  Tensor log() const;
  Tensor& log_() const;
  Tensor log2() const;
  Tensor log10() const;
  Tensor log1p() const;
  Tensor sin() const;
  Tensor cos() const;
  Tensor tan() const;
  Tensor asin() const;
  Tensor acos() const;
  Tensor atan() const;
  Tensor sinh() const;
  Tensor cosh() const;
  Tensor tanh() const;
  Tensor& tanh_() const;
  Tensor erf() const;
  Tensor erfc() const;
  Tensor floor() const;
  Tensor ceil() const;
  Tensor round() const;
  Tensor round(int64_t decimals) const;
  Tensor trunc() const;
  Tensor frac() const;

  // ---- activations (ops/activation.cpp) ---------------------------------------------------------------------------
  Tensor sigmoid() const;
  Tensor& sigmoid_() const;
  Tensor relu() const;
  Tensor& relu_() const;

  // ---- comparisons and logic (ops/compare.cpp) --------------------------------------------------------------------
  Tensor eq(const Tensor& o) const;
  Tensor eq(const Scalar& o) const;
  Tensor ne(const Tensor& o) const;
  Tensor ne(const Scalar& o) const;
  Tensor lt(const Tensor& o) const;
  Tensor lt(const Scalar& o) const;
  Tensor le(const Tensor& o) const;
  Tensor le(const Scalar& o) const;
  Tensor gt(const Tensor& o) const;
  Tensor gt(const Scalar& o) const;
  Tensor ge(const Tensor& o) const;
  Tensor ge(const Scalar& o) const;
  Tensor logical_not() const;
  Tensor logical_and(const Tensor& o) const;
  Tensor logical_or(const Tensor& o) const;
  Tensor logical_xor(const Tensor& o) const;
  Tensor operator!() const { return logical_not(); }
  Tensor isnan() const;
  Tensor isinf() const;
  Tensor isfinite() const;
  Tensor where(const Tensor& condition, const Tensor& other) const;
  Tensor masked_fill(const Tensor& mask, const Scalar& value) const;
  Tensor& masked_fill_(const Tensor& mask, const Scalar& value) const;
  Tensor where(const Tensor& condition, const Scalar& other) const;
  Tensor masked_fill(const Tensor& mask, const Tensor& value) const;
  Tensor& masked_fill_(const Tensor& mask, const Tensor& value) const;
  bool allclose(const Tensor& o, double rtol = 1e-5, double atol = 1e-8, bool equal_nan = false) const;
  bool equal(const Tensor& o) const;

  // ---- shape (ops/shape.cpp) --------------------------------------------------------------------------------------
  Tensor view(IntArrayRef sizes) const;
  Tensor view_as(const Tensor& o) const { return view(o.sizes()); }
  Tensor reshape(IntArrayRef sizes) const;
  Tensor reshape_as(const Tensor& o) const { return reshape(o.sizes()); }
  Tensor flatten(int64_t start_dim = 0, int64_t end_dim = -1) const;
  Tensor unflatten(int64_t dim, IntArrayRef sizes) const;
  Tensor squeeze() const;
  Tensor squeeze(int64_t dim) const;
  Tensor& squeeze_() const;
  Tensor squeeze(IntArrayRef dim) const;
  Tensor& squeeze_(int64_t dim) const;
  Tensor& squeeze_(IntArrayRef dim) const;
  Tensor narrow(int64_t dim, const Tensor& start, int64_t length) const;
  Tensor unsqueeze(int64_t dim) const;
  Tensor& unsqueeze_(int64_t dim) const;
  Tensor transpose(int64_t a, int64_t b) const;
  Tensor& transpose_(int64_t a, int64_t b) const;
  Tensor t() const;
  Tensor permute(IntArrayRef dims) const;
  Tensor expand(IntArrayRef sizes, bool implicit = false) const;
  Tensor expand_as(const Tensor& o) const { return expand(o.sizes()); }
  Tensor as_strided(IntArrayRef sizes, IntArrayRef strides, std::optional<int64_t> offset = std::nullopt) const;
  Tensor narrow(int64_t dim, int64_t start, int64_t length) const;
  Tensor select(int64_t dim, int64_t index) const;
  Tensor slice(int64_t dim = 0, std::optional<int64_t> start = std::nullopt, std::optional<int64_t> end = std::nullopt,
               int64_t step = 1) const;
  std::vector<Tensor> split(int64_t size, int64_t dim = 0) const;
  std::vector<Tensor> split(IntArrayRef split_size, int64_t dim = 0) const;
  std::vector<Tensor> split_with_sizes(IntArrayRef sizes, int64_t dim = 0) const;
  std::vector<Tensor> chunk(int64_t chunks, int64_t dim = 0) const;
  std::vector<Tensor> unbind(int64_t dim = 0) const;
  Tensor repeat(IntArrayRef repeats) const;
  Tensor flip(IntArrayRef dims) const;
  Tensor sum_to_size(IntArrayRef sizes) const;

  // ---- reductions (ops/reduce.cpp) --------------------------------------------------------------------------------
  Tensor sum(std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor sum(OptionalIntArrayRef dim, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor mean(std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor mean(OptionalIntArrayRef dim, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor prod(std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor prod(int64_t dim, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor var(bool unbiased = true) const;
  Tensor var(int dim) const { return var(OptionalIntArrayRef(dim)); }
  Tensor var(OptionalIntArrayRef dim, bool unbiased = true, bool keepdim = false) const;
  Tensor std(bool unbiased = true) const;
  Tensor std(int dim) const { return std(OptionalIntArrayRef(dim)); }
  Tensor std(OptionalIntArrayRef dim, bool unbiased = true, bool keepdim = false) const;
  Tensor norm(const Scalar& p = 2) const;
  Tensor norm(const std::optional<Scalar>& p, IntArrayRef dim, bool keepdim = false) const;
  Tensor(max)() const;
  std::tuple<Tensor, Tensor>(max)(int64_t dim, bool keepdim = false) const;
  Tensor(max)(const Tensor& o) const { return maximum(o); }
  Tensor(min)() const;
  std::tuple<Tensor, Tensor>(min)(int64_t dim, bool keepdim = false) const;
  Tensor(min)(const Tensor& o) const { return minimum(o); }
  Tensor amax(IntArrayRef dim = {}, bool keepdim = false) const;
  Tensor amin(IntArrayRef dim = {}, bool keepdim = false) const;
  Tensor argmax(std::optional<int64_t> dim = std::nullopt, bool keepdim = false) const;
  Tensor argmin(std::optional<int64_t> dim = std::nullopt, bool keepdim = false) const;
  Tensor any() const;
  Tensor any(int64_t dim, bool keepdim = false) const;
  Tensor all() const;
  Tensor all(int64_t dim, bool keepdim = false) const;
  Tensor any(OptionalIntArrayRef dim, bool keepdim = false) const;
  Tensor all(OptionalIntArrayRef dim, bool keepdim = false) const;
  Tensor var(OptionalIntArrayRef dim, const std::optional<Scalar>& correction, bool keepdim = false) const;
  Tensor std(OptionalIntArrayRef dim, const std::optional<Scalar>& correction, bool keepdim = false) const;
  Tensor norm(const std::optional<Scalar>& p, ScalarType dtype) const;
  Tensor norm(const std::optional<Scalar>& p, IntArrayRef dim, bool keepdim, ScalarType dtype) const;
  Tensor logsumexp(IntArrayRef dim, bool keepdim = false) const;
  Tensor cumsum(int64_t dim, std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor diff(int64_t n = 1, int64_t dim = -1, const std::optional<Tensor>& prepend = {},
              const std::optional<Tensor>& append = {}) const;
  Tensor bincount(const std::optional<Tensor>& weights = {}, int64_t minlength = 0) const;
  Tensor cov(int64_t correction = 1, const std::optional<Tensor>& fweights = {},
             const std::optional<Tensor>& aweights = {}) const;

  // ---- indexing (ops/index.cpp) -----------------------------------------------------------------------------------
  Tensor operator[](int64_t i) const { return select(0, i); }
  Tensor operator[](const Tensor& i) const;
  Tensor index(ArrayRef<indexing::TensorIndex> indices) const;
  Tensor index(std::initializer_list<indexing::TensorIndex> indices) const;
  Tensor& index_put_(ArrayRef<indexing::TensorIndex> indices, const Tensor& v) const;
  Tensor& index_put_(ArrayRef<indexing::TensorIndex> indices, const Scalar& v) const;
  Tensor& index_put_(std::initializer_list<indexing::TensorIndex> indices, const Tensor& v) const;
  Tensor& index_put_(std::initializer_list<indexing::TensorIndex> indices, const Scalar& v) const;
  Tensor& index_put_(ArrayRef<std::optional<Tensor>> indices, const Tensor& v, bool accumulate) const;
  Tensor index_put(ArrayRef<std::optional<Tensor>> indices, const Tensor& v, bool accumulate = false) const;
  Tensor index_select(int64_t dim, const Tensor& index) const;
  Tensor index_add(int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha = 1) const;
  Tensor& index_add_(int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha = 1) const;
  Tensor gather(int64_t dim, const Tensor& index, bool sparse_grad = false) const;
  Tensor scatter(int64_t dim, const Tensor& index, const Tensor& src) const;
  Tensor& scatter_(int64_t dim, const Tensor& index, const Tensor& src) const;
  Tensor& scatter_(int64_t dim, const Tensor& index, const Scalar& value) const;
  Tensor scatter(int64_t dim, const Tensor& index, const Scalar& value) const;
  Tensor scatter(int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce) const;
  Tensor scatter(int64_t dim, const Tensor& index, const Scalar& value, std::string_view reduce) const;
  Tensor& scatter_(int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce) const;
  Tensor& scatter_(int64_t dim, const Tensor& index, const Scalar& value, std::string_view reduce) const;
  Tensor scatter_add(int64_t dim, const Tensor& index, const Tensor& src) const;
  Tensor& scatter_add_(int64_t dim, const Tensor& index, const Tensor& src) const;
  Tensor masked_select(const Tensor& mask) const;
  Tensor nonzero() const;
  std::tuple<Tensor, Tensor> sort(int64_t dim = -1, bool descending = false) const;
  Tensor argsort(int64_t dim = -1, bool descending = false) const;
  std::tuple<Tensor, Tensor> sort(std::optional<bool> stable, int64_t dim = -1, bool descending = false) const;
  template <std::same_as<bool> Stable>
  Tensor argsort(Stable, int64_t dim = -1, bool descending = false) const {
    return argsort(dim, descending);
  }
  std::tuple<Tensor, Tensor> topk(int64_t k, int64_t dim = -1, bool largest = true, bool sorted = true) const;

  // ---- products (ops/matmul.cpp) ----------------------------------------------------------------------------------
  Tensor matmul(const Tensor& o) const;
  Tensor mm(const Tensor& o) const;
  Tensor bmm(const Tensor& o) const;
  Tensor mv(const Tensor& o) const;
  Tensor dot(const Tensor& o) const;

  // ---- softmax (ops/softmax.cpp) ----------------------------------------------------------------------------------
  Tensor softmax(int64_t dim, std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor log_softmax(int64_t dim, std::optional<ScalarType> dtype = std::nullopt) const;

  // ---- random (ops/random.cpp) ------------------------------------------------------------------------------------
  Tensor& uniform_(double from = 0, double to = 1, std::optional<Generator> g = std::nullopt) const;
  Tensor& normal_(double mean = 0, double std = 1, std::optional<Generator> g = std::nullopt) const;
  Tensor& random_(std::optional<Generator> g = std::nullopt) const;
  Tensor& random_(int64_t to, std::optional<Generator> g = std::nullopt) const;
  Tensor& random_(int64_t from, std::optional<int64_t> to, std::optional<Generator> g = std::nullopt) const;
  Tensor bernoulli(std::optional<Generator> g = std::nullopt) const;
  Tensor bernoulli(double p, std::optional<Generator> g = std::nullopt) const;
  Tensor& bernoulli_(double p = 0.5, std::optional<Generator> g = std::nullopt) const;
  Tensor multinomial(int64_t samples, bool replacement = false, std::optional<Generator> g = std::nullopt) const;

  Tensor new_zeros(IntArrayRef sizes, const TensorOptions& o = {}) const;
  Tensor new_ones(IntArrayRef sizes, const TensorOptions& o = {}) const;
  Tensor new_empty(IntArrayRef sizes, const TensorOptions& o = {}) const;
  Tensor new_full(IntArrayRef sizes, const Scalar& v, const TensorOptions& o = {}) const;
  Tensor new_empty_strided(IntArrayRef sizes, IntArrayRef strides, const TensorOptions& o = {}) const;

 private:
  TensorImpl& get() const {
    check(defined(), "expected a tensor, but got an undefined one");
    return *impl_;
  }
  int64_t wrap(int64_t d) const {
    check_index(dim() > 0, "dimension specified as ", d, " but tensor has no dimensions");
    return wrap_dim(d, dim());
  }

  Intrusive<TensorImpl> impl_;
};

inline const Tensor& TensorMethods::itself() const { return static_cast<const Tensor&>(*this); }

std::ostream& operator<<(std::ostream& out, const Tensor& t);

template <class F>
unsigned Tensor::register_hook(F&& hook) const {
  if constexpr (std::is_void_v<decltype(hook(std::declval<Tensor>()))>)
    return add_hook([h = std::forward<F>(hook)](const Tensor& g) mutable {
      h(Tensor(g));
      return Tensor();
    });
  else
    return add_hook([h = std::forward<F>(hook)](const Tensor& g) mutable { return Tensor(h(Tensor(g))); });
}

}  // namespace gradus
