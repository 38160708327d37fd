/* Data files, from a folder or from inside the binary: a catalogue is read the same way from both. */
#pragma once
#include "base/arena.h"
#include "base/error.h"

/* One row of a table made by embed() in CMake; the last row has no name. */
struct data_file {
    const char *name;
    const char *begin, *end; /* *end is NUL */
};

struct data {
    const struct data_file *embedded; /* used when folder is NULL */
    const char *folder;
};

/* The whole file, NUL-terminated, in the arena. NULL + error when it cannot be read. */
const char *data_read(const struct data *data, const char *name, struct arena *arena, size_t *len,
                      struct error *err);
/* Calls `each` for every file whose name ends in `suffix`, in alphabetical order, until it returns false. */
bool data_each(const struct data *data, const char *suffix,
               bool (*each)(const char *name, void *context, struct error *err), void *context,
               struct error *err);
/* The row of that name; NULL: there is none. */
const struct data_file *data_find(const struct data_file *files, const char *name);
/* How to name the file in a message: "folder/name" or "(built in) name". */
const char *data_label(const struct data *data, const char *name, struct arena *arena);
