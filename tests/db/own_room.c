#include "tests/db/own_room.h"

struct room room;

int own_room_begin(void **state) {
    (void)state;
    room_open(&room);
    return 0;
}

int own_room_end(void **state) {
    (void)state;
    room_close(&room);
    return 0;
}
