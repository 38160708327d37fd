/* Stored conversations once more, with a changed catalogue: what would now be read or answered differently.
 * Both sides are played over today's orders at the time of each message, so that only the catalogues differ.
 * Nothing is written. */
#include "base/text.h"
#include "bot/cli/cli.h"
#include "bot/cli/past.h"
#include "bot/cli/redact.h"
#include "bot/dialogue/dialogue.h"
#include <string.h>
#include <sys/stat.h>

enum { STEPS_MAX = 12, NAMES_MAX = 512, OUT_MAX = 1 << 20 };

/* One of the two: the catalogues as they are, and those of --data. */
struct side {
    struct mind mind;
    struct state state;
    char read[NAMES_MAX];
    const char *phrase, *text;
};

struct replay {
    struct settings *settings;
    struct side sides[2];
    int conversations, messages, read, answered;
};

/* A reading as people compare it: intents, best first. */
static void reading_text(const struct side *side, const struct shop *shop, const struct past *past,
                         const struct turn *turn, struct arena *arena, char out[NAMES_MAX]) {
    struct read_options options = mind_read_options(shop, past->conversation.channel, turn->at_ms);
    struct reading reading;
    options.locale = side->state.locale;
    intents_read(side->mind.reader, turn->text, &options, arena, &reading);
    const char *names = "";
    for (int i = 0; i < reading.count; i++)
        names = arena_format(arena, "%s%s%s", names, i ? " + " : "", reading.intents[i].intent->name);
    text_set(out, NAMES_MAX, reading.count ? names : "not understood");
}

static void play(struct side *side, const struct shop *shop, const struct event *first, struct store *store,
                 struct arena *arena) {
    struct dialogue dialogue = {side->mind.catalogue, side->mind.reader, side->mind.book, shop};
    struct event event = *first;
    side->phrase = side->text = "";
    for (int step = 0; step < STEPS_MAX; step++) {
        struct effects *effects = ARENA_NEW(arena, struct effects);
        const struct look_up *look_up = NULL;
        dialogue_step(&dialogue, &side->state, &event, arena, effects);
        for (int i = 0; i < effects->count; i++) {
            if (effects->list[i].kind == EFFECT_SAY) {
                side->phrase = effects->list[i].say.phrase;
                side->text = effects->list[i].say.text;
            } else if (effects->list[i].kind == EFFECT_LOOK_UP)
                look_up = &effects->list[i].look_up;
        }
        if (!look_up)
            return;
        struct order_list *orders = ARENA_NEW(arena, struct order_list);
        struct error err;
        enum found found = store_orders(store, &look_up->query, arena, orders, &err);
        event = (struct event){.kind = EVENT_ORDERS,
                               .now_ms = first->now_ms,
                               .seq = first->seq,
                               .found = (int)found,
                               .orders = orders};
    }
}

/* What a person did between the customer's messages. */
static void play_agent(struct replay *replay, const struct shop *shop, const struct past *past,
                       int64_t from_ms, int64_t to_ms, struct store *store, struct arena *arena) {
    static const struct {
        const char *kind, *verb;
    } acts[] = {{"agent_take", "take"}, {"agent_return", "return"}, {"agent_close", "close"}};
    for (int i = 0; i < past->note_count; i++)
        for (size_t act = 0; act < sizeof acts / sizeof *acts; act++)
            if (text_is(past->notes[i].kind, acts[act].kind) && past->notes[i].at_ms > from_ms &&
                past->notes[i].at_ms <= to_ms)
                for (int side = 0; side < 2; side++)
                    play(&replay->sides[side], shop,
                         &(struct event){.kind = EVENT_AGENT,
                                         .now_ms = past->notes[i].at_ms,
                                         .text = acts[act].verb,
                                         .agent = ""},
                         store, arena);
}

static void begin(struct side *side, const struct past *past, const struct shop *shop) {
    struct state stored;
    struct error err;
    bool voice = text_is(past->conversation.channel, "phone");
    state_init(&side->state, shop->id, shop->locale, voice ? VOICE_SPOKEN : VOICE_WRITTEN);
    if (state_parse(&stored, past->conversation.state, &err))
        side->state.token = stored.token; /* who came with a signed token comes with it again */
    TEXT_SET(side->state.locale, past->conversation.locale);
}

static void print_row(const char *name, const char *before, const char *after) {
    printf("   %-7s %s\n   %-7s %s\n", name, before, "     →", after);
}

