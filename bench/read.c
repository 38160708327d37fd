/* What reading one utterance costs, with as many patterns as asked: bench_read [PATTERNS…]. Patterns beyond
 * those of the English catalogue are made up, of words that messages have. Messages are the catalogue's
 * examples. */
#include "intents/catalogue.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 7, MESSAGES_MAX = 20000, TEXT_MAX = 8 << 20 };

/* Of this thread: what else runs does not count. */
static double microseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

struct messages {
    const char *texts[MESSAGES_MAX];
    int count;
};

static void add_messages(struct messages *messages, json_t *array) {
    size_t i;
    json_t *value;
    json_array_foreach(array, i, value) {
        json_t *text = json_is_object(value) ? json_object_get(value, "text") : value;
        if (json_is_string(text) && messages->count < MESSAGES_MAX)
            messages->texts[messages->count++] = json_string_value(text);
    }
}

/* Three neighbouring words of one message and one of another: "where is my … fridge". */
static char *made_up(const struct messages *messages, int number, struct arena *arena) {
    uint32_t seed = (uint32_t)number * 2654435761u;
    const char *a = messages->texts[seed % (uint32_t)messages->count],
               *b = messages->texts[(seed >> 7) % (uint32_t)messages->count];
    char *first = fold_words(a, arena), *last = strrchr(fold_words(b, arena), ' ');
    char *at = first;
    for (int words = 0; *at; at++)
        if (*at == ' ' && ++words == 3)
            break;
    *at = '\0';
    return arena_format(arena, "%s ...3 %s", first, last ? last + 1 : "please");
}

