/* Any bytes are a frame of a telephone platform or of an agent, or are told what is wrong with them; whatever
 * text is read can be written again. The first byte says whose frame it is:
 * build/fuzz/tests/channels/fuzz_channels_phone -max_len=4096 */
#include "base/json.h"
#include "base/text.h"
#include "bot/channels/desk.h"
#include "bot/channels/jambonz.h"
#include "bot/channels/relay.h"
#include "bot/channels/turn.h"
#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void must_be_text(const char *text) {
    assert(!text || text_valid(text, strlen(text)));
}

static void must_be_message(const struct message *message) {
    must_be_text(message->text);
    must_be_text(message->call);
    must_be_text(message->caller);
    must_be_text(message->locale);
}

static void must_be_json(struct buffer *out) {
    struct error err;
    if (out->len == 0 || out->full)
        return;
    /* What we send may be longer than what we read: marks for a voice make many times as much of a text. */
    json_t *json = json_read(out->bytes, out->len, &json_file_limits, "frame", &err);
    assert(json);
    json_decref(json);
}

static void relay(const char *bytes, size_t len, struct arena *arena, struct buffer *out) {
    struct relay_frame frame;
    relay_read(&frame, bytes, len, arena);
    must_be_message(&frame.message);
    must_be_text(frame.called);
    must_be_text(frame.text);
    if (frame.kind == RELAY_HEARD && frame.message.text)
        relay_write_text(out, frame.message.text, bytes[0] & 1, true, false);
}

static void jambonz(const char *bytes, size_t len, struct arena *arena, struct buffer *out) {
    struct jambonz_frame frame;
    struct jambonz_answer answer;
    jambonz_read(&frame, bytes, len, arena);
    must_be_message(&frame.message);
    must_be_message(&frame.hello);
    must_be_text(frame.called);
    must_be_text(frame.text);
    jambonz_answer_init(&answer);
    answer.marked = len & 1;
    if (frame.kind == JAMBONZ_HEARD && frame.message.text)
        jambonz_say(&answer, frame.message.text, false);
    jambonz_hang_up(&answer);
    jambonz_write(out, frame.msgid, &answer);
    jambonz_answer_clear(&answer);
}

static void turn(const char *bytes, size_t len, struct arena *arena, struct buffer *out) {
    struct turn_request request;
    const char *fault = NULL;
    if (!turn_read(&request, bytes, len, arena, &fault)) {
        assert(fault && *fault);
        must_be_text(fault);
        return;
    }
    must_be_message(&request.hello);
    assert(request.session && *request.session);
    const struct delivery listen = {.kind = DELIVERY_LISTEN, .expects = "open", .locale = "fr"};
    turn_write(out, request.session, "Bonjour.", request.ssml != NULL, "fr-FR", false, &listen, NULL);
}

static void desk(const char *bytes, size_t len, struct arena *arena, struct buffer *out) {
    struct desk_message message;
    struct fault fault;
    if (!desk_read(bytes, len, arena, &message, &fault))
        desk_write_fault(out, &fault);
    else {
        must_be_text(message.text);
        desk_write_done(out, message.id);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    static void (*const readers[])(const char *, size_t, struct arena *, struct buffer *) = {relay, jambonz,
                                                                                             turn, desk};
    struct arena arena;
    struct buffer out;
    if (len == 0)
        return 0;
    arena_init(&arena);
    buffer_init(&out, DESK_OUT_MAX);
    readers[bytes[0] % 4]((const char *)bytes + 1, len - 1, &arena, &out);
    must_be_json(&out);
    buffer_clear(&out);
    arena_clear(&arena);
    return 0;
}
