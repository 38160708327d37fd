#include "bot/settings/file.h"
#include "base/buffer.h"
#include "base/text.h"
#include "bot/settings/table.h"
#include <confuse.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_ROWS = 64 };

/* libconfuse's call-backs get a section and nothing of ours; this travels as a row that no file can name. */
static const char CONTEXT[] = "\1";
/* libconfuse takes the end of the file for the end of a section, too; this row, read behind the last of the
 * file, is none of a shop's. */
static const char END[] = "end_of_file";
struct context {
    struct settings *settings;
    struct error *err;
    int list_lines[FILE_ROWS]; /* by the option's place in its section: where its list ended */
};

static struct context *context_of(cfg_t *section) {
    return (struct context *)cfg_getopt(section, CONTEXT)->simple_value.ptr;
}

static enum scope scope_of(cfg_t *section) {
    return section->title ? SCOPE_SHOP : SCOPE_PROCESS;
}

/* Keeps the first error, with its place; adds what was probably meant to libconfuse's own. */
static void report(cfg_t *section, const char *format, va_list args) {
    struct error *err = context_of(section)->err;
    if (err->text[0])
        return;
    char text[512];
    vsnprintf(text, sizeof text, format, args);
    error_set(err, "%s:%d: %s", section->filename, section->line, text);
    static const char unknown[] = "no such option '";
    if (strncmp(text, unknown, sizeof unknown - 1) != 0)
        return;
    const char *names[FILE_ROWS] = {0};
    int count = 0;
    for (const struct option_row *row = option_rows; row->name && count < FILE_ROWS - 2; row++)
        if (row->scope == scope_of(section))
            names[count++] = row->name;
    char *name = text + sizeof unknown - 1;
    name[strcspn(name, "'")] = 0;
    if (text_is(name, END)) {
        error_set(err, "%s: shop \"%s\" is not closed; a } is missing at the end", section->filename,
                  section->title);
        return;
    }
    const char *near = settings_nearest(name, names);
    error_set(err, "%s:%d: there is no setting \"%s\" %s%s%s%s", section->filename, section->line, name,
              section->title ? "in a shop" : "outside a shop", near ? ": did you mean " : "",
              near ? near : "", near ? "?" : "");
}

/* The shop of a section; it comes into being with the first thing that is said about it. */
static struct shop *shop_of(struct settings *settings, const char *id, struct error *err) {
    const struct shop *shop = settings_shop(settings, id);
    return shop ? &settings->shops[shop - settings->shops] : settings_add_shop(settings, id, err);
}

static int set_option(cfg_t *section, cfg_opt_t *option) {
    struct context *context = context_of(section);
    struct error err = {""};
    struct shop *shop = NULL;
    if (section->title && !(shop = shop_of(context->settings, section->title, &err))) {
        cfg_error(section, "%s", err.text);
        return -1;
    }
    const struct option_row *row = option_rows;
    while (row->scope != scope_of(section) || !text_is(row->name, option->name))
        row++;
    const char *values[FILE_ROWS + 1] = {0};
    unsigned count = cfg_opt_size(option);
    for (unsigned i = 0; i < count && i <= FILE_ROWS; i++)
        values[i] = cfg_opt_getnstr(option, i);
    if (settings_set(context->settings, shop, row, values, (int)count, &err))
        return 0;
    cfg_error(section, "%s: %s", row->name, err.text);
    return -1;
}

/* libconfuse calls this after each value, of a list too: a list is set when its shop ends. */
static int read_value(cfg_t *section, cfg_opt_t *option) {
    if (!(option->flags & CFGF_LIST))
        return set_option(section, option);
    context_of(section)->list_lines[option - section->opts] = section->line;
    return 0;
}

