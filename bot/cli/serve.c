#include "bot/cli/cli.h"
#include "bot/cli/mind.h"
#include "bot/server/server.h"
#include <string.h>

extern const struct data_file web_embedded[];

/* What answers are made of now, and what they were made of before the last reload. */
struct serving {
    const struct settings *started;     /* main's */
    struct settings *settings, *before; /* the first settings are main's */
    struct mind mind, mind_before;
    int loops; /* as at the start */
    bool reloaded;
};

static void ready(const char *address, int port, bool tls, void *context) {
    bool colons = strchr(address, ':') != NULL;
    (void)context;
    fprintf(stderr, "wismo serves http%s://%s%s%s:%d/\n", tls ? "s" : "", colons ? "[" : "", address,
            colons ? "]" : "", port);
}

static struct voice_access voice_of(const struct settings *settings) {
    return (struct voice_access){.public_url = settings->public_url,
                                 .twilio_token = settings->twilio_token,
                                 .relay_token = settings->relay_token,
                                 .jambonz_login = settings->jambonz_login,
                                 .turn_key = settings->turn_key};
}

static struct tls_files tls_of(const struct settings *settings) {
    return (struct tls_files){.certificate = settings->tls_certificate, .key = settings->tls_key};
}

static bool reload(struct brain *brains, struct voice_access *voice, struct tls_files *tls, void *context,
                   struct error *err) {
    struct serving *serving = context;
    struct settings *settings = settings_again(serving->settings, err);
    struct mind mind;
    if (!settings)
        return false;
    if (!mind_open(&mind, settings, err) || !mind_sound(&mind, settings, err) ||
        !mind_brains(&mind, settings, brains, serving->loops, err)) {
        mind_close(&mind);
        settings_free(settings);
        return false;
    }
    mind_warm(&mind, settings);
    mind_close(&serving->mind_before);
    settings_free(serving->before);
    serving->mind_before = serving->mind;
    serving->before = serving->reloaded ? serving->settings : NULL;
    serving->mind = mind;
    serving->settings = settings;
    serving->reloaded = true;
    log_set_level(settings->log_level);
    log_set_format(settings->log_format);
    *voice = voice_of(settings);
    *tls = tls_of(settings);
    const char *waiting = settings_waiting(settings, serving->started);
    if (*waiting)
        log_line(LOG_WARNING, "server", "changed, and waits for a restart: %s", waiting);
    return true;
}

static struct hub_rate rate(struct pace pace) {
    return (struct hub_rate){pace.a_second, pace.at_once};
}

enum exit_status serve_run(struct settings *settings) {
    struct error err = {""};
    struct serving serving = {.started = settings, .settings = settings, .loops = settings->loops};
    struct brain brains[LOOPS_MAX];
    if (settings->argument_count)
        return cli_usage(VERB_SERVE, "takes no argument, found \"%s\"", settings->arguments[0]);
    if (!mind_open(&serving.mind, settings, &err) || !mind_sound(&serving.mind, settings, &err) ||
        !mind_brains(&serving.mind, settings, brains, serving.loops, &err)) {
        mind_close(&serving.mind);
        return cli_fail(VERB_SERVE, &err);
    }
    mind_warm(&serving.mind, settings);
    struct server_options options = {.listen = settings->listen,
                                     .port = settings->port,
                                     .admin = settings->admin.address,
                                     .admin_port = settings->admin.port,
                                     .db = settings->db,
                                     .retention = {.turns = settings->keep_turns,
                                                   .notes = settings->keep_notes,
                                                   .handoffs = settings->keep_handoffs,
                                                   .orders = settings->keep_orders,
                                                   .now_ms = settings->now_ms},
                                     .loops = serving.loops,
                                     .brains = brains,
                                     .voice = voice_of(settings),
                                     .tls = tls_of(settings),
                                     .now_ms = settings->now_ms,
                                     .connections_max = settings->connections,
                                     .agent_lost_s = settings->agent_lost,
                                     .sockets_per_address = settings->sockets_per_address,
                                     .memory_only = settings->memory_only,
                                     .proxies = settings->proxies,
                                     .per_conversation = rate(settings->per_conversation),
                                     .per_address = rate(settings->per_address),
                                     .pages = web_embedded,
                                     .outbox = {.give_up_s = settings->handoff_give_up,
                                                .smtp = settings->smtp.url,
                                                .smtp_user = settings->smtp.user,
                                                .smtp_password = settings->smtp.password,
                                                .mail_from = settings->mail_from,
                                                .ca = settings->handoff_ca},
                                     .ready = ready,
                                     .reload = reload,
                                     .context = &serving};
    int failed = server_run(&options, &err);
    mind_close(&serving.mind);
    mind_close(&serving.mind_before);
    settings_free(serving.before);
    if (serving.reloaded)
        settings_free(serving.settings);
    return failed ? cli_fail(VERB_SERVE, &err) : EXIT_DONE;
}
