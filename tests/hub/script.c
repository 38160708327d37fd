/* A dialogue that does what its customer's words say, so that the hub alone is under test. */
#include "base/text.h"
#include "bot/dialogue/dialogue.h"
#include <string.h>

static struct effect *add(struct effects *effects, enum effect_kind kind) {
    struct effect *effect = &effects->list[effects->count++];
    *effect = (struct effect){.kind = kind};
    return effect;
}

static void say(struct effects *effects, const char *text) {
    add(effects, EFFECT_SAY)->say = (struct say){.text = text, .locale = "en", .phrase = "script"};
}

static void hand_off(struct effects *effects, enum hand_off_change change, const char *agent) {
    add(effects, EFFECT_HAND_OFF)->hand_off = (struct hand_off){.change = change,
                                                                .queue = "returns",
                                                                .reason = "return",
                                                                .locale = "en",
                                                                .summary = "{}",
                                                                .agent = agent};
}

/* A try at each of the words; what follows "; " is the next look-up. */
static void look_up(struct effects *effects, struct arena *arena, struct state *state, const char *words) {
    struct look_up *ask = &add(effects, EFFECT_LOOK_UP)->look_up;
    ask->query = (struct order_query){.shop = arena_string(arena, state->shop), .by = ORDER_BY_KEY};
    const char *next = strstr(words, "; ");
    const char *end = next ? next : words + strlen(words);
    TEXT_SET(state->call.rest, next ? next + 2 : "");
    for (size_t len; words < end; words += len + (words[len] == ' ')) {
        len = strcspn(words, " ;");
        ask->query.values[ask->query.count++] = arena_copy(arena, words, len);
    }
    ask->tries = ask->query.count;
}

static void said(struct state *state, const struct event *event, struct arena *arena,
                 struct effects *effects) {
    const char *text = event->text;
    if (strncmp(text, "find ", 5) == 0)
        look_up(effects, arena, state, text + 5);
    else if (text_is(text, "for ever"))
        look_up(effects, arena, state, "AGAIN");
    else if (text_is(text, "person")) {
        hand_off(effects, state->handling == HANDLING_BOT ? HAND_OFF_OPEN : HAND_OFF_ADD, NULL);
        state->handling = HANDLING_WAITING;
        say(effects, "A person is told.");
    } else if (text_is(text, "never mind")) {
        hand_off(effects, HAND_OFF_WITHDRAW, NULL);
        state->handling = HANDLING_BOT;
    } else if (text_is(text, "listen")) {
        say(effects, "I listen.");
        add(effects, EFFECT_LISTEN)->listen = (struct listen){.what = LISTEN_NUMBER, .timeout_ms = 10000};
    } else if (text_is(text, "put me through")) {
        hand_off(effects, HAND_OFF_OPEN, NULL);
        state->handling = HANDLING_WAITING;
        say(effects, "One moment.");
        add(effects, EFFECT_TRANSFER);
    } else if (text_is(text, "wake me"))
        state->wake_ms = event->now_ms + 5000;
    else if (text_is(text, "end"))
        add(effects, EFFECT_END);
    else if (state->handling != HANDLING_HUMAN) {
        state->misses++;
        say(effects, arena_format(arena, "%d: %s", state->misses, text));
        add(effects, EFFECT_NOTE)->note = (struct effect_note){
            .kind = "answer", .intent = "echo", .order = "FR-1", .customer = "a@b.example"};
    }
}

static void agent_acts(struct state *state, const struct event *event, struct effects *effects) {
    if (text_is(event->text, "take")) {
        state->handling = HANDLING_HUMAN;
        hand_off(effects, HAND_OFF_TAKE, event->agent);
    } else if (text_is(event->text, "return") || text_is(event->text, "close")) {
        state->handling = HANDLING_BOT;
        hand_off(effects, text_is(event->text, "close") ? HAND_OFF_CLOSE : HAND_OFF_RETURN, event->agent);
        say(effects, "I am back.");
    }
}

void dialogue_step(const struct dialogue *dialogue, struct state *state, const struct event *event,
                   struct arena *arena, struct effects *effects) {
    (void)dialogue;
    switch (event->kind) {
    case EVENT_HELLO:
        if (event->token)
            say(effects, "I know you.");
        break;
    case EVENT_SAID:
        said(state, event, arena, effects);
        break;
    case EVENT_CHOSE:
        say(effects, arena_format(arena, "chose %s", event->text));
        break;
    case EVENT_RATED:
        add(effects, EFFECT_NOTE)->note = (struct effect_note){.kind = "rating", .score = event->rating};
        break;
    case EVENT_ORDERS:
        if (event->found == 0 && event->orders->count == 0) {
            look_up(effects, arena, state, "AGAIN");
            break;
        }
        if (state->call.rest[0]) {
            look_up(effects, arena, state, arena_string(arena, state->call.rest));
            break;
        }
        say(effects, event->found == 0 ? "found" : event->found == 1 ? "missing" : "failed");
        add(effects, EFFECT_NOTE)->note =
            (struct effect_note){.kind = event->found == 0 ? "proof_ok" : "proof_failed"};
        break;
    case EVENT_AGENT:
        agent_acts(state, event, effects);
        break;
    case EVENT_TIMER:
        state->wake_ms = 0;
        say(effects, "Still there?");
        break;
    case EVENT_KEYS:
        if (text_is(event->text, "#")) {
            add(effects, EFFECT_HEARD)->heard = "10042";
            say(effects, "keyed");
        }
        break;
    default:
        break;
    }
}