/* Leaves so many patterns in the catalogue, or adds what is missing. Returns how many there are. */
static int set_patterns(json_t *root, int wanted, const struct messages *messages, struct arena *arena) {
    const char *name;
    json_t *intents = json_object_get(root, "intents"), *intent, *where = NULL;
    int total = 0, kept = 0;
    json_object_foreach(intents, name, intent) total +=
        (int)json_array_size(json_object_get(intent, "patterns"));
    json_object_foreach(intents, name, intent) {
        json_t *patterns = json_object_get(intent, "patterns");
        size_t size = json_array_size(patterns), keep = size * (size_t)wanted / (size_t)total;
        while (wanted < total && json_array_size(patterns) > keep)
            json_array_remove(patterns, json_array_size(patterns) - 1);
        kept += (int)json_array_size(patterns);
        where = strcmp(name, "track.where") == 0 ? patterns : where;
    }
    for (; kept < wanted; kept++)
        json_array_append_new(where, json_pack("{s:s,s:s}", "match", made_up(messages, kept, arena),
                                               "strength", kept % 3 ? "strong" : "weak"));
    return kept;
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void measure(const struct catalogue *catalogue, const struct messages *messages, int patterns,
                    double load) {
    static double costs[MESSAGES_MAX];
    struct error err;
    struct reader *reader = reader_new(catalogue, &err);
    struct arena arena;
    struct reading reading;
    struct read_options options = {.locale = "en", .country = "GB", .today = 20000, .expected = -1};
    double best = 1e18;
    int unsure = 0;
    arena_init(&arena);
    for (int round = 0; round < ROUNDS; round++) {
        double begin = microseconds();
        for (int i = 0; i < messages->count; i++) {
            intents_read(reader, messages->texts[i], &options, &arena, &reading);
            unsure += round == 0 && !reading.sure;
            arena_reset(&arena);
        }
        double each = (microseconds() - begin) / messages->count;
        best = each < best ? each : best;
    }
    for (int i = 0; i < messages->count; i++) {
        double begin = microseconds();
        intents_read(reader, messages->texts[i], &options, &arena, &reading);
        costs[i] = microseconds() - begin;
        arena_reset(&arena);
    }
    qsort(costs, (size_t)messages->count, sizeof *costs, compare);
    printf("| %d | %.1f | %.1f | %.1f | %.1f | %.0f | %.0f %% |\n", patterns, best,
           costs[messages->count / 2], costs[messages->count * 99 / 100], costs[messages->count - 1],
           load / 1e3, 100.0 * unsure / messages->count);
    arena_clear(&arena);
    reader_free(reader);
}

static const struct data_file *embedded(const char *name) {
    const struct data_file *file = intents_embedded;
    while (file->name && strcmp(file->name, name) != 0)
        file++;
    return file;
}

static bool run(int wanted) {
    struct error err;
    struct arena arena;
    struct messages messages = {.count = 0};
    const struct data_file *domain = embedded("domain.json"), *english = embedded("en.json");
    json_t *root = json_read(english->begin, (size_t)(english->end - english->begin), &json_file_limits,
                             "en.json", &err);
    json_t *whole = json_deep_copy(root), *intent;
    const char *name;
    arena_init(&arena);
    json_object_foreach(json_object_get(whole, "intents"), name, intent) {
        add_messages(&messages, json_object_get(intent, "examples"));
        add_messages(&messages, json_object_get(intent, "counter_examples"));
    }
    add_messages(&messages, json_object_get(whole, "nothing"));
    int patterns = set_patterns(root, wanted, &messages, &arena);
    char *text = json_dumps(root, 0);
    const struct data_file files[] = {*domain, {"en.json", text, text + strlen(text)}, {NULL, NULL, NULL}};
    struct data data = {.embedded = files};
    double begin = microseconds();
    struct catalogue *catalogue = catalogue_load(&data, &err);
    if (catalogue)
        measure(catalogue, &messages, patterns, microseconds() - begin);
    else
        fprintf(stderr, "bench_read: %s\n", err.text);
    catalogue_free(catalogue);
    arena_clear(&arena);
    json_decref(root);
    json_decref(whole);
    free(text);
    return catalogue != NULL;
}

/* What somebody sends who wants it to be slow: UTTERANCE_MAX bytes of one thing, or of all of them. */
static void measure_nasty(void) {
    static const char *const pieces[] = {"where is my order ",
                                         "not received yet ",
                                         "still waiting for ",
                                         "one two three ",
                                         "quatre vingt dix ",
                                         "06 12 34 ",
                                         "1Z 999 AA1 01 2345 ",
                                         "double a b c ",
                                         "a@b.c ",
                                         "a at b dot c ",
                                         "\xEF\xB7\xBA",
                                         "e\xCC\x81",
                                         "my my my my ",
                                         "parcell paket pacage ",
                                         "the 14 march ",
                                         "1/2/3 ",
                                         "when will it ",
                                         ". ",
                                         "a/",
                                         "order-",
                                         "sooooo ",
                                         "zweiundzwanzig "};
    enum { PIECES = sizeof pieces / sizeof pieces[0] };
    struct error err;
    struct data data = {.embedded = intents_embedded};
    struct catalogue *catalogue = catalogue_load(&data, &err);
    struct reader *reader = catalogue ? reader_new(catalogue, &err) : NULL;
    struct arena arena;
    double worst = 0;
    int slowest = 0;
    arena_init(&arena);
    for (int i = 0; reader && i <= PIECES; i++) {
        char text[UTTERANCE_MAX + 1] = "";
        size_t len = 0;
        for (int j = 0; len + strlen(pieces[i < PIECES ? i : j % PIECES]) <= UTTERANCE_MAX; j++) {
            const char *piece = pieces[i < PIECES ? i : j % PIECES];
            memcpy(text + len, piece, strlen(piece) + 1);
            len += strlen(piece);
        }
        double least = 1e18;
        for (int round = 0; round < ROUNDS * 2; round++) {
            struct read_options options = {
                .locale = round % 2 ? "en" : "fr", .country = "FR", .today = 20000, .expected = -1};
            struct reading reading;
            double begin = microseconds();
            intents_read(reader, text, &options, &arena, &reading);
            double took = microseconds() - begin;
            least = took < least ? took : least;
            arena_reset(&arena);
        }
        slowest = least > worst ? i : slowest;
        worst = least > worst ? least : worst;
    }
    printf("\nThe slowest %d bytes: %.1f ms (%s)\n", UTTERANCE_MAX, worst / 1e3,
           slowest < PIECES ? pieces[slowest] : "all together");
    arena_clear(&arena);
    reader_free(reader);
    catalogue_free(catalogue);
}

int main(int argc, char **argv) {
    static char *usual[] = {"", "100", "1000", "5000", NULL};
    bool good = true;
    puts("| patterns | µs, mean | median | 99 % | most | load, ms | in doubt "
         "|\n|--:|--:|--:|--:|--:|--:|--:|");
    for (char **argument = (argc > 1 ? argv : usual) + 1; *argument; argument++)
        good &= run((int)strtol(*argument, NULL, 10));
    measure_nasty();
    return good ? 0 : 1;
}
