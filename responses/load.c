#include "responses/load.h"
#include "base/text.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The bytes that one escape stands for; *at is moved behind it. */
static size_t skip_escape(const char **at) {
    if ((*at)[1] != 'u') {
        *at += 2;
        return 1;
    }
    char digits[5] = {0};
    memcpy(digits, *at + 2, 4);
    unsigned long unit = strtoul(digits, NULL, 16);
    *at += 6;
    return unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 2 : 3;
}

void book_place(const struct book_file *file, const char *path, size_t offset, char *out, size_t size) {
    int line = 1, column = 1;
    json_locate(file->text, file->len, path, &line, &column);
    const char *at = file->text;
    for (int i = 1; i < line; i++)
        at = strchr(at, '\n') + 1;
    for (int i = 1; i < column; i++)
        text_next(&at);
    if (*at == '"' && offset) {
        const char *begin = ++at;
        for (size_t done = 0; done < offset && *at && *at != '"';) {
            const char *before = at;
            if (*at == '\\')
                done += skip_escape(&at);
            else if (text_next(&at))
                done += (size_t)(at - before);
        }
        for (column++; begin < at; text_next(&begin))
            column++;
    }
    snprintf(out, size, "%s:%d:%d: ", file->label, line, column);
}

bool load_fails(struct loader *loader, const char *path, const char *format, ...) {
    char place[256], sentence[400];
    va_list args;
    va_start(args, format);
    vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    book_place(loader->file, path, 0, place, sizeof place);
    return error_set(loader->err, "%s%s", place, sentence);
}

bool load_expect(struct loader *loader, const char *path, const json_t *json, json_type type) {
    static const char *const names[] = {
        [JSON_OBJECT] = "an object", [JSON_ARRAY] = "a list", [JSON_STRING] = "a string"};
    if (json && json_typeof(json) == type)
        return true;
    return load_fails(loader, path, "expected %s", names[type]);
}

bool load_text(struct loader *loader, const char *name) {
    struct book_file *file = loader->file;
    struct arena *arena = &loader->book->arena;
    file->name = arena_string(arena, name);
    file->label = data_label(loader->data, name, arena);
    file->text = data_read(loader->data, name, arena, &file->len, loader->err);
    return file->text != NULL;
}

json_t *load_json(struct loader *loader, const char *name) {
    const struct book_file *file = loader->file;
    json_t *json = load_text(loader, name)
                       ? json_read(file->text, file->len, &json_file_limits, file->label, loader->err)
                       : NULL;
    if (json && !load_expect(loader, "", json, JSON_OBJECT)) {
        json_decref(json);
        json = NULL;
    }
    return json;
}

bool load_known_keys(struct loader *loader, const char *path, json_t *object, const char *const *known) {
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value) {
        int i = 0;
        while (known[i] && strcmp(known[i], key) != 0)
            i++;
        if (!known[i]) {
            const char *below = arena_format(&loader->book->arena, "%s%s%s", path, *path ? "/" : "", key);
            return load_fails(loader, below, "nothing here is called '%s'; remove it or mend its spelling",
                              key);
        }
    }
    return true;
}

struct template *load_template(struct loader *loader, const char *path, const json_t *string,
                               const struct vocabulary *vocabulary, int current, bool sentences) {
    size_t offset = 0;
    struct error why;
    if (!load_expect(loader, path, string, JSON_STRING))
        return NULL;
    struct template *template = template_compile(json_string_value(string), vocabulary, current, sentences,
                                                 &loader->book->arena, &offset, &why);
    if (!template) {
        char place[256];
        book_place(loader->file, path, offset ? offset : 0, place, sizeof place);
        error_set(loader->err, "%s%s", place, why.text);
    }
    return template;
}
