execute_process(COMMAND "${TRAINER}" "${MODEL}.again" COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND "${CMAKE_COMMAND}" -E compare_files "${MODEL}" "${MODEL}.again" COMMAND_ERROR_IS_FATAL ANY)
file(REMOVE "${MODEL}.again")
