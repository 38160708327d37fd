#include "bot/dialogue/brief.h"
#include "base/text.h"
#include "bot/dialogue/pace.h"
#include <string.h>

/* Characters. The texts make for SHORT, thirteen seconds; a few more are better than no date. */
enum { SENTENCES = 2, SHORT = 200, MOST = 240, HINT = 28 };

/* How long an answer may be with this in it, that can be asked for again; 0: it cannot, and stays. */
static size_t limit(const char *phrase) {
    static const struct {
        const char *family;
        size_t limit;
    } rows[] = {{"split.rest", SHORT}, {"late.by", SHORT}, {"again.", SHORT},   {"status.", MOST},
                {"late.", MOST},       {"aspect.", MOST},  {"rest.told", MOST}, {"deadline.", MOST}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strncmp(phrase, rows[i].family, strlen(rows[i].family)) == 0)
            return rows[i].limit;
    return 0;
}

static bool asks(const char *text) {
    return text[strlen(text) - 1] == '?';
}

static int sentences(const char *text) {
    int count = 1;
    for (size_t begin = pace_last_sentence(text); begin > 0; count++)
        begin = pace_sentence(text, begin - 1);
    return count;
}

/* How many sentences are told of it before the question. */
static int told(const struct speech *speech, int count) {
    int sum = 0;
    for (int i = 0; i < count; i++)
        sum += limit(speech->phrases[i]) > 0 ? sentences(speech->sentences[i]) : 0;
    return sum;
}

static size_t length(const struct speech *speech) {
    size_t len = 0;
    for (int i = 0; i < speech->sentence_count; i++)
        len += (i > 0) + text_length(speech->sentences[i]);
    return len;
}

static void drop(struct speech *speech, int at) {
    size_t after = (size_t)(--speech->sentence_count - at);
    memmove(&speech->sentences[at], &speech->sentences[at + 1], after * sizeof *speech->sentences);
    memmove(&speech->phrases[at], &speech->phrases[at + 1], after * sizeof *speech->phrases);
}

static size_t last_limit(const struct speech *speech, int count) {
    for (int i = count - 1; i >= 0; i--)
        if (limit(speech->phrases[i]) > 0)
            return limit(speech->phrases[i]);
    return MOST;
}

/* Takes the last sentence that can wait off what is told, the first one never; NULL when there is none. */
static const char *take_last(struct speech *speech, int count) {
    if (told(speech, count) < 2)
        return NULL;
    for (int i = count - 1; i >= 0; i--) {
        const char *text = speech->sentences[i];
        size_t last = pace_last_sentence(text);
        if (limit(speech->phrases[i]) == 0)
            continue;
        const char *taken = arena_string(speech->arena, text + last);
        if (last > 0)
            speech->sentences[i] = arena_copy(speech->arena, text, last - 1);
        else {
            drop(speech, i);
            if (i > 0 && text_is(speech->phrases[i - 1], "subject.each")) { /* whose sentence it was */
                taken = arena_format(speech->arena, "%s %s", speech->sentences[i - 1], taken);
                drop(speech, i - 1);
            }
        }
        return taken;
    }
    return NULL;
}

/* That there is more, where nothing else is asked as the question itself. */
static void tell_of_rest(struct reply *reply) {
    struct speech *speech = &reply->speech;
    int last = speech->sentence_count - 1;
    if (text_is(speech->phrases[last], "offer.more")) {
        drop(speech, last);
        speech_phrase(speech, "rest.offer", NULL);
        reply->state->expect = EXPECT_REST;
        return;
    }
    const char *question = speech->sentences[last], *phrase = speech->phrases[last];
    speech->sentence_count--;
    speech_phrase(speech, "rest.hint", NULL);
    speech->sentences[speech->sentence_count] = question;
    speech->phrases[speech->sentence_count++] = phrase;
}

void brief_cut(struct reply *reply) {
    struct speech *speech = &reply->speech;
    struct calling *call = &reply->state->call;
    bool goes_on = text_is(reply->note, "silence") || text_is(reply->note, "not_understood");
    const char *rest = "", *taken;
    if (speech->sentence_count == 0 || reply->spoken != NULL || reply->looking || goes_on)
        return;
    for (;;) {
        int last = speech->sentence_count - 1,
            count = last + !(reply->transfer || asks(speech->sentences[last]));
        /* A person who takes over knows the dates; that there is more takes room. */
        size_t most = reply->transfer ? SHORT : last_limit(speech, count) - (*rest != '\0' ? HINT : 0);
        if (told(speech, count) <= SENTENCES && length(speech) <= most)
            break;
        taken = take_last(speech, count);
        if (taken == NULL)
            break;
        rest = *rest != '\0' ? arena_format(reply->arena, "%s %s", taken, rest) : taken;
    }
    memset(call->rest, 0, sizeof call->rest);
    if (*rest == '\0' || reply->transfer || !asks(speech->sentences[speech->sentence_count - 1]))
        return;
    TEXT_SET(call->rest, rest);
    tell_of_rest(reply);
}

/* The question that the answer ended with, which is still open. */
static void ask_again(struct reply *reply) {
    const char *spoken = reply->state->call.spoken, *question = spoken + pace_last_sentence(spoken);
    if (reply->heard.expected == EXPECT_NOTHING || reply->heard.expected == EXPECT_REST)
        return;
    reply->state->expect = reply->heard.expected;
    speech_text(&reply->speech, arena_string(reply->arena, question), "repeat");
}

bool brief_heard(struct reply *reply) {
    struct state *state = reply->state;
    const struct heard *heard = &reply->heard;
    bool more = hear_more(state, heard), left = state->call.rest[0] != '\0';
    if (more && !left && state->rest == 0 && !heard->track && text_is(heard->act, "more") &&
        state->told[0] != '\0') {
        speech_phrase(&reply->speech, "rest.none", NULL);
        ask_again(reply);
        reply_noted(reply, "social");
        return true;
    }
    if (more && left) {
        goals_clear(state);
        speech_text(&reply->speech, arena_string(reply->arena, state->call.rest), "rest.told");
        ask_again(reply);
        reply_noted(reply, "answer");
        return true;
    }
    bool declined = heard->expected == EXPECT_REST && text_is(heard->yes_no, "no");
    if (!left || !declined || heard->other || heard->claims_changed || heard->track)
        return false;
    memset(state->call.rest, 0, sizeof state->call.rest);
    speech_phrase(&reply->speech, "offer.more", NULL);
    reply_noted(reply, "social");
    return true;
}
