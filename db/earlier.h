/* The keys of the orders of one file so far and whose they are, as hashes: to know orders that come back. Two
 * keys may rarely count as one. Private to import*.c. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct earlier {
    struct earlier_order {
        uint64_t key, email; /* 0: none */
    } * slots;
    size_t size, count;
};

enum earlier_found { EARLIER_NONE, EARLIER_SAME, EARLIER_OTHERS };
/* OTHERS: it was there before with another e-mail; "" is as good as any. */
enum earlier_found earlier_add(struct earlier *earlier, const char *key, const char *email);
void earlier_clear(struct earlier *earlier);
