# Every public header compiles alone, and all of them together after the macros that other headers are known to define.
# One small translation unit a header, written now and compiled with the tests.
file(GLOB_RECURSE _headers CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}
  ${PROJECT_SOURCE_DIR}/tensor/*.h ${PROJECT_SOURCE_DIR}/autograd/*.h ${PROJECT_SOURCE_DIR}/nn/*.h
  ${PROJECT_SOURCE_DIR}/optim/*.h ${PROJECT_SOURCE_DIR}/data/*.h ${PROJECT_SOURCE_DIR}/io/*.h)
if(EXISTS ${PROJECT_SOURCE_DIR}/gradus.h)
  list(APPEND _headers gradus.h)
endif()
set(_folder ${PROJECT_BINARY_DIR}/headers)
set(_sources "")
set(_system "")
set(_all "")
foreach(_header ${_headers})
  string(MAKE_C_IDENTIFIER ${_header} _name)
  file(GENERATE OUTPUT ${_folder}/${_name}.cpp
       CONTENT "#include \"gradus/${_header}\"\n#include \"gradus/${_header}\"  // a second time: nothing\n")
  list(APPEND _sources ${_folder}/${_name}.cpp)
  string(APPEND _all "#include \"gradus/${_header}\"\n")
  file(STRINGS ${PROJECT_SOURCE_DIR}/${_header} _lines REGEX "^#include <[a-z_/.]+>")
  list(APPEND _system ${_lines})
endforeach()
# The headers of compat/ under the names by which programs include them; most only lead to another one, and what does
# not is compiled alone like ours.
file(GLOB_RECURSE _compat CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/compat ${PROJECT_SOURCE_DIR}/compat/*/*.h)
foreach(_header ${_compat})
  string(APPEND _all "#include <${_header}>\n")
  file(STRINGS ${PROJECT_SOURCE_DIR}/compat/${_header} _code REGEX "^(namespace|using|template|inline|#define)")
  if(_code)
    string(MAKE_C_IDENTIFIER compat/${_header} _name)
    file(GENERATE OUTPUT ${_folder}/${_name}.cpp CONTENT "#include <${_header}>\n#include <${_header}>\n")
    list(APPEND _sources ${_folder}/${_name}.cpp)
  endif()
endforeach()
# The standard headers come first: it is ours that must stand the macros. oneDNN's need not be there.
list(FILTER _system EXCLUDE REGEX "gradus/|torch/|oneapi/")
list(APPEND _system "#include <algorithm>" "#include <limits>")
list(REMOVE_DUPLICATES _system)
list(SORT _system)
list(JOIN _system "\n" _system)
file(READ ${CMAKE_CURRENT_LIST_DIR}/hostile_macros.inc _macros)
file(GENERATE OUTPUT ${_folder}/after_macros.cpp CONTENT "${_system}\n\n${_macros}\n${_all}")

add_library(gradus_header_tests OBJECT ${_sources} ${_folder}/after_macros.cpp)
target_link_libraries(gradus_header_tests PRIVATE gradus gradus_torch gradus_warnings)
target_compile_options(gradus_header_tests PRIVATE -O0)
