/* wismo.conf, by way of libconfuse. Private to bot/settings. */
#pragma once
#include "bot/settings/settings.h"

enum { SHOPS_MAX = 64 };

/* Sets what the file says, line by line; shops are added as they come. */
bool settings_file_read(struct settings *settings, const char *path, struct error *err);

/* Sets one option from its text; settings.c */
struct option_row;
bool settings_set(struct settings *settings, struct shop *shop, const struct option_row *row,
                  const char *const *values, int count, struct error *err);
struct shop *settings_add_shop(struct settings *settings, const char *id, struct error *err);
