# Warnings are errors in our own build; a project that embeds gradus keeps its own policy.
add_library(gradus_warnings INTERFACE)
if(PROJECT_IS_TOP_LEVEL)
  target_compile_options(gradus_warnings INTERFACE -Wall -Wextra -Werror)
endif()
if(GRADUS_SANITIZE)
  add_compile_options(-fsanitize=${GRADUS_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${GRADUS_SANITIZE})
endif()
