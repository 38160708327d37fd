#include "intents/examples/lessons.h"
#include <string.h>

static bool is_heading(const char *line) {
    return line[0] == '#' && line[1] == ' ';
}

/* The lines up to the next heading that say something. */
static int count_messages(const char *at) {
    int count = 0;
    for (; *at && !is_heading(at); at += strcspn(at, "\n"), at += *at == '\n')
        count += *at != '\n';
    return count;
}

bool lessons_read(const struct data *lessons, const char *name, struct arena *arena,
                  bool (*each)(const struct lesson *, void *, struct error *), void *context,
                  struct error *err) {
    const char *all = data_read(lessons, name, arena, NULL, err);
    struct lesson lesson = {.file = name};
    bool good = all != NULL;
    for (const char *at = all; good && *at; at += *at == '\n') {
        size_t len = strcspn(at, "\n");
        const char *text = arena_copy(arena, at, len);
        lesson.line++;
        if (is_heading(at)) {
            lesson.names = text + 2;
            lesson.index = 0;
            lesson.count = count_messages(at + len + 1);
        } else if (len > 0) {
            lesson.text = text;
            good = lesson.names ? each(&lesson, context, err)
                                : lesson_fault(&lesson, "expected \"# \" and an intent first", err);
            lesson.index++;
        }
        at += len;
    }
    return good;
}

bool lesson_fault(const struct lesson *lesson, const char *sentence, struct error *err) {
    return error_set(err, "intents/lessons/%s:%d:1: %s", lesson->file, lesson->line, sentence);
}
