# What is learned of a language is of its own files alone, and the same to the byte each time.
file(COPY "${INTENTS}/" DESTINATION "${SCRATCH}/intents" FILES_MATCHING PATTERN "*.json" PATTERN "*.txt" PATTERN "*.words")
file(APPEND "${SCRATCH}/intents/lessons/nl.tracking.txt" "\n# track.late\nhij is er nog steeds niet en morgen is het feest\n")
file(WRITE "${SCRATCH}/intents/it.json" "{")
execute_process(COMMAND "${READER}" "${SCRATCH}/intents" fr "${SCRATCH}/fr.examples" COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND "${TRAINER}" "${SCRATCH}/fr.examples" "${SCRATCH}/fr.model" COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND "${CMAKE_COMMAND}" -E compare_files "${MODEL}" "${SCRATCH}/fr.model" COMMAND_ERROR_IS_FATAL ANY)
file(REMOVE_RECURSE "${SCRATCH}")
