# module, tool, made, embed, claims and fuzz: the words that every CMakeLists.txt of the tree is written in.

find_package(PkgConfig REQUIRED)
set(ROOMS_TABLE "${CMAKE_BINARY_DIR}/rooms.txt")
file(WRITE "${ROOMS_TABLE}" "")

add_library(wismo_flags INTERFACE)
target_link_libraries(wismo_flags INTERFACE m)
target_compile_definitions(wismo_flags INTERFACE _GNU_SOURCE WISMO_VERSION="${PROJECT_VERSION}")
target_include_directories(wismo_flags INTERFACE "${CMAKE_SOURCE_DIR}")
target_compile_options(wismo_flags INTERFACE
  -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wundef -Wvla -Wformat=2
  -fno-common -fstack-protector-strong -fPIE)
target_link_options(wismo_flags INTERFACE -pie -Wl,-z,relro,-z,now,-z,noexecstack)
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT WISMO_SANITIZE)
  target_compile_options(wismo_flags INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-clash-protection)
  set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON) # of all that is built from here on
  set(CALLING -fno-plt) # libraries at once, not by way of a table of jumps
endif()
if(WISMO_SANITIZE)
  target_compile_options(wismo_flags INTERFACE -fsanitize=${WISMO_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(wismo_flags INTERFACE -fsanitize=${WISMO_SANITIZE})
endif()
set(LEARNING_generate -fprofile-generate -fprofile-update=atomic)
set(LEARNING_use -fprofile-use -fprofile-partial-training -Wno-missing-profile)
if(WISMO_COVERAGE)
  target_compile_options(wismo_flags INTERFACE --coverage)
  target_link_options(wismo_flags INTERFACE --coverage)
endif()

# library(NAME [LATE] PKG pkg-config names… | FILE name): something of Debian's that a module may CALL. LATE: the module
# opens it when it needs it; it is not linked.
function(library NAME)
  cmake_parse_arguments(ARG "LATE" "FILE" "PKG" ${ARGN})
  if(ARG_LATE)
    pkg_check_modules(${NAME} REQUIRED ${ARG_PKG})
    add_library(called_${NAME} INTERFACE)
    target_include_directories(called_${NAME} SYSTEM INTERFACE ${${NAME}_INCLUDE_DIRS})
    target_link_libraries(called_${NAME} INTERFACE ${CMAKE_DL_LIBS})
  elseif(ARG_PKG)
    pkg_check_modules(${NAME} REQUIRED IMPORTED_TARGET ${ARG_PKG})
    add_library(called_${NAME} ALIAS PkgConfig::${NAME})
  else()
    find_library(${NAME}_FILE ${ARG_FILE} REQUIRED)
    add_library(called_${NAME} INTERFACE)
    target_link_libraries(called_${NAME} INTERFACE ${${NAME}_FILE})
  endif()
endfunction()

# module(ROOM USES rooms… CALLS libraries…): the *.c of this folder as one static library, allowed to include only
# what is named. A room is written as its path: bot/dialogue. USES may name one header of a room: db/order.h.
function(module ROOM)
  cmake_parse_arguments(ARG "" "" "USES;CALLS" ${ARGN})
  string(REPLACE "/" "_" TARGET "wismo_${ROOM}")
  file(GLOB SOURCES CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.c")
  add_library(${TARGET} STATIC ${SOURCES})
  target_link_libraries(${TARGET} PUBLIC wismo_flags)
  foreach(USED IN LISTS ARG_USES)
    string(REGEX REPLACE "/[^/]+\\.h$" "" OWNER "${USED}") # what a header declares, its room defines
    string(REPLACE "/" "_" OTHER "wismo_${OWNER}")
    target_link_libraries(${TARGET} PUBLIC ${OTHER})
  endforeach()
  foreach(CALLED IN LISTS ARG_CALLS)
    target_link_libraries(${TARGET} PUBLIC called_${CALLED})
  endforeach()
  if(NOT ROOM MATCHES "^(base|intents/train)$") # the trainer stays what it is, and so do its models
    target_compile_options(${TARGET} PRIVATE ${CALLING} ${LEARNING_${WISMO_LEARN}})
    target_link_options(${TARGET} PUBLIC ${LEARNING_${WISMO_LEARN}})
  endif()
  file(APPEND "${ROOMS_TABLE}" "${ROOM}|${ARG_USES}|${ARG_CALLS}\n")
endfunction()

# embed(TARGET SYMBOL files…): the files inside the binary, as `const struct data_file SYMBOL[]` (base/data.h). A file is
# called by its path as written here, below this folder; NAME=PATH calls it NAME (what a build step has made: its
# rule must stand in the same CMakeLists.txt).
function(embed TARGET SYMBOL)
  set(OUT "${CMAKE_CURRENT_BINARY_DIR}/${SYMBOL}")
  set(ASM ".section .embedded, \"a\"\n")
  set(EXTERNS "")
  set(ROWS "")
  set(PATHS "")
  set(INDEX 0)
  foreach(FILE IN LISTS ARGN)
    set(NAME "${FILE}")
    if(FILE MATCHES "^([^=]+)=(.+)$")
      set(NAME "${CMAKE_MATCH_1}")
      set(FILE "${CMAKE_MATCH_2}")
    elseif(IS_ABSOLUTE "${FILE}")
      cmake_path(RELATIVE_PATH FILE BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" OUTPUT_VARIABLE NAME)
      if(NAME MATCHES "^\\.\\.")
        message(FATAL_ERROR "embed: ${FILE} is outside ${CMAKE_CURRENT_SOURCE_DIR}; write NAME=${FILE}")
      endif()
    endif()
    cmake_path(ABSOLUTE_PATH FILE BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE OUTPUT_VARIABLE PATH)
    set(LABEL "${SYMBOL}_${INDEX}")
    string(APPEND ASM ".global ${LABEL}, ${LABEL}_end\n.balign 64\n${LABEL}:\n.incbin \"${PATH}\"\n${LABEL}_end:\n.byte 0\n")
    string(APPEND EXTERNS "extern const char ${LABEL}[], ${LABEL}_end[];\n")
    string(APPEND ROWS "    {\"${NAME}\", ${LABEL}, ${LABEL}_end},\n")
    math(EXPR INDEX "${INDEX} + 1")
    list(APPEND PATHS "${PATH}")
  endforeach()
  string(APPEND ASM ".section .note.GNU-stack,\"\",@progbits\n")
  string(JOIN "" TABLE "#include \"base/data.h\"\n" "${EXTERNS}" "extern const struct data_file ${SYMBOL}[];\n"
    "const struct data_file ${SYMBOL}[] = {\n${ROWS}    {0, 0, 0}};\n")
  file(CONFIGURE OUTPUT "${OUT}.S" CONTENT "${ASM}" @ONLY)
  file(CONFIGURE OUTPUT "${OUT}.c" CONTENT "${TABLE}" @ONLY)
  set_source_files_properties("${OUT}.S" PROPERTIES OBJECT_DEPENDS "${PATHS}")
  target_sources(${TARGET} PRIVATE "${OUT}.S" "${OUT}.c")
endfunction()

# made(ROOM): what tools of the build make of a room's files stands apart from the room, in wismo_ROOM_made: these tools
# read the files as wismo does, and are linked with the room alone.
function(made ROOM)
  add_library(wismo_${ROOM}_made STATIC)
  target_link_libraries(wismo_${ROOM}_made PRIVATE wismo_flags)
  target_link_libraries(wismo_${ROOM} INTERFACE
    $<$<NOT:$<BOOL:$<TARGET_PROPERTY:WISMO_TOOL>>>:wismo_${ROOM}_made>)
endfunction()

# tool(NAME ROOM): such a tool, of a room that is a module; nothing of it goes into wismo.
function(tool NAME ROOM)
  string(REPLACE "/" "_" TARGET "wismo_${ROOM}")
  add_executable(${NAME} $<TARGET_OBJECTS:${TARGET}>)
  target_link_libraries(${NAME} PRIVATE ${TARGET})
  set_target_properties(${TARGET} ${NAME} PROPERTIES WISMO_TOOL TRUE)
endfunction()

# What a command makes, no younger than it must be: as long as it comes out the same, what is made of it stands.
function(make_if_different FILE)
  cmake_parse_arguments(ARG "" "" "COMMAND;DEPENDS" ${ARGN})
  add_custom_command(OUTPUT "${FILE}" COMMAND ${ARG_COMMAND} "${FILE}.new"
    COMMAND "${CMAKE_COMMAND}" -E copy_if_different "${FILE}.new" "${FILE}" DEPENDS ${ARG_DEPENDS} VERBATIM)
endfunction()

# claims(NAME source.c USES rooms…): a cmocka program whose test names are claims.
if(WISMO_TESTS)
  pkg_check_modules(cmocka REQUIRED IMPORTED_TARGET cmocka)
endif()
function(claims NAME SOURCE)
  cmake_parse_arguments(ARG "" "" "USES" ${ARGN})
  add_executable(claims_${NAME} ${SOURCE})
  target_link_libraries(claims_${NAME} PRIVATE PkgConfig::cmocka)
  foreach(USED IN LISTS ARG_USES)
    string(REPLACE "/" "_" OTHER "wismo_${USED}")
    target_link_libraries(claims_${NAME} PRIVATE ${OTHER})
  endforeach()
  target_compile_definitions(claims_${NAME} PRIVATE SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  add_test(NAME ${NAME} COMMAND claims_${NAME})
endfunction()

# fuzz(NAME source.c USES rooms… CORPUS folder): a libFuzzer program, in builds that ask for it (cmake --preset fuzz). In
# all others it is a test that reads the files of the corpus.
function(fuzz NAME SOURCE)
  cmake_parse_arguments(ARG "" "CORPUS" "USES" ${ARGN})
  if(WISMO_SANITIZE MATCHES "fuzzer")
    add_executable(fuzz_${NAME} ${SOURCE})
    target_link_options(fuzz_${NAME} PRIVATE -fsanitize=fuzzer)
  elseif(ARG_CORPUS)
    file(GLOB FILES CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${ARG_CORPUS}/*")
    add_executable(fuzz_${NAME} ${SOURCE} "${CMAKE_SOURCE_DIR}/tests/corpus.c")
    target_compile_options(fuzz_${NAME} PRIVATE -UNDEBUG)
    add_test(NAME fuzz_${NAME} COMMAND fuzz_${NAME} ${FILES})
  else()
    return()
  endif()
  foreach(USED IN LISTS ARG_USES)
    string(REPLACE "/" "_" OTHER "wismo_${USED}")
    target_link_libraries(fuzz_${NAME} PRIVATE ${OTHER})
  endforeach()
endfunction()
