#include "intents/train/material.h"
#include <errno.h>
#include <stdio.h>

bool material_read(struct material *out, const char *path, struct arena *arena, struct error *err) {
    FILE *file = fopen(path, "rbe");
    struct material_header *header = &out->header;
    if (!file)
        return error_set(err, "cannot read %s: %s", path, strerror(errno));
    bool good = fread(header, sizeof *header, 1, file) == 1;
    const struct {
        const void **to;
        size_t size, count;
    } parts[] = {
        {(const void **)&out->words, sizeof *out->words, header->words},
        {(const void **)&out->intents, sizeof *out->intents, header->intents},
        {(const void **)&out->examples, sizeof *out->examples, header->examples},
        {(const void **)&out->features, sizeof *out->features, header->features},
        {(const void **)&out->meanings, sizeof *out->meanings, (size_t)header->examples * header->intents},
        {(const void **)&out->gaps, sizeof *out->gaps, header->gaps},
    };
    for (size_t i = 0; good && i < sizeof parts / sizeof parts[0]; i++) {
        void *to = arena_room(arena, parts[i].size * parts[i].count);
        *parts[i].to = to;
        good = fread(to, parts[i].size, parts[i].count, file) == parts[i].count;
    }
    good = good && fgetc(file) == EOF;
    fclose(file);
    return good || error_set(err, "%s: is not what wismo_examples writes", path);
}
