/* A room for each claim of a program: opened before it, gone after it. */
#pragma once
#include "tests/db/room.h"

extern struct room room;
int own_room_begin(void **state);
int own_room_end(void **state);
#define CLAIM(name) cmocka_unit_test_setup_teardown(name, own_room_begin, own_room_end)
