#include "base/arena.h"
#include "base/buffer.h"
#include "tests/claims.h"
#include <stdalign.h>
#include <string.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#endif

static void a_buffer_grows_up_to_its_maximum_and_not_beyond(void **state) {
    struct buffer buffer;
    (void)state;
    buffer_init(&buffer, 1000);
    for (int i = 0; i < 100; i++)
        buffer_add(&buffer, "0123456789", 10);
    assert_false(buffer.full);
    assert_int_equal(buffer.len, 1000);
    buffer_add(&buffer, "x", 1);
    assert_true(buffer.full);
    assert_int_equal(buffer.len, 1000);
    assert_int_equal(strlen(buffer.bytes), 1000);
    buffer_clear(&buffer);
}

static void a_piece_over_the_maximum_is_left_out_whole_and_so_is_what_follows(void **state) {
    struct buffer buffer;
    (void)state;
    buffer_init(&buffer, 8);
    buffer_string(&buffer, "abc");
    buffer_string(&buffer, "defghi");
    buffer_string(&buffer, "x");
    assert_true(buffer.full);
    assert_string_equal(buffer.bytes, "abc");
    buffer_reset(&buffer);
    assert_false(buffer.full);
    buffer_format(&buffer, "%d-%s", 12, "four");
    assert_string_equal(buffer.bytes, "12-four");
    buffer_format(&buffer, "%d", 34);
    assert_true(buffer.full);
    assert_string_equal(buffer.bytes, "12-four");
    buffer_clear(&buffer);
}

static void a_buffer_is_a_string_from_the_start(void **state) {
    struct buffer buffer;
    (void)state;
    buffer_init(&buffer, 0);
    assert_string_equal(buffer.bytes, "");
    buffer_add(&buffer, NULL, 0);
    buffer_string(&buffer, NULL);
    assert_false(buffer.full);
    buffer_string(&buffer, "a");
    assert_true(buffer.full);
    buffer_clear(&buffer);
    buffer_init(&buffer, SIZE_MAX / 2);
    buffer_add(&buffer, "a\0b", 3);
    assert_int_equal(buffer.len, 3);
    assert_string_equal(buffer.bytes, "a");
    buffer_clear(&buffer);
    buffer_clear(NULL);
}

static void pieces_are_zeroed_aligned_and_apart(void **state) {
    struct arena arena;
    char *pieces[500];
    (void)state;
    arena_init(&arena);
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < 500; i++) {
            size_t size = i % 97 + (i % 50 == 0) * 20000;
            pieces[i] = arena_alloc(&arena, size);
            assert_int_equal((uintptr_t)pieces[i] % alignof(max_align_t), 0);
            for (size_t j = 0; j < size; j++)
                assert_int_equal(pieces[i][j], 0);
            memset(pieces[i], (int)i, size);
        }
        for (size_t i = 0; i < 500; i++)
            for (size_t j = 0; j < i % 97 + (i % 50 == 0) * 20000; j++)
                assert_int_equal(pieces[i][j], (char)i);
        arena_reset(&arena); /* the second round finds the first one's bytes */
    }
    arena_clear(&arena);
    arena_clear(&arena);
    arena_clear(NULL);
}

static void a_reset_arena_uses_its_block_again(void **state) {
    struct arena arena;
    (void)state;
    arena_init(&arena);
    void *first = arena_alloc(&arena, 100);
    arena_alloc(&arena, 100000);
    arena_reset(&arena);
    assert_ptr_equal(arena_alloc(&arena, 100), first);
    arena_clear(&arena);
}

static void strings_are_copied_and_terminated(void **state) {
    struct arena arena;
    (void)state;
    arena_init(&arena);
    assert_null(arena_string(&arena, NULL));
    assert_string_equal(arena_string(&arena, "colis"), "colis");
    assert_string_equal(arena_copy(&arena, "colis", 3), "col");
    assert_string_equal(arena_copy(&arena, NULL, 0), "");
    assert_string_equal(arena_format(&arena, "%s-%05d", "FR", 42), "FR-00042");
    arena_clear(&arena);
}

static void the_sanitizer_sees_an_overrun_and_a_use_after_reset(void **state) {
    (void)state;
#ifdef __SANITIZE_ADDRESS__
    struct arena arena;
    arena_init(&arena);
    char *piece = arena_alloc(&arena, 24), *next = arena_alloc(&arena, 24);
    assert_false(__asan_address_is_poisoned(piece + 23));
    assert_true(__asan_address_is_poisoned(piece + 24));
    assert_false(__asan_address_is_poisoned(next));
    arena_reset(&arena);
    assert_true(__asan_address_is_poisoned(piece));
    arena_clear(&arena);
#else
    print_message("built without the address sanitizer: nothing to see\n");
    skip();
#endif
}

int main(void) {
    const struct CMUnitTest claims[] = {
        cmocka_unit_test(a_buffer_grows_up_to_its_maximum_and_not_beyond),
        cmocka_unit_test(a_piece_over_the_maximum_is_left_out_whole_and_so_is_what_follows),
        cmocka_unit_test(a_buffer_is_a_string_from_the_start),
        cmocka_unit_test(pieces_are_zeroed_aligned_and_apart),
        cmocka_unit_test(a_reset_arena_uses_its_block_again),
        cmocka_unit_test(strings_are_copied_and_terminated),
        cmocka_unit_test(the_sanitizer_sees_an_overrun_and_a_use_after_reset),
    };
    return cmocka_run_group_tests_name("base/buffer and arena", claims, NULL, NULL);
}
