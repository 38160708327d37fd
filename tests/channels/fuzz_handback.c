/* Any bytes are a webhook of a shop's system or of Chatwoot, or are told what is wrong with them; any bytes
 * are a signature, which is not good. The first byte says which:
 * build/fuzz/tests/channels/fuzz_channels_handback -max_len=4096 */
#include "base/text.h"
#include "bot/channels/handback.h"
#include "bot/outbox/signature.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void must_be_text(const char *text) {
    assert(text && text_valid(text, strlen(text)));
}

static void must_be_whole(const struct handback *asks, enum handback_kind kind) {
    must_be_text(asks->verb);
    must_be_text(asks->agent);
    must_be_text(asks->text);
    must_be_text(asks->conversation);
    must_be_text(asks->message);
    must_be_text(asks->fault);
    assert(strlen(asks->agent) < AGENT_SIZE);
    assert((kind == HANDBACK_ASKS) == (*asks->verb != '\0'));
    assert((kind == HANDBACK_MALFORMED || kind == HANDBACK_REFUSED) == (*asks->fault != '\0'));
}

/* Three lines are three headers, the rest is a body. */
static void signatures(char *text) {
    static const char secret[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const char *lines[4] = {text, "", "", ""};
    char made[SIGNATURE_SIZE];
    for (int i = 1; i < 4; i++) {
        char *end = strchr(lines[i - 1], '\n');
        if (!end)
            break;
        *end = '\0';
        lines[i] = end + 1;
    }
    bool good =
        signature_good(lines[0], secret, lines[1], lines[2], lines[3], strlen(lines[3]), 1773216000000);
    bool made_it =
        signature_make(made, secret, lines[1], strtoll(lines[2], NULL, 10), lines[3], strlen(lines[3]));
    assert(made_it && (!good || strstr(lines[0], made)));
    assert(!signature_good_chatwoot(lines[0], "secret", lines[2], lines[3], strlen(lines[3]), 1773216000000));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    struct arena arena;
    struct handback asks;
    if (len == 0)
        return 0;
    arena_init(&arena);
    char *text = arena_copy(&arena, (const char *)bytes + 1, len - 1);
    if (bytes[0] % 3 == 0)
        must_be_whole(&asks, handback_read(&asks, text, len - 1, &arena));
    else if (bytes[0] % 3 == 1)
        must_be_whole(&asks, handback_read_chatwoot(&asks, text, len - 1, &arena));
    else
        signatures(text);
    arena_clear(&arena);
    return 0;
}
