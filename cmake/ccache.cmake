# Objects come from ccache where it is installed. Paths count from the root of the tree, so that a second checkout is
# served with the objects of the first; the allowances are what a precompiled header needs.
option(GRADUS_USE_CCACHE "Compile through ccache when it is installed" ${PROJECT_IS_TOP_LEVEL})
find_program(GRADUS_CCACHE ccache)
mark_as_advanced(GRADUS_CCACHE)
if(GRADUS_USE_CCACHE AND GRADUS_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      ${CMAKE_CURRENT_LIST_DIR}/ccache_launcher.sh ${GRADUS_CCACHE})
endif()
