"""All mutants of a source in one: each stands beside what it mutates, and a number chosen at run time says which counts.

Where a mutant is an expression, both are wrapped and chosen between:

    g * y * (1 - y)   becomes   g * y * (pick(17, [&] { return 1 - y; }, [&] { return 1 + y; }))

Where the two have no common type, or a name of a type is mutated, the rest of the block is written twice. What the
compiler refuses both ways does not compile. Each mutant has lines of its own in what the compiler reads, so that its
errors say whose they are."""
import re

# Stands after the includes of the file. A number in the place of a tensor fills it, one in the place of a vector too.
PRELUDE = """
#include <cstdio>
#include <cstdlib>
#include <type_traits>
#include "gradus/tensor/factories.h"
namespace gradus::mutation {
namespace {
const int active = std::getenv("GRADUS_MUTANT") ? std::atoi(std::getenv("GRADUS_MUTANT")) : -1;
struct Trace {  // which mutants were reached
  char seen[COUNT] = {};
  ~Trace() {
    const char* path = std::getenv("GRADUS_MUTANT_TRACE");
    std::FILE* f = path ? std::fopen(path, "wb") : nullptr;
    if (f) std::fwrite(seen, 1, sizeof seen, f), std::fclose(f);
  }
} trace;
inline bool on(int id) {
  trace.seen[id] = 1;
  return id == active;
}
template <class O, class M>
auto pick(int id, const O& original, const M& mutated) {
  using T = decltype(original());
  using U = decltype(mutated());
  if (!on(id)) return original();
  if constexpr (std::is_void_v<T> || std::is_same_v<T, U>) return mutated();
  else if constexpr (std::is_same_v<T, Tensor> && std::is_arithmetic_v<U>) return full_like(original(), mutated());
  else return static_cast<T>(mutated());
}
}  // namespace
}  // namespace gradus::mutation
"""
LINES = 1000  # that a mutant has for itself
STATEMENT = re.compile(r"(\d+):\d+")


class Schema:
    def __init__(self, path, code, mutants):
        self.path, self.code, self.mutants = path, code, mutants
        self.way = ["expression" if m.whole else "block" for m in mutants]

    def of(self, id_):
        return f'\n#line {id_ * LINES + 1} "mutants"\n'

    def back(self, place):
        return f'\n#line {self.code.text.count(chr(10), 0, place) + 1} "{self.path}"\n'

    def places(self):
        """The mutants by the range of characters that they replace, outermost first; one for each range and mutant."""
        code, found = self.code, []
        for id_, m in enumerate(self.mutants):
            if self.way[id_] == "expression":
                first, last, text = m.whole
                found.append((code.begin[first], code.end[last], id_, text))
            elif self.way[id_] == "block":
                first, last = code.rest_of_block(m.first)
                b, e = code.begin[first], code.end[last]
                found.append((b, e, id_, code.text[b:m.begin] + m.text + code.text[m.end:e]))
        found.sort(key=lambda p: (p[0], -p[1], self.way[p[2]] == "expression", p[2]))
        fitting = []
        for p in found:  # what overlaps without nesting is written as blocks
            if self.way[p[2]] == "expression" and any(q[0] < p[0] < q[1] < p[1] for q in fitting):
                self.way[p[2]] = "block"
                return self.places()
            fitting.append(p)
        return fitting

    def source(self):
        places = self.places()
        include = list(re.finditer(r"^#include.*\n", self.code.text, re.M))[-1].end()
        self.next = 0
        body = self.render(include, len(self.code.text), places)
        head = self.code.text[:include] + PRELUDE.replace("COUNT", str(len(self.mutants) + 1))
        return f'#line 1 "{self.path}"\n{head}{self.back(include)}{body}'

    def render(self, begin, end, places):
        out, at = [], begin
        while self.next < len(places) and places[self.next][0] < end:
            b, e, id_, text = places[self.next]
            self.next += 1
            out += [self.code.text[at:b], self.one(b, e, id_, text, places)]
            at = e
        return "".join(out) + self.code.text[at:end]

    def one(self, b, e, id_, text, places):
        original = self.render(b, e, places)
        start = self.of(id_)
        if self.way[id_] == "block":
            return f"{start}if (gradus::mutation::on({id_})) {{ {text} }} else {{{self.back(b)}{original}}}{self.back(e)}"
        return (f"{start}gradus::mutation::pick({id_}, [&] {{ return{self.back(b)}{original};{start}}}, [&] {{ return {text}; "
                f"}}){self.back(e)}")

    def refused(self, errors):
        """Takes from the compiler's words which mutants it refuses, to write those another way. False if it names none."""
        guilty, trace = set(), []
        for line in errors.splitlines():
            mine = re.match(r"mutants:(\d+):", line)
            if " error: " in line:
                # The innermost place comes last, then what required it from inside out.
                places = ([mine.group(1)] if mine else []) + trace
                guilty.update(int(p) // LINES for p in places[:1])
                trace = []
            elif mine and ("required from" in line or "In lambda" in line):
                trace.append(mine.group(1))
            elif re.match(r"\S+: (In|At) ", line):
                trace = []
        for id_ in guilty:
            self.way[id_] = "none" if self.way[id_] == "block" else "block"
        return bool(guilty)

    def compiles(self, id_):
        return self.way[id_] != "none"
