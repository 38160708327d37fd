#include "base/data.h"
#include "base/buffer.h"
#include "tests/claims.h"
#include <string.h>

extern const struct data_file test_files[];
static const struct data built_in = {.embedded = test_files};
static const struct data in_folder = {.folder = SOURCE_DIR "/tests/base"};

struct listing {
    struct buffer names;
    int left;
};

static bool collect(const char *name, void *context, struct error *err) {
    struct listing *listing = context;
    if (listing->left-- == 0)
        return error_set(err, "enough");
    buffer_format(&listing->names, "%s ", name);
    return true;
}

/* The names in one string, of the first `most` files. */
static bool list(struct listing *listing, const struct data *data, int most, struct error *err) {
    buffer_reset(&listing->names);
    listing->left = most;
    return data_each(data, ".txt", collect, listing, err);
}

static void a_file_reads_the_same_from_a_folder_and_from_the_binary(void **state) {
    static const char *const names[] = {"files/a.txt", "files/b.txt", "files/below/c.txt", "files/empty.txt"};
    struct arena arena;
    struct error err;
    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t len, other_len;
        const char *bytes = data_read(&built_in, names[i], &arena, &len, &err);
        const char *other = data_read(&in_folder, names[i], &arena, &other_len, &err);
        assert_non_null(bytes);
        assert_non_null(other);
        assert_int_equal(len, other_len);
        assert_memory_equal(bytes, other, len + 1); /* the NUL too */
    }
    arena_clear(&arena);
}

static void a_file_made_by_the_build_is_called_as_the_build_says(void **state) {
    struct arena arena;
    struct error err;
    (void)state;
    arena_init(&arena);
    assert_string_equal(data_read(&built_in, "files/made.txt", &arena, NULL, &err), "made by the build\n");
    arena_clear(&arena);
}

static void files_come_in_alphabetical_order_and_by_their_suffix(void **state) {
    struct listing listing;
    struct error err;
    (void)state;
    buffer_init(&listing.names, 1000);
    assert_true(list(&listing, &built_in, 100, &err));
    assert_string_equal(listing.names.bytes,
                        "files/a.txt files/b.txt files/below/c.txt files/empty.txt files/made.txt ");
    assert_true(list(&listing, &in_folder, 100, &err));
    assert_string_equal(listing.names.bytes,
                        "CMakeLists.txt files/a.txt files/b.txt files/below/c.txt files/empty.txt ");
    buffer_clear(&listing.names);
}

static void a_refusal_stops_the_walk_and_is_told(void **state) {
    struct listing listing;
    struct error err;
    (void)state;
    buffer_init(&listing.names, 1000);
    assert_false(list(&listing, &built_in, 1, &err));
    assert_string_equal(listing.names.bytes, "files/a.txt ");
    assert_string_equal(err.text, "enough");
    buffer_clear(&listing.names);
}

static void a_missing_file_or_folder_is_named(void **state) {
    struct data nowhere = {.folder = "/nonexistent"};
    struct listing listing;
    struct arena arena;
    struct error err;
    (void)state;
    arena_init(&arena);
    assert_null(data_read(&built_in, "none.txt", &arena, NULL, &err));
    assert_non_null(strstr(err.text, "(built in) none.txt"));
    assert_null(data_read(&in_folder, "none.txt", &arena, NULL, &err));
    assert_non_null(strstr(err.text, "tests/base/none.txt: "));
    assert_null(data_read(&in_folder, "files", &arena, NULL, &err));
    assert_non_null(strstr(err.text, "expected a file"));
    buffer_init(&listing.names, 1000);
    assert_false(list(&listing, &nowhere, 100, &err));
    assert_non_null(strstr(err.text, "/nonexistent"));
    buffer_clear(&listing.names);
    arena_clear(&arena);
}

int main(void) {
    const struct CMUnitTest claims[] = {
        cmocka_unit_test(a_file_reads_the_same_from_a_folder_and_from_the_binary),
        cmocka_unit_test(a_file_made_by_the_build_is_called_as_the_build_says),
        cmocka_unit_test(files_come_in_alphabetical_order_and_by_their_suffix),
        cmocka_unit_test(a_refusal_stops_the_walk_and_is_told),
        cmocka_unit_test(a_missing_file_or_folder_is_named),
    };
    return cmocka_run_group_tests_name("base/data", claims, NULL, NULL);
}
