/* What a customer wrote, without what says who it was. Private to bot/cli. */
#pragma once
#include "bot/cli/mind.h"

/* E-mails, phones and postcodes as the reader finds them, and the given names, as "[email]", "[phone]" … in
 * the arena. What is one of `numbers` (keys of orders and parcels, NULL-terminated) stays. */
const char *redact(struct reader *reader, const struct read_options *options, const char *text,
                   const char *const *names, const char *const *numbers, struct arena *arena);
