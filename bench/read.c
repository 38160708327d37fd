/* What reading one utterance costs, with as many patterns in each language as asked: bench_read [PATTERNS…].
 * Patterns beyond those of a catalogue are made up, of words that its messages have. Messages are the
 * examples of all catalogues and what customers say in the conversations of the tests, shuffled. */
#include "intents/catalogue.h"
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 7, MESSAGES_MAX = 40000, LINE_MAX_IN = 4096 };

/* Of this thread: what else runs does not count. */
static double microseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

struct message {
    const char *text;
    char locale[3];
};

struct messages {
    struct message list[MESSAGES_MAX];
    int count;
};

static void add_message(struct messages *messages, const char *text, const char *locale) {
    if (text && text[0] && messages->count < MESSAGES_MAX) {
        struct message *message = &messages->list[messages->count++];
        message->text = text;
        memcpy(message->locale, locale, 2);
    }
}

static void add_texts(struct messages *messages, json_t *array, const char *locale) {
    size_t i;
    json_t *value;
    json_array_foreach(array, i, value) add_message(
        messages, json_string_value(json_is_object(value) ? json_object_get(value, "text") : value), locale);
}

static void add_examples(struct messages *messages, json_t *root, const char *locale) {
    const char *name;
    json_t *intent;
    json_object_foreach(json_object_get(root, "intents"), name, intent) {
        add_texts(messages, json_object_get(intent, "examples"), locale);
        add_texts(messages, json_object_get(intent, "counter_examples"), locale);
    }
    add_texts(messages, json_object_get(root, "nothing"), locale);
}

/* "C: where is it": each line of "fr-….txt" that a customer says. */
static void add_conversations(struct messages *messages, const char *folder, struct arena *arena) {
    DIR *open = opendir(folder);
    char line[LINE_MAX_IN];
    for (struct dirent *entry; open && (entry = readdir(open));) {
        size_t len = strlen(entry->d_name);
        bool tale = len > 7 && entry->d_name[2] == '-' && strcmp(entry->d_name + len - 4, ".txt") == 0;
        FILE *file = tale ? fopen(arena_format(arena, "%s/%s", folder, entry->d_name), "r") : NULL;
        while (file && fgets(line, sizeof line, file))
            if (strncmp(line, "C: ", 3) == 0 && line[3] != '[')
                add_message(messages, arena_copy(arena, line + 3, strcspn(line + 3, "\n")), entry->d_name);
        if (file)
            fclose(file);
    }
    if (open)
        closedir(open);
}

/* The same way each time: neighbours of a catalogue are alike. */
static void shuffle(struct messages *messages) {
    uint32_t seed = 1;
    for (int i = messages->count - 1; i > 0; i--) {
        seed = seed * 1664525u + 1013904223u;
        int other = (int)((uint64_t)seed * (uint64_t)(i + 1) >> 32);
        struct message moved = messages->list[i];
        messages->list[i] = messages->list[other];
        messages->list[other] = moved;
    }
}

/* Three neighbouring words of one message and one of another: "where is my … fridge". */
static char *made_up(const struct messages *messages, int number, struct arena *arena) {
    uint32_t seed = (uint32_t)number * 2654435761u;
    const char *a = messages->list[seed % (uint32_t)messages->count].text,
               *b = messages->list[(seed >> 7) % (uint32_t)messages->count].text;
    char *first = fold_words(a, arena), *last = strrchr(fold_words(b, arena), ' ');
    char *at = first;
    for (int words = 0; *at; at++)
        if (*at == ' ' && ++words == 3)
            break;
    *at = '\0';
    return arena_format(arena, "%s ...3 %s", first, last ? last + 1 : "please");
}