/* Called at the end of a shop's section: one that says nothing is a shop, too. */
static int read_shop(cfg_t *root, cfg_opt_t *option) {
    cfg_t *section = cfg_opt_getnsec(option, cfg_opt_size(option) - 1);
    struct context *context = context_of(root);
    struct error err = {""};
    if (!shop_of(context->settings, cfg_title(section), &err)) {
        cfg_error(root, "%s", err.text);
        return -1;
    }
    for (int i = 0; section->opts[i].name; i++) {
        cfg_opt_t *list = &section->opts[i];
        if (!(list->flags & CFGF_LIST) || !(list->flags & CFGF_MODIFIED))
            continue;
        if (context->list_lines[i])
            section->line = context->list_lines[i];
        context->list_lines[i] = 0;
        if (set_option(section, list) != 0)
            return -1;
    }
    return 0;
}

static void options_fill(cfg_opt_t *options, enum scope scope, struct context *context, cfg_opt_t *shop) {
    int count = 0;
    for (const struct option_row *row = option_rows; row->name && count < FILE_ROWS - 4; row++)
        if (row->scope == scope && !text_is(row->name, "conf"))
            options[count++] = (cfg_opt_t){.name = row->name,
                                           .type = CFGT_STR,
                                           .flags = CFGF_NODEFAULT | (row->writing->list ? CFGF_LIST : 0),
                                           .validcb = read_value};
    options[count++] =
        (cfg_opt_t){.name = CONTEXT, .type = CFGT_PTR, .simple_value.ptr = (void **)(void *)context};
    if (shop) {
        options[count++] = (cfg_opt_t){.name = END, .type = CFGT_STR, .flags = CFGF_NODEFAULT};
        options[count++] = (cfg_opt_t){.name = "shop",
                                       .type = CFGT_SEC,
                                       .flags = CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES,
                                       .subopts = shop,
                                       .validcb = read_shop};
    }
    options[count] = (cfg_opt_t)CFG_END();
}

/* The file, and the row behind its end. */
static bool read_whole(const char *path, struct buffer *text, struct error *err) {
    enum { FILE_MAX = 1 << 20, PIECE = 4096 };
    char piece[PIECE];
    size_t len;
    FILE *in = fopen(path, "re");
    if (!in)
        return error_set(err, "cannot read the configuration %s: %s", path, strerror(errno));
    buffer_init(text, FILE_MAX);
    while ((len = fread(piece, 1, PIECE, in)) > 0)
        buffer_add(text, piece, len);
    int wrong = ferror(in) ? errno : 0;
    fclose(in);
    buffer_add(text, "\n", 1);
    buffer_add(text, END, sizeof END - 1);
    buffer_add(text, " = 1\n", 5);
    if (!wrong && !text->full)
        return true;
    error_set(err, "cannot read the configuration %s: %s", path,
              wrong ? strerror(wrong) : "it is longer than a megabyte");
    buffer_clear(text);
    return false;
}

bool settings_file_read(struct settings *settings, const char *path, struct error *err) {
    struct context context = {.settings = settings, .err = err};
    cfg_opt_t shop[FILE_ROWS], root[FILE_ROWS];
    err->text[0] = 0;
    options_fill(shop, SCOPE_SHOP, &context, NULL);
    options_fill(root, SCOPE_PROCESS, &context, shop);
    struct buffer text;
    if (!read_whole(path, &text, err))
        return false;
    FILE *in = fmemopen(text.bytes, text.len, "r");
    cfg_t *file = in ? cfg_init(root, CFGF_NONE) : NULL;
    if (!file) {
        if (in)
            fclose(in);
        buffer_clear(&text);
        return error_set(err, "out of memory");
    }
    cfg_set_error_function(file, report);
    file->filename = strdup(path); /* cfg_free frees it; cfg_parse would expand ~ in it */
    bool read = cfg_parse_fp(file, in) == CFG_SUCCESS;
    fclose(in);
    buffer_clear(&text);
    cfg_free(file);
    return read || (err->text[0] ? false : error_set(err, "%s: cannot be read", path));
}
