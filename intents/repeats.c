#include "intents/repeats.h"
#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"
#include "intents/fold.h"
#include <stdlib.h>
#include <string.h>

/* The signs of the notation. */
static const char signs[] = "()[]{}<>|^$~*#/.", gap[] = "…";

struct written {
    const char *key, *name; /* of the intent, the beginning of intents ("track.*") or the list */
    struct place place;
    int order;
    bool unless;
};

struct file {
    const struct language *language;
    struct arena *arena;
    struct written *list;
    int count, size;
};

/* The pattern with its words folded, one space between. */
static const char *key_of(const char *pattern, struct arena *arena) {
    struct buffer key;
    if (pattern[0] == '/')
        return arena_string(arena, pattern);
    buffer_init(&key, strlen(pattern) * 8 + 64);
    for (const char *at = pattern; *at;) {
        const char *next = strstr(at, gap);
        size_t words = strcspn(at, signs);
        if (next && (size_t)(next - at) < words)
            words = (size_t)(next - at);
        if (words > 0)
            buffer_format(&key, "%s ", fold_words(arena_copy(arena, at, words), arena));
        at += words;
        size_t sign = at == next ? strlen(gap) : *at != '\0';
        buffer_add(&key, at, sign);
        at += sign;
    }
    const char *copy = arena_copy(arena, key.bytes, key.len);
    buffer_clear(&key);
    return copy;
}

static void add(struct file *file, json_t *array, const char *path, const char *name, bool unless) {
    size_t i;
    json_t *value;
    json_array_foreach(array, i, value) {
        const char *text = json_string_value(json_is_object(value) ? json_object_get(value, "match") : value);
        file->list = memory_grown(file->list, file->count, &file->size, sizeof *file->list);
        file->list[file->count] = (struct written){key_of(text, file->arena), name,
                                                   language_at_index(path, i), file->count, unless};
        file->count++;
    }
}

static void add_all(struct file *file, json_t *root) {
    const char *name;
    json_t *value;
    json_object_foreach(json_object_get(root, "intents"), name, value) {
        const char *path = arena_format(file->arena, "intents/%s", name);
        add(file, json_object_get(value, "patterns"), arena_format(file->arena, "%s/patterns", path), name,
            false);
        add(file, json_object_get(value, "unless"), arena_format(file->arena, "%s/unless", path), name, true);
    }
    json_object_foreach(json_object_get(root, "lists"), name, value)
        add(file, value, arena_format(file->arena, "lists/%s", name), arena_format(file->arena, "{%s}", name),
            false);
}

static int compare(const void *a, const void *b) {
    const struct written *left = a, *right = b;
    int difference = strcmp(left->key, right->key);
    return difference ? difference : left->order - right->order;
}

/* "track.where" and "track.*". */
static bool holds_for(const char *group, const char *name) {
    size_t len = strlen(group);
    return len > 2 && text_is(group + len - 2, ".*") ? strncmp(group, name, len - 1) == 0
                                                     : text_is(group, name);
}

/* "fr.json:3:14". */
static const char *place_of(const struct file *file, struct place place) {
    struct error err;
    language_fault(file->language, place, -1, &err, "%s", "");
    return arena_copy(file->arena, err.text, strlen(err.text) - strlen(": "));
}

/* Which of two that are written alike can go; NULL: both say something. */
static const struct written *which(const struct written *one, const struct written *other) {
    if (one->unless != other->unless) {
        const struct written *pattern = one->unless ? other : one, *unless = one->unless ? one : other;
        return holds_for(unless->name, pattern->name) ? pattern : NULL;
    }
    return holds_for(one->name, other->name) ? other : holds_for(other->name, one->name) ? one : NULL;
}

void repeats_find(const struct language *language, json_t *root, struct arena *arena,
                  void (*each)(const char *message, void *context), void *context) {
    struct file file = {.language = language, .arena = arena};
    add_all(&file, root);
    qsort(file.list, (size_t)file.count, sizeof *file.list, compare);
    for (int i = 0; i < file.count; i++)
        for (int k = i + 1; k < file.count && text_is(file.list[k].key, file.list[i].key); k++) {
            const struct written *one = &file.list[i], *other = &file.list[k], *found = which(one, other);
            struct error err;
            if (!found)
                continue;
            other = found == one ? other : one;
            language_fault(language, found->place, -1, &err,
                           found->unless == other->unless
                               ? "this says the same as %s: leave it out"
                               : "this never counts, as the \"unless\" at %s says the same: leave one out",
                           place_of(&file, other->place));
            each(err.text, context);
        }
    free(file.list);
}
