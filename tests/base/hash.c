#include "base/hash.h"
#include "tests/claims.h"
#include <string.h>

static void a_keyed_hash_is_hmac_sha256(void **state) {
    uint8_t hash[HASH_SIZE], key[131];
    char hex[HASH_HEX_SIZE];
    (void)state;
    /* RFC 4231, test cases 2 and 6. */
    hash_keyed(hash, "Jefe", 4, "what do ya want for nothing?", 28);
    hash_hex(hex, hash);
    assert_string_equal(hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    memset(key, 0xaa, sizeof key);
    hash_keyed(hash, key, sizeof key, "Test Using Larger Than Block-Size Key - Hash Key First", 54);
    hash_hex(hex, hash);
    assert_string_equal(hex, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    assert_true(hash_equal(hash, hash, sizeof hash));
    uint8_t other[HASH_SIZE];
    memcpy(other, hash, sizeof hash);
    other[HASH_SIZE - 1] ^= 1;
    assert_false(hash_equal(hash, other, sizeof hash));
}

static void a_hash_is_read_as_it_is_spelled_and_nothing_else_is(void **state) {
    static const char *const others[] = {"", "5bdcc146",
                                         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec384",
                                         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec38433",
                                         "5BDCC146BF60754E6A042426089575C75A003F089D2739839DEC58B964EC3843"};
    uint8_t hash[HASH_SIZE], read[HASH_SIZE];
    char hex[HASH_HEX_SIZE];
    (void)state;
    for (int first = 0; first < 256; first += HASH_SIZE) { /* each byte once */
        for (int i = 0; i < HASH_SIZE; i++)
            hash[i] = (uint8_t)(first + i);
        hash_hex(hex, hash);
        assert_true(hash_unhex(read, hex));
        assert_memory_equal(read, hash, sizeof hash);
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(hash_unhex(read, others[i]));
    for (int c = 0; c < 256; c++) { /* in each place no other byte */
        char kept = hex[c % (HASH_HEX_SIZE - 1)];
        hex[c % (HASH_HEX_SIZE - 1)] = (char)c;
        bool digit = c != '\0' && strchr("0123456789abcdef", c) != NULL;
        assert_true(hash_unhex(read, hex) == digit);
        hex[c % (HASH_HEX_SIZE - 1)] = kept;
    }
}

static void base64url_is_that_of_the_rfc_without_padding(void **state) {
    static const struct {
        const char *bytes, *text;
    } rows[] = {{"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
                {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff\xbf", "-_-_"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[32];
        uint8_t bytes[32];
        size_t len, wanted = strlen(rows[i].bytes);
        assert_int_equal(base64url_encode(text, rows[i].bytes, wanted), strlen(rows[i].text));
        assert_string_equal(text, rows[i].text);
        assert_true(base64url_decode(bytes, sizeof bytes, &len, text, strlen(text)));
        assert_int_equal(len, wanted);
        assert_memory_equal(bytes, rows[i].bytes, len);
    }
}

static void base64_is_that_of_the_rfc_with_padding(void **state) {
    (void)state;
    static const struct {
        const char *bytes, *text;
    } rows[] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"\xfb\xff", "+/8="}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[16];
        uint8_t bytes[8];
        size_t len, wanted = strlen(rows[i].text);
        assert_int_equal(base64_encode(text, rows[i].bytes, strlen(rows[i].bytes)), wanted);
        assert_string_equal(text, rows[i].text);
        assert_true(base64_decode(bytes, sizeof bytes, &len, text, wanted));
        assert_int_equal(len, strlen(rows[i].bytes));
        assert_memory_equal(bytes, rows[i].bytes, len);
    }
    static const char *const wrong[] = {"Zg", "Zg=", "Zg===", "Z===", "Zh==", "Zm9v=", "_/8=", "=Zg="};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        uint8_t bytes[8];
        size_t len;
        if (base64_decode(bytes, sizeof bytes, &len, wrong[i], strlen(wrong[i])))
            fail_msg("%s was read", wrong[i]);
    }
}

static void base64url_has_one_writing_for_each_value(void **state) {
    static const char *const rows[] = {"Z",    "Zg==", "Zh",    "Zm9",        "Zm+v",
                                       "Zm/v", "Zm v", "Zm9vY", "\xc3\xa9zz", "Zm.v"};
    uint8_t bytes[32];
    size_t len;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (base64url_decode(bytes, sizeof bytes, &len, rows[i], strlen(rows[i])))
            fail_msg("%s is accepted", rows[i]);
    assert_false(base64url_decode(bytes, sizeof bytes, &len, "Zm\0v", 4));
    assert_false(base64url_decode(bytes, 2, &len, "Zm9v", 4)); /* no room */
    assert_true(base64url_decode(bytes, 3, &len, "Zm9v", 4));
}

static void ids_sort_by_time_and_never_repeat(void **state) {
    char last[ID_SIZE] = "", id[ID_SIZE];
    (void)state;
    for (int64_t ms = 1; ms < INT64_C(1) << 48; ms += ms / 3 + 1) {
        id_new(id, ms);
        assert_true(id_valid(id));
        assert_true(strcmp(last, id) < 0);
        memcpy(last, id, sizeof last);
    }
    for (int i = 0; i < 1000; i++) {
        id_new(last, 1773216000000);
        id_new(id, 1773216000000);
        assert_memory_equal(last, id, 10);
        assert_string_not_equal(last, id);
    }
}

static void an_id_has_its_time_in_its_first_ten_letters(void **state) {
    char id[ID_SIZE];
    (void)state;
    id_new(id, INT64_C(1469918176385)); /* the example of the specification */
    id[10] = '\0';
    assert_string_equal(id, "01ARYZ6S41");
}

static void what_is_no_id_is_refused(void **state) {
    (void)state;
    assert_true(id_valid("01ARYZ6S41TSV4RRFFQ69G5FAV"));
    assert_true(id_valid("7ZZZZZZZZZZZZZZZZZZZZZZZZZ"));
    assert_false(id_valid("8ZZZZZZZZZZZZZZZZZZZZZZZZZ"));
    assert_false(id_valid("01ARYZ6S41TSV4RRFFQ69G5FA"));
    assert_false(id_valid("01ARYZ6S41TSV4RRFFQ69G5FAVV"));
    assert_false(id_valid("01ARYZ6S41TSV4RRFFQ69G5FAU"));
    assert_false(id_valid("01aryz6s41tsv4rrffq69g5fav"));
    assert_false(id_valid("01ARYZ6S41TSV4RRFFQ69G5FA "));
    assert_false(id_valid(""));
    assert_false(id_valid(NULL));
}

int main(void) {
    const struct CMUnitTest claims[] = {
        cmocka_unit_test(a_keyed_hash_is_hmac_sha256),
        cmocka_unit_test(a_hash_is_read_as_it_is_spelled_and_nothing_else_is),
        cmocka_unit_test(base64url_is_that_of_the_rfc_without_padding),
        cmocka_unit_test(base64_is_that_of_the_rfc_with_padding),
        cmocka_unit_test(base64url_has_one_writing_for_each_value),
        cmocka_unit_test(ids_sort_by_time_and_never_repeat),
        cmocka_unit_test(an_id_has_its_time_in_its_first_ten_letters),
        cmocka_unit_test(what_is_no_id_is_refused),
    };
    return cmocka_run_group_tests_name("base/hash", claims, NULL, NULL);
}
