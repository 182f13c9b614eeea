# Objects come from ccache where it is installed. The two allowances are what a precompiled header needs.
find_program(GRADUS_CCACHE ccache)
mark_as_advanced(GRADUS_CCACHE)
if(PROJECT_IS_TOP_LEVEL AND GRADUS_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      ${GRADUS_CCACHE})
endif()
