/* What the program was told: one table of options (table.c) read from wismo.conf, the environment and flags.
 *
 * A flag wins over the environment, that over the file, that over the default. Every value is checked where
 * it is read: an error names file:line, variable or flag, what was expected and what was found. Knows nothing
 * of verbs but which flags each takes. */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "base/log.h"
#include "bot/dialogue/shop.h"
#include <stdio.h>

enum verb {
    VERB_SERVE = 1 << 0,
    VERB_ASK = 1 << 1,
    VERB_IMPORT = 1 << 2,
    VERB_CHECK = 1 << 3,
    VERB_CLASSIFY = 1 << 4,
    VERB_WHY = 1 << 5,
    VERB_HANDOFFS = 1 << 6,
    VERB_FORGET = 1 << 7,
    VERB_EXPORT = 1 << 8,
    VERB_DEMO = 1 << 9,
    VERB_HELP = 1 << 10,
    VERB_VERSION = 1 << 11,
    VERB_EVAL = 1 << 12,
    VERB_MISSES = 1 << 13,
    VERB_REPLAY = 1 << 14,
    VERB_CALL = 1 << 15,
    VERB_STAFF = 1 << 16
};

/* So many a second, and so many at once; 0 a second: no limit. */
struct pace {
    int a_second, at_once;
};

struct endpoint_address {
    const char *address; /* "" none */
    int port;
};

/* Whom mail is given to. */
struct relay {
    const char *url; /* "smtps://mail.example:465"; "" none */
    const char *user, *password;
};

enum { SETTINGS_MAX = 96 }; /* rows of the table */

struct settings {
    struct arena arena;                /* holds every string below */
    const char *written[SETTINGS_MAX]; /* of the process, row by row, as it was written; NULL: nowhere */

    /* Of the process: file, environment and flag. */
    const char *conf; /* the file that was read; "" none */
    const char *db;
    const char *listen;
    int port;
    int loops;                                 /* threads that answer chats */
    int connections;                           /* 0: as many as the system allows */
    int sockets_per_address;                   /* 0: no limit */
    const char *tls_certificate, *tls_key;     /* files; both or none */
    bool memory_only;                          /* nothing of a conversation is written */
    int agent_lost;                            /* seconds; 0: never */
    const char *proxies;                       /* addresses between blanks */
    struct pace per_conversation, per_address; /* messages */
    enum log_level log_level;
    enum log_format log_format;
    const char *intents, *responses; /* folders; "" the catalogues inside the binary */
    const char *now;                 /* the clock stands here, as it was written; "" it runs; … */
    int64_t now_ms;                  /* … and by the shop's clock */
    const char *public_url;          /* "" none */
    const char *twilio_token, *relay_token, *jambonz_login, *turn_key; /* secrets; "" none */
    int keep_turns, keep_notes, keep_handoffs, keep_orders;            /* days; 0 for ever */

    struct endpoint_address admin;
    struct relay smtp;
    const char *mail_from;
    const char *handoff_ca; /* a file; "" the system's authorities */
    int handoff_give_up;    /* seconds */

    struct shop *shops; /* at least one */
    int shop_count;
    const struct shop *shop; /* the one that --shop names, else the first */

    /* Of one verb: flags only. */
    const char *shop_id, *locale, *conversation, *token, *format, *dates, *rejects, *wrong, *email, *phone,
        *order, *agent, *from, *role;
    const char *data;  /* the folder of a changed catalogue */
    const char *since; /* as it was written, "" from the first, … */
    int64_t since_ms;  /* … and by the shop's clock */
    bool json, voice, show, print, settings_table, help;

    enum verb verb;
    int argc;
    char **argv;                  /* what was given to settings_load; borrowed */
    const char *const *arguments; /* what is not a flag, NULL-terminated */
    int argument_count;
};

/* argv[0] is the verb's name. With --help nothing but the flags is read. NULL + error. */
struct settings *settings_load(enum verb verb, int argc, char **argv, struct error *err);
/* The same once more: what file and environment say now. */
struct settings *settings_again(const struct settings *settings, struct error *err);
/* The names, between ", ", of settings of the process that are written otherwise than at the start and wait
 * for the next one; in the arena, "" none. */
const char *settings_waiting(struct settings *settings, const struct settings *started);
void settings_free(struct settings *settings);

/* NULL when there is no such shop. */
const struct shop *settings_shop(const struct settings *settings, const char *id);

/* The flags of a verb as --help lists them; the settings as the tables of the README. */
void settings_print_flags(enum verb verb, FILE *out);
void settings_print_table(FILE *out);

/* The one of `names` (NULL-terminated) that was probably meant, NULL when none is near. */
const char *settings_nearest(const char *word, const char *const *names);
