# OneDNN::OneDNN, by header and library: the package file of Debian's libdnnl-dev asks for an OpenCL that it does not use.
find_path(OneDNN_INCLUDE_DIR oneapi/dnnl/dnnl.hpp)
find_library(OneDNN_LIBRARY dnnl)
mark_as_advanced(OneDNN_INCLUDE_DIR OneDNN_LIBRARY)

if(OneDNN_INCLUDE_DIR)
  file(GLOB _headers ${OneDNN_INCLUDE_DIR}/oneapi/dnnl/dnnl_version*.h)
  foreach(_header ${_headers})
    file(STRINGS ${_header} _lines REGEX "^#define +DNNL_VERSION_(MAJOR|MINOR|PATCH) +[0-9]+")
    foreach(_line ${_lines})
      string(REGEX MATCH "DNNL_VERSION_([A-Z]+) +([0-9]+)" _ "${_line}")
      set(_${CMAKE_MATCH_1} ${CMAKE_MATCH_2})
    endforeach()
  endforeach()
  set(OneDNN_VERSION ${_MAJOR}.${_MINOR}.${_PATCH})
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(OneDNN REQUIRED_VARS OneDNN_LIBRARY OneDNN_INCLUDE_DIR VERSION_VAR OneDNN_VERSION)
if(OneDNN_FOUND AND NOT TARGET OneDNN::OneDNN)
  add_library(OneDNN::OneDNN UNKNOWN IMPORTED)
  set_target_properties(OneDNN::OneDNN PROPERTIES IMPORTED_LOCATION ${OneDNN_LIBRARY}
                        INTERFACE_INCLUDE_DIRECTORIES ${OneDNN_INCLUDE_DIR})
endif()
