/* Any bytes are a template, or are refused with a place in it; what is compiled can be said with all values,
 * and with none: build/fuzz/tests/responses/fuzz_responses -max_len=512 */
#include "base/text.h"
#include "responses/template.h"
#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static const struct vocabulary_entry entries[] = {{"count", VALUE_NUMBER},    {"due", VALUE_MOMENT},
                                                  {"link", VALUE_LINK},       {"name", VALUE_TEXT},
                                                  {"order", VALUE_REFERENCE}, {"why", VALUE_CODE}};
enum { ENTRIES = sizeof entries / sizeof *entries };

struct values {
    unsigned present; /* a bit for each */
};

static bool print(void *context, int value, enum style style, struct buffer *out) {
    const struct values *values = context;
    assert(value >= 0 && value < ENTRIES && style <= STYLE_TWO);
    if (!(values->present >> value & 1))
        return false;
    buffer_string(out, "é");
    return true;
}

static bool number(void *context, int value, int64_t *number) {
    const struct values *values = context;
    assert(value >= 0 && value < ENTRIES);
    *number = 2;
    return values->present >> value & 1;
}

static const char *plural(void *context, int64_t number) {
    (void)context;
    return number == 1 ? "one" : "other";
}

static const char *code(void *context, int value) {
    const struct values *values = context;
    return values->present >> value & 1 ? "door" : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    static const struct vocabulary vocabulary = {entries, ENTRIES};
    struct arena arena;
    struct buffer out;
    struct error err = {""};
    size_t at = 0;
    if (len == 0 || !text_valid((const char *)bytes + 1, len - 1))
        return 0;
    arena_init(&arena);
    buffer_init(&out, 64 * 1024);
    const char *source = arena_copy(&arena, (const char *)bytes + 1, len - 1);
    struct template *template =
        template_compile(source, &vocabulary, bytes[0] & 1 ? 0 : -1, bytes[0] & 2, &arena, &at, &err);
    if (!template)
        assert(err.text[0] && at <= len - 1);
    else {
        struct values values = {.present = bytes[0]};
        struct template_reader reader = {&values, print, number, plural, code, 0, -1};
        if (!template_render(template, &reader, &out))
            assert(out.len == 0);
        assert(out.full || text_valid(out.bytes, out.len));
    }
    buffer_clear(&out);
    arena_clear(&arena);
    return 0;
}
