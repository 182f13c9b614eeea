# What the tests of random programs and the program gradus_random_programs share, and that program.
file(GLOB _sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.cpp)
list(FILTER _sources EXCLUDE REGEX "(_test|/main)\\.cpp$")
add_library(gradus_programs STATIC ${_sources})
target_link_libraries(gradus_programs PUBLIC gradus_test_settings)
target_compile_options(gradus_programs PRIVATE -fPIE)  # as the precompiled header, which is an executable's
gradus_add_pch(gradus_programs)

find_package(CLI11 REQUIRED)
add_executable(gradus_random_programs ${CMAKE_CURRENT_LIST_DIR}/main.cpp)
target_link_libraries(gradus_random_programs PRIVATE gradus_programs CLI11::CLI11)
