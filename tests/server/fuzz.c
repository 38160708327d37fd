/* Any bytes are a form, or none; whoever stands behind a proxy is found, whatever they write into the header
 * themselves: build/fuzz/tests/server/fuzz_server -max_len=512 */
#include "base/text.h"
#include "bot/server/http.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void form(struct arena *arena, const char *body) {
    struct http_field fields[8];
    int count = http_form_read(arena, body, fields, 8);
    assert(count >= -1 && count <= 8);
    for (int i = 0; i < count; i++)
        assert(fields[i].name && fields[i].value &&
               strlen(fields[i].name) + strlen(fields[i].value) <= strlen(body));
}

/* The proxy puts the true address behind what came. */
static void forwarded(struct arena *arena, const char *came) {
    char found[VISITOR_MAX];
    visitor_behind(found, "127.0.0.1", "127.0.0.1 ::1", arena_format(arena, "%s, 203.0.113.9", came));
    assert(text_is(found, "203.0.113.9"));
    visitor_behind(found, "198.51.100.1", "127.0.0.1 ::1", came);
    assert(text_is(found, "198.51.100.1"));
    visitor_behind(found, "::1", "127.0.0.1 ::1", came);
    assert(strlen(found) < sizeof found);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    struct arena arena;
    arena_init(&arena);
    const char *text = arena_copy(&arena, (const char *)bytes, len);
    form(&arena, text);
    forwarded(&arena, text);
    arena_clear(&arena);
    return 0;
}