static void print_difference(struct replay *replay, const struct past *past, const struct turn *turn,
                             const char *text, bool read, bool answered) {
    const struct side *old = &replay->sides[0], *new = &replay->sides[1];
    if (!replay->settings->json) {
        printf("%s %lld  %s\n", past->conversation.id, (long long)turn->seq, text);
        if (read)
            print_row("read", old->read, new->read);
        if (answered) {
            print_row("phrase", old->phrase, new->phrase);
            print_row("answer", old->text, new->text);
        }
        return;
    }
    struct buffer buffer;
    struct json_out out = {&buffer, false};
    buffer_init(&buffer, OUT_MAX);
    json_open(&out, NULL, '{');
    json_text(&out, "conversation", past->conversation.id);
    json_number(&out, "seq", turn->seq);
    json_text(&out, "text", text);
    for (int side = 0; side < 2; side++) {
        json_open(&out, side ? "after" : "before", '{');
        json_text(&out, "read", replay->sides[side].read);
        json_text(&out, "phrase", replay->sides[side].phrase);
        json_text(&out, "answer", replay->sides[side].text);
        json_close(&out, '}');
    }
    json_close(&out, '}');
    puts(buffer.bytes);
    buffer_clear(&buffer);
}

static void play_past(const struct past *past, struct store *store, struct arena *arena, void *context) {
    struct replay *replay = context;
    const struct shop *shop = settings_shop(replay->settings, past->conversation.shop);
    if (!shop)
        shop = replay->settings->shop;
    int64_t last_ms = 0;
    replay->conversations++;
    for (int side = 0; side < 2; side++)
        begin(&replay->sides[side], past, shop);
    for (int i = 0; i < past->turn_count; i++) {
        const struct turn *turn = &past->turns[i];
        if (turn->author != AUTHOR_CUSTOMER)
            continue;
        play_agent(replay, shop, past, last_ms, turn->at_ms, store, arena);
        last_ms = turn->at_ms;
        for (int side = 0; side < 2; side++) {
            reading_text(&replay->sides[side], shop, past, turn, arena, replay->sides[side].read);
            play(&replay->sides[side], shop,
                 &(struct event){
                     .kind = EVENT_SAID, .now_ms = turn->at_ms, .seq = turn->seq, .text = turn->text},
                 store, arena);
        }
        const struct side *old = &replay->sides[0], *new = &replay->sides[1];
        bool read = !text_is(old->read, new->read);
        bool answered = !text_is(old->phrase, new->phrase) || !text_is(old->text, new->text);
        replay->messages++;
        replay->read += read;
        replay->answered += answered;
        if (!read && !answered)
            continue;
        struct read_options options = mind_read_options(shop, past->conversation.channel, turn->at_ms);
        options.locale = past->conversation.locale;
        const char *text = redact(old->mind.reader, &options, turn->text, (const char *const[]){NULL},
                                  (const char *const[]){NULL}, arena);
        print_difference(replay, past, turn, text, read, answered);
    }
}

static const char *folder_in(const char *data, const char *name, struct arena *arena) {
    struct stat about;
    const char *path = arena_format(arena, "%s/%s", data, name);
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode) ? path : "";
}

static bool open_sides(struct replay *replay, struct arena *arena, struct error *err) {
    struct settings changed = *replay->settings;
    const char *intents = folder_in(changed.data, "intents", arena),
               *responses = folder_in(changed.data, "responses", arena);
    if (text_empty(intents) && text_empty(responses))
        return error_set(err, "%s: expected a folder with intents/ or responses/ in it", changed.data);
    if (!text_empty(intents))
        changed.intents = intents;
    if (!text_empty(responses))
        changed.responses = responses;
    return mind_open(&replay->sides[0].mind, replay->settings, err) &&
           mind_open(&replay->sides[1].mind, &changed, err);
}

enum exit_status replay_run(struct settings *settings) {
    static struct replay nothing;
    struct replay replay = nothing;
    struct arena arena;
    struct error err = {""};
    replay.settings = settings;
    if (text_empty(settings->data))
        return cli_usage(VERB_REPLAY,
                         "expected --data DIR, the folder with the changed intents/ or responses/");
    arena_init(&arena);
    bool ok = open_sides(&replay, &arena, &err) && past_each(settings, play_past, &replay, &err);
    if (ok)
        fprintf(stderr, "%d conversations, %d messages: %d read differently, %d answered differently\n",
                replay.conversations, replay.messages, replay.read, replay.answered);
    for (int side = 0; side < 2; side++)
        mind_close(&replay.sides[side].mind);
    arena_clear(&arena);
    if (!ok)
        return cli_fail(VERB_REPLAY, &err);
    return replay.read + replay.answered > 0 ? EXIT_FAILED : EXIT_DONE;
}