/* Leaves so many patterns in the catalogue, or adds what is missing. */
static void set_patterns(json_t *root, int wanted, const struct messages *messages, struct arena *arena) {
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
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Returns the microseconds of all; costs may be NULL. */
static double read_all(struct reader *reader, const struct messages *messages, struct arena *arena,
                       double *costs, int *unsure) {
    double begin = microseconds();
    *unsure = 0;
    for (int i = 0; i < messages->count; i++) {
        const struct message *message = &messages->list[i];
        struct read_options options = {
            .locale = message->locale, .country = "GB", .today = 20000, .expected = -1};
        struct reading reading;
        double before = costs ? microseconds() : 0;
        intents_read(reader, message->text, &options, arena, &reading);
        if (costs)
            costs[i] = microseconds() - before;
        *unsure += !reading.sure;
        arena_reset(arena);
    }
    return microseconds() - begin;
}

static void measure(const struct catalogue *catalogue, const struct messages *messages, int patterns,
                    double load) {
    static double costs[MESSAGES_MAX];
    struct error err;
    struct reader *reader = reader_new(catalogue, &err);
    struct arena arena;
    double best = 1e18;
    int unsure;
    arena_init(&arena);
    read_all(reader, messages, &arena, NULL, &unsure); /* what is said for the first time is prepared */
    for (int round = 0; round < ROUNDS; round++) {
        double each = read_all(reader, messages, &arena, NULL, &unsure) / messages->count;
        best = each < best ? each : best;
    }
    read_all(reader, messages, &arena, costs, &unsure);
    qsort(costs, (size_t)messages->count, sizeof *costs, compare);
    printf("| %d | %.1f | %.1f | %.1f | %.1f | %.0f | %.0f %% |\n", patterns, best,
           costs[messages->count / 2], costs[messages->count * 99 / 100], costs[messages->count - 1],
           load / 1e3, 100.0 * unsure / messages->count);
    arena_clear(&arena);
    reader_free(reader);
}

/* A catalogue of so many patterns in each language. */
static bool run(int wanted, const struct messages *conversations) {
    static struct messages all, own;
    struct error err;
    struct arena arena;
    struct data_file files[LANGUAGES_MAX + 2] = {{NULL, NULL, NULL}};
    arena_init(&arena);
    all = *conversations;
    int count = 0;
    for (const struct data_file *file = intents_embedded; file->name; file++, count++) {
        files[count] = *file;
        if (strcmp(file->name, "domain.json") == 0)
            continue;
        json_t *root =
            json_read(file->begin, (size_t)(file->end - file->begin), &json_file_limits, file->name, &err);
        own.count = 0;
        add_examples(&own, root, file->name);
        for (int i = 0; i < own.count; i++)
            own.list[i].text = arena_string(&arena, own.list[i].text);
        for (int i = 0; i < own.count; i++)
            add_message(&all, own.list[i].text, file->name);
        set_patterns(root, wanted, &own, &arena);
        char *text = json_dumps(root, 0);
        files[count].begin = arena_string(&arena, text);
        files[count].end = files[count].begin + strlen(text);
        free(text);
        json_decref(root);
    }
    shuffle(&all);
    for (int i = 0; i < all.count; i++) /* side by side: who has just received a message has it at hand */
        all.list[i].text = arena_string(&arena, all.list[i].text);
    struct data data = {.embedded = files};
    double begin = microseconds();
    struct catalogue *catalogue = catalogue_load(&data, &err);
    if (catalogue)
        measure(catalogue, &all, wanted, microseconds() - begin);
    else
        fprintf(stderr, "bench_read: %s\n", err.text);
    catalogue_free(catalogue);
    arena_clear(&arena);
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
                                         "isitmyorderisitmyorderisitmyordersxqzx ",
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
    static struct messages conversations;
    struct arena arena;
    bool good = true;
    arena_init(&arena);
    add_conversations(&conversations, BENCH_CONVERSATIONS, &arena);
    puts("| patterns | µs, mean | median | 99 % | most | load, ms | in doubt "
         "|\n|--:|--:|--:|--:|--:|--:|--:|");
    for (char **argument = (argc > 1 ? argv : usual) + 1; *argument; argument++)
        good &= run((int)strtol(*argument, NULL, 10), &conversations);
    measure_nasty();
    arena_clear(&arena);
    return good ? 0 : 1;
}
