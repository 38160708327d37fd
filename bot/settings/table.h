/* The one table of options. Private to bot/settings. */
#pragma once
#include "bot/settings/settings.h"
#include "bot/settings/writing.h"

enum scope {
    SCOPE_PROCESS, /* in the file, as WISMO_NAME, as --name */
    SCOPE_SHOP,    /* in the file, inside shop "id" { } */
    SCOPE_FLAG     /* --name of some verbs */
};

enum { RELOADED = 1 << 30 }; /* beside the verbs of a setting of the process: SIGHUP takes it up */

struct option_row {
    const char *name; /* log_level: WISMO_LOG_LEVEL, --log-level */
    enum scope scope;
    const struct writing *writing;
    size_t offset;        /* in struct settings, or in struct shop */
    const char *standard; /* as it would be written in the file; "" none */
    unsigned verbs;       /* that take it as a flag, and RELOADED */
    const char *sentence;
};

extern const struct option_row option_rows[]; /* the last has no name */

enum { OPTION_NAME_MAX = 64 };
void option_flag(char out[OPTION_NAME_MAX], const struct option_row *row);     /* "log-level" */
void option_variable(char out[OPTION_NAME_MAX], const struct option_row *row); /* "WISMO_LOG_LEVEL" */
