#include "tests/db/room.h"
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void room_open(struct room *room) {
    struct error err = {""};
    *room = (struct room){.folder = "/tmp/wismo-db-XXXXXX"};
    assert_non_null(mkdtemp(room->folder));
    snprintf(room->path, sizeof room->path, "%s/wismo.db", room->folder);
    arena_init(&room->arena);
    room->zone = zone_open("Europe/Paris", &err);
    assert_non_null(room->zone);
    room->store = store_open(room->path, STORE_CREATE, &err);
    if (!room->store)
        fail_msg("%s", err.text);
}

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *walk) {
    (void)info, (void)type, (void)walk;
    return remove(path);
}

void room_close(struct room *room) {
    store_close(room->store);
    zone_close(room->zone);
    arena_clear(&room->arena);
    free(room->rejects);
    nftw(room->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void keep(const char *message, void *context) {
    struct room *room = context;
    size_t len = strlen(room->complaints);
    snprintf(room->complaints + len, sizeof room->complaints - len, "%s\n", message);
}

struct import_summary room_import(struct room *room, const char *text, size_t len) {
    struct import_summary summary;
    struct error err = {""};
    size_t rejects_len;
    free(room->rejects);
    room->complaints[0] = '\0';
    /* fmemopen refuses an empty buffer. */
    FILE *in = len ? fmemopen((void *)(uintptr_t)text, len, "r") : fopen("/dev/null", "r");
    FILE *rejects = open_memstream(&room->rejects, &rejects_len);
    assert_non_null(in);
    assert_non_null(rejects);
    struct import_options options = {.shop = "demo",
                                     .zone = room->zone,
                                     .country = "FR",
                                     .label = "file",
                                     .rejects = rejects,
                                     .reject = keep,
                                     .context = room,
                                     .now_ms = NOW_MS};
    bool ok = import_run(room->store, in, &options, &summary, &err);
    fclose(in);
    fclose(rejects);
    if (!ok)
        keep(err.text, room);
    if (!ok)
        summary.read = -1;
    return summary;
}

enum found room_find(struct room *room, enum order_by by, const char *value, struct order_list *list) {
    struct order_query query = {"demo", by, {value}, 1, NULL};
    struct error err = {""};
    enum found found = store_orders(room->store, &query, &room->arena, list, &err);
    if (found == FAILED)
        fail_msg("%s", err.text);
    store_rest(room->store);
    return found;
}

struct order *room_order(struct room *room, const char *key) {
    struct order_list list;
    return room_find(room, ORDER_BY_KEY, key, &list) == FOUND ? list.orders[0] : NULL;
}

const char *room_bytes(struct room *room, const char *path, size_t *len) {
    struct stat info;
    int file = open(path, O_RDONLY);
    *len = 0;
    if (file < 0 || fstat(file, &info) != 0)
        return "";
    char *bytes = arena_alloc(&room->arena, (size_t)info.st_size + 1);
    ssize_t got = read(file, bytes, (size_t)info.st_size);
    close(file);
    *len = got > 0 ? (size_t)got : 0;
    return bytes;
}

uint32_t room_random(uint32_t *seed) {
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}
