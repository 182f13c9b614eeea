# Projects outside of the tree: they find an installed copy, or build the tree as a part of their own.
set(_run ${CMAKE_CURRENT_LIST_DIR}/run.sh)
set(_arguments -DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER} "-DCMAKE_CXX_FLAGS=${CMAKE_CXX_FLAGS}")

function(gradus_add_consumer name)
  cmake_parse_arguments(arg "" "FIXTURE" "COMMAND" ${ARGN})
  add_test(NAME consumers.${name} COMMAND ${arg_COMMAND})
  set_tests_properties(consumers.${name} PROPERTIES LABELS consumers TIMEOUT 1500 FIXTURES_REQUIRED "${arg_FIXTURE}")
endfunction()

gradus_add_consumer(install COMMAND ${_run} install ${PROJECT_BINARY_DIR})
set_tests_properties(consumers.install PROPERTIES FIXTURES_SETUP installed)
foreach(_kind find_package torch)
  gradus_add_consumer(${_kind} FIXTURE installed
    COMMAND ${_run} ${_kind} ${PROJECT_BINARY_DIR} ${_arguments} -DCMAKE_BUILD_TYPE=${CMAKE_BUILD_TYPE})
endforeach()
foreach(_document ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/docs/extending.md)
  get_filename_component(_name ${_document} NAME_WE)
  if(EXISTS ${_document})
    gradus_add_consumer(${_name} FIXTURE installed
      COMMAND ${_run} documents ${PROJECT_BINARY_DIR} ${_document} ${_arguments} -DCMAKE_BUILD_TYPE=${CMAKE_BUILD_TYPE})
  endif()
endforeach()

# These build the library again. With the flags of this build, ccache has every object already; without ccache what
# counts is that it builds.
set(_again Debug)
if(GRADUS_USE_CCACHE AND GRADUS_CCACHE)
  set(_again ${CMAKE_BUILD_TYPE})
endif()
foreach(_kind add_subdirectory fetch_content)
  gradus_add_consumer(${_kind} COMMAND ${_run} ${_kind} ${PROJECT_BINARY_DIR} ${_arguments}
    -DCMAKE_BUILD_TYPE=${_again} -DGRADUS_WARNINGS_AS_ERRORS=ON -DGRADUS_WITH_ONEDNN=${GRADUS_WITH_ONEDNN}
    -DBUILD_SHARED_LIBS=${BUILD_SHARED_LIBS} -DGRADUS_USE_CCACHE=${GRADUS_USE_CCACHE})
endforeach()
# Two whole builds at a time would only share the cores.
set_tests_properties(consumers.add_subdirectory consumers.fetch_content PROPERTIES RUN_SERIAL ON)
