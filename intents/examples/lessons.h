/* Lessons: messages that a model learns from and no pattern must read, and families of words, a text file
 * each of a language (intents/lessons). A line is a message; "# track.late human.refund" says what those
 * below it mean, until the next such line. Knows no intents: names are names. */
#pragma once
#include "base/data.h"
#include "intents/features.h"

struct lesson {
    const char *text;
    const char *names; /* of its heading: "track.late human.refund" */
    const char *file;
    int line;
    int index, count; /* its place among the messages of its heading */
};

/* Calls `each` for every message of a file ("fr.tracking.txt"), in order, until it returns false. Lessons
 * last as long as the arena. */
bool lessons_read(const struct data *lessons, const char *file, struct arena *arena,
                  bool (*each)(const struct lesson *lesson, void *context, struct error *err), void *context,
                  struct error *err);
/* "intents/lessons/fr.other.txt:12:1: …". False. */
bool lesson_fault(const struct lesson *lesson, const char *sentence, struct error *err);

struct family_words {
    const char **texts; /* folded; a word of several families several times */
    int count;
};

/* Reads a file of words ("fr.words"): "# goods", and below it the words of that family, written as one likes
 * but one word each. The tables are in the arena. */
bool families_read(struct families *out, struct family_words *words, const struct data *lessons,
                   const char *file, struct arena *arena, struct error *err);
