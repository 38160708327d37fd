#include "base/arena.h"
#include "base/memory.h"
#include "base/print.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#ifdef ARENA_GUARDED
#include <sanitizer/asan_interface.h>
enum { RED_ZONE = 16 };
#define ARENA_FORBID(at, len) ASAN_POISON_MEMORY_REGION(at, len)
#define ARENA_ALLOW(at, len) ASAN_UNPOISON_MEMORY_REGION(at, len)
#else
enum { RED_ZONE = 0 };
#define ARENA_FORBID(at, len) ((void)(at), (void)(len))
#define ARENA_ALLOW(at, len) ((void)(at), (void)(len))
#endif

/* A block: what a message takes to be read and answered. */
enum { BLOCK_SIZE = 32 * 1024, LARGE_PAGE = 2 << 20 };

struct arena_block {
    struct arena_block *older;
    size_t size;
    alignas(max_align_t) char bytes[];
};

/* Of large pages: whole ones, and said so before they are written to. */
static struct arena_block *block_new(size_t size, bool lasting) {
    if (size > SIZE_MAX / 2)
        memory_exhausted();
    size_t whole = sizeof(struct arena_block) + size;
    if (lasting)
        size = (whole = (whole + LARGE_PAGE - 1) & ~(size_t)(LARGE_PAGE - 1)) - sizeof(struct arena_block);
    struct arena_block *block = lasting ? aligned_alloc(LARGE_PAGE, whole) : malloc(whole);
    if (!block)
        memory_exhausted();
    if (lasting)
        madvise(block, whole, MADV_HUGEPAGE);
    block->older = NULL;
    block->size = size;
    ARENA_FORBID(block->bytes, size);
    return block;
}

static void block_free(struct arena_block *block) {
    ARENA_ALLOW(block->bytes, block->size);
    free(block);
}

void arena_init(struct arena *arena) {
    *arena = (struct arena){0};
}

void arena_init_lasting(struct arena *arena) {
    *arena = (struct arena){.lasting = true};
}

void arena_clear(struct arena *arena) {
    if (!arena)
        return;
    while (arena->head) {
        struct arena_block *older = arena->head->older;
        block_free(arena->head);
        arena->head = older;
    }
    arena_init(arena);
}

void arena_reset(struct arena *arena) {
    while (arena->head && arena->head->older) {
        struct arena_block *older = arena->head->older;
        arena->head->older = older->older;
        block_free(older);
    }
    if (arena->head) {
        ARENA_FORBID(arena->head->bytes, arena->head->size);
        arena->next = arena->head->bytes;
        arena->end = arena->head->bytes + arena->head->size;
    }
}

static size_t need_of(size_t size) {
    return (size + RED_ZONE + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
}

void *arena_more(struct arena *arena, size_t size) {
    if (size > SIZE_MAX / 2)
        memory_exhausted();
    size_t need = need_of(size);
    char *piece;
    if (arena->head && need > BLOCK_SIZE / 4 && need > (size_t)(arena->end - arena->next)) {
        /* A large piece gets a block to itself, behind the one that is being filled. */
        struct arena_block *block = block_new(need, arena->lasting);
        block->older = arena->head->older;
        arena->head->older = block;
        piece = block->bytes;
    } else {
        if (!arena->head || need > (size_t)(arena->end - arena->next)) {
            struct arena_block *block = block_new(need > BLOCK_SIZE ? need : BLOCK_SIZE, arena->lasting);
            block->older = arena->head;
            arena->head = block;
            arena->next = block->bytes;
            arena->end = block->bytes + block->size;
        }
        piece = arena->next;
        arena->next += need;
    }
    ARENA_ALLOW(piece, size);
    return piece;
}

void *arena_lines_room(struct arena *arena, size_t size) {
    char *room = arena_room(arena, size + ARENA_LINE - 1);
    size_t before = -(uintptr_t)room % ARENA_LINE;
    arena_return(arena, room, size + ARENA_LINE - 1, before + size);
    return room + before;
}

void arena_return(struct arena *arena, char *piece, size_t size, size_t used) {
    if (piece + need_of(size) != arena->next)
        return;
    arena->next = piece + need_of(used);
    ARENA_FORBID(piece + used, size - used);
}

bool arena_extend(struct arena *arena, char *piece, size_t size, size_t wanted) {
    size_t need = need_of(wanted);
    if (piece + need_of(size) != arena->next || need > (size_t)(arena->end - piece))
        return false;
    arena->next = piece + need;
    ARENA_ALLOW(piece, wanted);
    return true;
}

char *arena_copy(struct arena *arena, const char *bytes, size_t len) {
    char *copy = arena_room(arena, len + 1);
    if (len)
        memcpy(copy, bytes, len);
    copy[len] = '\0';
    return copy;
}

void *arena_take(struct arena *arena, void *bytes, size_t len) {
    void *taken = bytes ? memcpy(arena_room(arena, len), bytes, len) : NULL;
    free(bytes);
    return taken;
}

char *arena_string(struct arena *arena, const char *string) {
    return string ? arena_copy(arena, string, strlen(string)) : NULL;
}

char *arena_format(struct arena *arena, const char *format, ...) {
    char first[512];
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = print_args(first, sizeof first, format, args);
    size_t size = len < 0 ? 0 : (size_t)len;
    char *string = arena_copy(arena, first, size < sizeof first ? size : 0);
    if (size >= sizeof first)
        print_args(string = arena_alloc(arena, size + 1), size + 1, format, again);
    va_end(again);
    va_end(args);
    return string;
}
