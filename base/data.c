#include "base/data.h"
#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FILE_MAX = 64 << 20 };

const char *data_label(const struct data *data, const char *name, struct arena *arena) {
    return data->folder ? arena_format(arena, "%s/%s", data->folder, name)
                        : arena_format(arena, "(built in) %s", name);
}

static const char *read_folder(const char *path, struct arena *arena, size_t *len, struct error *err) {
    FILE *file = fopen(path, "rb");
    struct stat info;
    char *bytes = NULL;
    if (!file || fstat(fileno(file), &info) != 0)
        error_set(err, "%s: cannot be opened: %s", path, strerror(errno));
    else if (!S_ISREG(info.st_mode))
        error_set(err, "%s: expected a file, found a folder or device", path);
    else if (info.st_size > FILE_MAX)
        error_set(err, "%s: a data file may have 64 MiB, this has %lld bytes", path, (long long)info.st_size);
    else {
        bytes = arena_alloc(arena, (size_t)info.st_size + 1);
        *len = fread(bytes, 1, (size_t)info.st_size, file);
        bytes[*len] = '\0';
        if (ferror(file)) {
            error_set(err, "%s: cannot be read: %s", path, strerror(errno));
            bytes = NULL;
        } else if (strncmp(bytes, "\xEF\xBB\xBF", 3) == 0) { /* a byte order mark, as some editors put it */
            bytes += 3;
            *len -= 3;
        }
    }
    if (file)
        fclose(file);
    return bytes;
}

const struct data_file *data_find(const struct data_file *files, const char *name) {
    while (files && files->name && strcmp(files->name, name) != 0)
        files++;
    return files && files->name ? files : NULL;
}

const char *data_read(const struct data *data, const char *name, struct arena *arena, size_t *len,
                      struct error *err) {
    size_t unused;
    if (!len)
        len = &unused;
    if (data->folder)
        return read_folder(data_label(data, name, arena), arena, len, err);
    const struct data_file *file = data_find(data->embedded, name);
    if (file) {
        *len = (size_t)(file->end - file->begin);
        return file->begin;
    }
    error_set(err, "(built in) %s: there is no such file in this program", name);
    return NULL;
}

struct name_list {
    const char **names;
    size_t count, size;
};

static void list_add(struct name_list *list, const char *name, const char *suffix, struct arena *arena) {
    size_t len = strlen(name), tail = strlen(suffix);
    if (len < tail || strcmp(name + len - tail, suffix) != 0)
        return;
    if (list->count == list->size) {
        size_t size = list->size ? 2 * list->size : 32;
        const char **names = ARENA_ARRAY(arena, const char *, size);
        if (list->count)
            memcpy(names, list->names, list->count * sizeof *names);
        list->names = names;
        list->size = size;
    }
    list->names[list->count++] = arena_string(arena, name);
}

static bool list_folder(struct name_list *list, const char *folder, const char *suffix, struct arena *arena,
                        struct error *err) {
    char *path = arena_string(arena, folder);
    FTS *walk = fts_open((char *[]){path, NULL}, FTS_LOGICAL | FTS_NOCHDIR, NULL);
    if (!walk)
        return error_set(err, "%s: cannot be listed: %s", folder, strerror(errno));
    bool good = true;
    for (FTSENT *entry; good && (entry = fts_read(walk));) {
        if (entry->fts_level > 0 && entry->fts_name[0] == '.')
            fts_set(walk, entry, FTS_SKIP);
        else if (entry->fts_info == FTS_F && entry->fts_level > 0) {
            const char *name = entry->fts_path + strlen(folder);
            list_add(list, name + strspn(name, "/"), suffix, arena);
        } else if (entry->fts_info == FTS_F)
            good = error_set(err, "%s: expected a folder, found a file", folder);
        else if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR || entry->fts_info == FTS_NS)
            good = error_set(err, "%s: cannot be listed: %s", entry->fts_path, strerror(entry->fts_errno));
    }
    fts_close(walk);
    return good;
}

static int name_compare(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool data_each(const struct data *data, const char *suffix,
               bool (*each)(const char *name, void *context, struct error *err), void *context,
               struct error *err) {
    struct arena arena;
    struct name_list list = {0};
    bool good = true;
    arena_init(&arena);
    if (data->folder)
        good = list_folder(&list, data->folder, suffix, &arena, err);
    else
        for (const struct data_file *file = data->embedded; file && file->name; file++)
            list_add(&list, file->name, suffix, &arena);
    if (list.count)
        qsort(list.names, list.count, sizeof *list.names, name_compare);
    for (size_t i = 0; good && i < list.count; i++)
        good = each(list.names[i], context, err);
    arena_clear(&arena);
    return good;
}
