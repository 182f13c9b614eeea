# The library: every source of the house below examples/, headers included as gradus/<folder>/<file>.h.
list(APPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_LIST_DIR})
find_package(OpenMP REQUIRED COMPONENTS CXX)
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)

file(GLOB_RECURSE GRADUS_SOURCES CONFIGURE_DEPENDS
  ${PROJECT_SOURCE_DIR}/tensor/*.cpp ${PROJECT_SOURCE_DIR}/autograd/*.cpp ${PROJECT_SOURCE_DIR}/nn/*.cpp
  ${PROJECT_SOURCE_DIR}/optim/*.cpp ${PROJECT_SOURCE_DIR}/data/*.cpp ${PROJECT_SOURCE_DIR}/io/*.cpp)

# In the tree gradus/ is a link to the root, so that an include reads the same here and in an installation.
set(GRADUS_INCLUDE_ROOT ${PROJECT_BINARY_DIR}/include CACHE PATH "Folder in which gradus/ is the root of the tree")
mark_as_advanced(GRADUS_INCLUDE_ROOT)
file(MAKE_DIRECTORY ${GRADUS_INCLUDE_ROOT})
file(CREATE_LINK ${PROJECT_SOURCE_DIR} ${GRADUS_INCLUDE_ROOT}/gradus SYMBOLIC)

add_library(gradus ${GRADUS_SOURCES})
add_library(gradus::gradus ALIAS gradus)
target_include_directories(gradus PUBLIC $<BUILD_INTERFACE:${GRADUS_INCLUDE_ROOT}> $<INSTALL_INTERFACE:include>)
target_compile_features(gradus PUBLIC cxx_std_20)
target_link_libraries(gradus PRIVATE $<BUILD_INTERFACE:gradus_warnings> OpenMP::OpenMP_CXX ZLIB::ZLIB
                                     PUBLIC Threads::Threads)
# Programs have their own copies of inline functions; exported, their names alone would take half a megabyte.
set_target_properties(gradus PROPERTIES VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}
                                        VISIBILITY_INLINES_HIDDEN ON)
# No semantic interposition: calls inside the library are direct, as in a static one.
target_compile_options(gradus PRIVATE -fno-semantic-interposition -fno-math-errno -fno-trapping-math)

# Nor by the dynamic linker: one gradus calls its own functions without a table.
target_link_options(gradus PRIVATE -Wl,-Bsymbolic-functions)

if(GRADUS_WITH_ONEDNN)
  find_package(OneDNN 2.5 REQUIRED)
  target_link_libraries(gradus PRIVATE OneDNN::OneDNN)
  target_compile_definitions(gradus PRIVATE GRADUS_ONEDNN)
endif()

# compat/: <torch/torch.h>, in which torch::, at:: and c10:: name gradus.
add_library(gradus_torch INTERFACE)
add_library(gradus::torch ALIAS gradus_torch)
set_target_properties(gradus_torch PROPERTIES EXPORT_NAME torch)
target_include_directories(gradus_torch INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/compat>
                                                  $<INSTALL_INTERFACE:include/gradus/compat>)
target_link_libraries(gradus_torch INTERFACE gradus)
