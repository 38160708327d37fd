#include "db/staff.h"
#include "base/password.h"
#include "base/text.h"
#include "bot/cli/cli.h"
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { NAME_MOST = 40, LINE_SIZE = 4 * PASSWORD_MOST + 2 };

/* One line, without its end. False at the end of the input, or when it is too long. */
static bool read_line(char line[LINE_SIZE]) {
    if (!fgets(line, LINE_SIZE, stdin))
        return false;
    size_t len = strlen(line);
    bool whole = (len > 0 && line[len - 1] == '\n') || feof(stdin);
    while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r'))
        line[--len] = '\0';
    return whole;
}

/* Asked on a terminal that shows nothing meanwhile. */
static bool ask(const char *question, char line[LINE_SIZE]) {
    struct termios shown, hidden;
    bool terminal = tcgetattr(STDIN_FILENO, &shown) == 0;
    hidden = shown;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    if (terminal) {
        fputs(question, stderr);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    }
    bool read = read_line(line);
    if (terminal) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
        fputc('\n', stderr);
    }
    return read;
}

static bool read_password(char kept[PASSWORD_TEXT_SIZE], struct error *err) {
    char password[LINE_SIZE] = "", again[LINE_SIZE] = "";
    bool good = ask("Password: ", password) && text_valid(password, strlen(password)) &&
                text_length(password) >= PASSWORD_LEAST && text_length(password) <= PASSWORD_MOST;
    if (!good)
        error_set(err, "expected a password of %d to %d characters%s", PASSWORD_LEAST, PASSWORD_MOST,
                  isatty(STDIN_FILENO) ? "" : " as a line of standard input");
    if (good && isatty(STDIN_FILENO)) {
        good = ask("Once more: ", again) && text_is(password, again);
        if (!good)
            error_set(err, "the two differ; nothing was changed");
    }
    if (good)
        password_keep(kept, password);
    explicit_bzero(password, sizeof password);
    explicit_bzero(again, sizeof again);
    return good;
}

static bool name_good(const char *name, struct error *err) {
    bool good = text_valid(name, strlen(name)) && text_length(name) <= NAME_MOST &&
                strlen(name) < AGENT_SIZE && name[0] != ' ' && name[strlen(name) - 1] != ' ';
    for (const char *at = name; *at && good; at++)
        good = (unsigned char)*at >= ' ' && *at != 0x7f;
    return good || error_set(err, "expected a name of 1 to %d characters in at most %d bytes, found \"%s\"",
                             NAME_MOST, AGENT_SIZE - 1, name);
}

static bool found_name(enum found found, const char *name, struct error *err) {
    if (found == MISSING)
        return error_set(err, "nobody is called %s; 'wismo staff list' lists everybody", name);
    return found == FOUND;
}

static bool add(struct settings *settings, struct store *store, struct error *err) {
    char kept[PASSWORD_TEXT_SIZE];
    struct staff staff = {.name = settings->arguments[1],
                          .shop = settings->shop_id,
                          .password = kept,
                          .added_ms = cli_now_ms(settings)};
    if (!staff_role_named(settings->role, &staff.role))
        return error_set(err, "--role: expected agent or manager, found \"%s\"", settings->role);
    return name_good(staff.name, err) && read_password(kept, err) && store_staff_add(store, &staff, err);
}

static bool list(struct settings *settings, struct store *store, struct error *err) {
    struct staff *staff;
    int count;
    if (store_staff_all(store, &settings->arena, &staff, &count, err) == FAILED)
        return false;
    if (!count)
        puts("nobody works at the desk yet; 'wismo staff add NAME' adds somebody");
    for (int i = 0; i < count; i++)
        printf("%-8s %-12s %s\n", staff_role_name(staff[i].role),
               staff[i].shop[0] ? staff[i].shop : "(all shops)", staff[i].name);
    return true;
}

static bool change_password(struct settings *settings, struct store *store, struct error *err) {
    char kept[PASSWORD_TEXT_SIZE];
    const char *name = settings->arguments[1];
    struct staff known;
    return found_name(store_staff(store, name, &settings->arena, &known, err), name, err) &&
           read_password(kept, err) && found_name(store_staff_password(store, name, kept, err), name, err);
}

static bool take_out(struct settings *settings, struct store *store, struct error *err) {
    const char *name = settings->arguments[1];
    return found_name(store_staff_remove(store, name, err), name, err);
}

static const struct {
    const char *verb, *done;
    bool named;
    enum store_mode mode;
    bool (*run)(struct settings *settings, struct store *store, struct error *err);
} verbs[] = {{"add", "added", true, STORE_CREATE, add},
             {"list", NULL, false, STORE_READ, list},
             {"remove", "removed", true, STORE_WRITE, take_out},
             {"password", "changed", true, STORE_WRITE, change_password}};
enum { VERB_COUNT = sizeof verbs / sizeof *verbs };

enum exit_status staff_run(struct settings *settings) {
    struct error err = {""};
    int verb = 0;
    const char *word = settings->argument_count ? settings->arguments[0] : "";
    while (verb < VERB_COUNT && !text_is(verbs[verb].verb, word))
        verb++;
    if (verb == VERB_COUNT)
        return cli_usage(VERB_STAFF, "expected add, list, remove or password, found \"%s\"", word);
    if (settings->argument_count != (verbs[verb].named ? 2 : 1) ||
        (verbs[verb].named && !settings->arguments[1][0]))
        return cli_usage(VERB_STAFF, "%s takes %s", word, verbs[verb].named ? "one NAME" : "no NAME");
    struct store *store = store_open(settings->db, verbs[verb].mode, &err);
    bool good = store && verbs[verb].run(settings, store, &err);
    store_close(store);
    if (!good)
        return cli_fail(VERB_STAFF, &err);
    if (verbs[verb].done)
        puts(verbs[verb].done);
    return EXIT_DONE;
}
