/* Writes a language's wordings as they stand in memory once they are read (base/image.h): wismo_images fr
 * FILE. */
#include "base/image.h"
#include "base/text.h"
#include "responses/book.h"
#include <stdio.h>

const struct data_file responses_images[] = {{0}};

/* Of a book that is made for it: the language is read into the arena instead of the book's. */
static void *make_language(void *context, struct arena *arena, struct error *err) {
    const char *name = context;
    struct phrasebook *book = phrasebook_load(&(struct data){.embedded = responses_embedded}, err);
    const struct language *language = book ? book->languages : NULL;
    struct language *made = NULL;
    while (language && !text_is(language->name, name))
        language = language->next;
    if (language) {
        struct arena own = book->arena;
        book->arena = *arena;
        language_use(book, language);
        *arena = book->arena;
        book->arena = own;
        made = ARENA_NEW(arena, struct language);
        language_take(made, language);
    } else if (book)
        error_set(err, "there is no %s.json", name);
    phrasebook_free(book);
    return made;
}

int main(int argc, char **argv) {
    struct error err;
    if (argc != 3) {
        fputs("wismo_images LANGUAGE FILE\n", stderr);
        return 2;
    }
    if (image_write(argv[2], make_language, argv[1], &err))
        return 0;
    fprintf(stderr, "wismo_images: %s\n", err.text);
    return 1;
}
