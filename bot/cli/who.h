/* Which customer forget and export are about. Private to bot/cli. */
#pragma once
#include "base/key.h"
#include "bot/settings/settings.h"
#include "db/order.h"

struct who {
    char key[EMAIL_SIZE];
    struct order_query query; /* points at key */
};

/* From --email, --phone or --order, of which one must be given, and, of several shops, --shop. */
bool who_named(struct who *who, struct settings *settings, struct error *err);
