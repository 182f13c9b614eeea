# find_package(gradus): library, headers as gradus/<folder>/<file>.h, <torch/torch.h>, and the package files.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# oneDNN may lie where no loader looks, as a newer one beside the system's does.
if(GRADUS_WITH_ONEDNN)
  get_filename_component(_onednn ${OneDNN_LIBRARY} DIRECTORY)
  if(NOT _onednn IN_LIST CMAKE_CXX_IMPLICIT_LINK_DIRECTORIES)
    set_property(TARGET gradus APPEND PROPERTY INSTALL_RPATH ${_onednn})
  endif()
endif()
install(TARGETS gradus gradus_torch EXPORT gradus-targets
        RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
foreach(folder tensor autograd nn optim data io compat)
  if(IS_DIRECTORY ${PROJECT_SOURCE_DIR}/${folder})
    install(DIRECTORY ${PROJECT_SOURCE_DIR}/${folder} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/gradus
            FILES_MATCHING PATTERN "*.h")
  endif()
endforeach()
install(FILES ${PROJECT_SOURCE_DIR}/gradus.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/gradus OPTIONAL)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} OPTIONAL)

set(_package ${CMAKE_INSTALL_LIBDIR}/cmake/gradus)
install(EXPORT gradus-targets NAMESPACE gradus:: DESTINATION ${_package})
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/gradus-config.cmake.in
                              ${PROJECT_BINARY_DIR}/gradus-config.cmake INSTALL_DESTINATION ${_package})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/gradus-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/gradus-config.cmake ${PROJECT_BINARY_DIR}/gradus-config-version.cmake
        ${PROJECT_SOURCE_DIR}/cmake/FindOneDNN.cmake DESTINATION ${_package})
