/* Chance against everything in base that reads what strangers write: build/fuzz/tests/base/fuzz_base
 * -max_len=512 */
#include "base/hash.h"
#include "base/json.h"
#include "base/key.h"
#include "base/moment.h"
#include "base/text.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void read_json(const char *text, size_t len) {
    struct error err;
    int line, column;
    json_t *json = json_read(text, len, &json_frame_limits, "frame", &err);
    assert(json || text_valid(err.text, strlen(err.text)));
    json_decref(json);
    json_locate(text, len, "a/0/b", &line, &column);
}

/* Whatever is read prints to something that reads the same. */
static void read_moment(const char *text) {
    struct moment moment, again;
    char printed[MOMENT_SIZE];
    if (!moment_parse(&moment, text, NULL))
        return;
    moment_print(printed, moment);
    if (printed[0])
        assert(moment_parse(&again, printed, NULL) && again.ms == moment.ms && again.offset == moment.offset);
}

/* Whatever is a key is its own key. */
static void read_keys(const char *text) {
    char key[EMAIL_SIZE], again[EMAIL_SIZE];
    if (key_number(key, text))
        assert(key_number(again, key) && strcmp(key, again) == 0);
    if (key_email(key, text))
        assert(text_valid(key, strlen(key)) && key_email(again, key));
    if (key_phone(key, text, "FR"))
        assert(key_phone(again, key, "DE") && strcmp(key, again) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    uint8_t decoded[64];
    size_t decoded_len;
    char *text = malloc(len + 1);
    memcpy(text, bytes, len);
    text[len] = '\0';
    read_json(text, len);
    base64url_decode(decoded, sizeof decoded, &decoded_len, text, len);
    read_moment(text);
    if (text_valid(text, len)) {
        read_keys(text);
        text_mask(text, NULL, NULL);
        assert(strlen(text) <= len && text_valid(text, strlen(text)));
    }
    free(text);
    return 0;
}
