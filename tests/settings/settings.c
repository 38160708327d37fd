#include "bot/settings/settings.h"
#include "base/text.h"
#include "tests/claims.h"
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ARGUMENTS = 12 };
static const char FILE_NAME[] = "settings-test.conf";

static void file_write(const char *path, const char *text) {
    FILE *out = fopen(path, "we");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
}

/* `conf` NULL: no file. The flags end with NULL. */
static struct settings *load(const char *conf, const char *const *flags, struct error *err) {
    char *argv[ARGUMENTS] = {(char *)"serve"};
    int argc = 1;
    if (conf) {
        file_write(FILE_NAME, conf);
        argv[argc++] = (char *)"--conf";
        argv[argc++] = (char *)FILE_NAME;
    }
    for (; flags && *flags; flags++)
        argv[argc++] = (char *)*flags;
    return settings_load(VERB_SERVE, argc, argv, err);
}

static struct settings *sound(const char *conf) {
    struct error err = {""};
    struct settings *settings = load(conf, NULL, &err);
    if (!settings)
        fail_msg("refused: %s", err.text);
    return settings;
}

static void refused(const char *conf, const char *sentence) {
    struct error err = {""};
    struct settings *settings = load(conf, NULL, &err);
    if (settings)
        fail_msg("accepted: %s", conf);
    if (!strstr(err.text, sentence))
        fail_msg("'%s' is refused with '%s', expected '%s'", conf, err.text, sentence);
}

static void without_a_file_there_is_one_shop_with_sensible_defaults(void **state) {
    (void)state;
    struct settings *settings = sound(NULL);
    assert_string_equal(settings->conf, "");
    assert_string_equal(settings->db, "wismo.db");
    assert_string_equal(settings->listen, "127.0.0.1");
    assert_int_equal(settings->port, 8080);
    assert_int_equal(settings->shop_count, 1);
    const struct shop *shop = settings->shop;
    assert_string_equal(shop->id, "default");
    assert_string_equal(shop->locale, "en");
    assert_string_equal(zone_name(shop->zone), "Europe/Paris");
    assert_int_equal(shop->tier1[0], FACTOR_NUMBER | FACTOR_EMAIL);
    assert_int_equal(shop->tier1[4], FACTOR_PHONE | FACTOR_POSTCODE);
    assert_int_equal(shop->tier1[5], 0);
    assert_int_equal(shop->tier2_factors, 3);
    assert_int_equal(shop->hours[5].open, 9 * 60);
    assert_int_equal(shop->hours[6].open, shop->hours[6].close);
    assert_null(shop->number);
    assert_null(shop->origins[0]);
    settings_free(settings);
}

static void rates_and_proxies_are_read(void **state) {
    (void)state;
    struct settings *settings = sound(NULL);
    assert_int_equal(settings->per_address.a_second, 30);
    assert_int_equal(settings->per_address.at_once, 300);
    assert_int_equal(settings->per_conversation.a_second, 1);
    assert_int_equal(settings->per_conversation.at_once, 20);
    assert_int_equal(settings->sockets_per_address, 200);
    assert_string_equal(settings->proxies, "");
    settings_free(settings);
    settings = sound("per_address = \"0\"\nper_conversation = \"5/10\"\nproxies = \"127.0.0.1 ::1\"\n");
    assert_int_equal(settings->per_address.a_second, 0);
    assert_int_equal(settings->per_conversation.at_once, 10);
    assert_string_equal(settings->proxies, "127.0.0.1 ::1");
    settings_free(settings);
    static const char *const wrong[] = {"",     "5",    "5/",  "5/0",       "/5",
                                        "-1/5", "5/5x", "0/5", "5/9999999", "1.5/3"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char conf[64];
        snprintf(conf, sizeof conf, "per_address = \"%s\"\n", wrong[i]);
        refused(conf, "expected a number a second and a number at once such as 30/300, or 0");
    }
    refused("proxies = \"127.0.0.1 localhost\"\n",
            "expected addresses between blanks such as 127.0.0.1, found \"localhost\"");
}

static void a_flag_wins_over_the_environment_over_the_file_over_the_default(void **state) {
    (void)state;
    struct error err = {""};
    const char *const flags[] = {"--port", "4", NULL};
    struct settings *settings = sound("port = 2\n");
    assert_int_equal(settings->port, 2);
    settings_free(settings);
    setenv("WISMO_PORT", "3", 1);
    settings = sound("port = 2\n");
    assert_int_equal(settings->port, 3);
    settings_free(settings);
    settings = load("port = 2\n", flags, &err);
    assert_non_null(settings);
    assert_int_equal(settings->port, 4);
    settings_free(settings);
    unsetenv("WISMO_PORT");
}

static void a_file_says_everything_about_its_shops(void **state) {
    (void)state;
    setenv("SETTINGS_TEST_KEY", "0123456789abcdef0123456789abcdef", 1);
    struct settings *settings = sound("db = \"a.db\" # a remark\n"
                                      "shop \"fr-shop\" {\n"
                                      "  name = \"La Boutique\"\n"
                                      "  locale = fr\n"
                                      "  country = \"FR\"\n"
                                      "  time_zone = Europe/Brussels\n"
                                      "  order_number = 'FR-\\d{4,6}'\n"
                                      "  number_prefixes = {\"FR-\"}\n"
                                      "  origins = {\"https://shop.example\", \"http://localhost:3000\"}\n"
                                      "  mon = \"10:30-24:00\"\n"
                                      "  tue = closed\n"
                                      "  proof = {\"number+email+postcode\"}\n"
                                      "  proof_details = 0\n"
                                      "  keys = {\"2026a env SETTINGS_TEST_KEY\"}\n"
                                      "}\n"
                                      "shop second {}\n");
    assert_string_equal(settings->db, "a.db");
    assert_int_equal(settings->shop_count, 2);
    const struct shop *shop = settings->shop;
    assert_string_equal(shop->id, "fr-shop");
    assert_string_equal(shop->name, "La Boutique");
    assert_string_equal(zone_name(shop->zone), "Europe/Brussels");
    assert_non_null(shop->number);
    assert_string_equal(shop->number_prefixes[0], "FR-");
    assert_string_equal(shop->origins[1], "http://localhost:3000");
    assert_null(shop->origins[2]);
    assert_int_equal(shop->hours[1].open, 10 * 60 + 30);
    assert_int_equal(shop->hours[1].close, 24 * 60);
    assert_int_equal(shop->hours[2].close, 0);
    assert_int_equal(shop->hours[3].open, 9 * 60);
    assert_int_equal(shop->tier1[0], FACTOR_NUMBER | FACTOR_EMAIL | FACTOR_POSTCODE);
    assert_int_equal(shop->tier1[1], 0);
    assert_int_equal(shop->tier2_factors, 0);
    assert_string_equal(shop->keys[0].id, "2026a");
    assert_string_equal(shop->keys[0].secret, "0123456789abcdef0123456789abcdef");
    assert_null(shop->keys[1].id);
    assert_string_equal(settings_shop(settings, "second")->name, "second");
    assert_null(settings_shop(settings, "third"));
    settings_free(settings);
}

static void an_error_in_the_file_names_its_line_and_what_was_expected(void **state) {
    (void)state;
    refused("\nport = eighty\n",
            "settings-test.conf:2: port: expected a number from 0 to 65535, found \"eighty\"");
    refused("port = 65536\n", "settings-test.conf:1: port: expected a number");
    refused("port = -1\n", "settings-test.conf:1: port: expected a number");
    refused("log_level = loud\n", "settings-test.conf:1: log_level: expected error, warning");
    refused("shop a {\n  mon = \"18:00-09:00\"\n}\n", "settings-test.conf:2: mon: expected hours such as");
    refused("shop a {\n  mon = \"9-18\"\n}\n", "settings-test.conf:2: mon: expected hours such as");
    refused("shop a {\n  time_zone = Paris\n}\n", "settings-test.conf:2: time_zone:");
    refused("shop a {\n  order_number = 'FR-('\n}\n", "settings-test.conf:2: order_number:");
    refused("shop a {\n  locale = French\n}\n", "settings-test.conf:2: locale: expected a language");
    refused("shop a {\n  country = fr\n}\n", "settings-test.conf:2: country: expected a country");
    refused("shop a {\n  info_link = \"http://x\"\n}\n",
            "settings-test.conf:2: info_link: expected an address");
    refused("shop a {\n  always_open = maybe\n}\n", "settings-test.conf:2: always_open: expected yes or no");
    refused("shop a {\n  proof_details = 1\n}\n", "settings-test.conf:2: proof_details: expected a number");
    refused("shop a {\n  origins = {\"https://shop.example/\"}\n}\n",
            "settings-test.conf:2: origins: expected an origin");
    refused("shop A {\n}\n", "shop: expected up to 31 of a-z");
    refused("db = \"a\n", "settings-test.conf:");
    refused("shop a {\nshop b {\n}\n", "settings-test.conf:2: there is no setting \"shop\" in a shop");
    refused("shop a {}\nshop a {}\n", "settings-test.conf:2:");
    refused("shop a {\n  name = \"A\"\n", "settings-test.conf: shop \"a\" is not closed; a } is missing");
    refused("shop a {}\nshop b {", "settings-test.conf: shop \"b\" is not closed");
}

static void a_proof_of_one_thing_alone_is_refused(void **state) {
    (void)state;
    refused("shop a {\n  proof = {\"number\"}\n}\n", "settings-test.conf:2: proof: \"number\" is one thing");
    refused("shop a {\n  proof = {\"number+number\"}\n}\n", "settings-test.conf:2: proof: expected things");
    refused("shop a {\n  proof = {\"number+shoe_size\"}\n}\n",
            "settings-test.conf:2: proof: expected things");
    refused("shop a {\n  proof = {}\n}\n", "proof: expected one to");
}

static void an_unknown_setting_is_answered_with_the_one_that_was_meant(void **state) {
    (void)state;
    refused("prot = 80\n",
            "settings-test.conf:1: there is no setting \"prot\" outside a shop: did you mean port?");
    refused("shop a {\n  time_zoen = UTC\n}\n",
            "settings-test.conf:2: there is no setting \"time_zoen\" in a shop: did you mean time_zone?");
    refused("shop a {\n  xyzzy = 1\n}\n", "settings-test.conf:2: there is no setting \"xyzzy\" in a shop");
}

static void a_shop_names_its_queues_and_its_carriers_pages(void **state) {
    (void)state;
    struct settings *settings = sound("shop a {\n  queues = {\"claims = after sales\"}\n"
                                      "  carriers = {\"GLS = https://gls.example/{number}?x=1\"}\n}\n");
    const struct shop *shop = settings->shop;
    assert_string_equal(shop->queues[0].queue, "claims");
    assert_string_equal(shop->queues[0].name, "after sales");
    assert_null(shop->queues[1].queue);
    assert_string_equal(shop->carriers[0].carrier, "GLS");
    assert_string_equal(shop->carriers[0].link, "https://gls.example/{number}?x=1");
    settings_free(settings);
    refused("shop a {\n  queues = {\"claims\"}\n}\n",
            "settings-test.conf:2: queues: expected \"QUEUE = NAME\"");
    refused("shop a {\n  carriers = {\"GLS = http://gls.example/{number}\"}\n}\n",
            "carriers: expected \"CARRIER = ");
    refused("shop a {\n  carriers = {\"GLS = https://gls.example/\"}\n}\n",
            "carriers: expected \"CARRIER = ");
}

static void hand_offs_go_to_the_desk_or_where_the_shop_says(void **state) {
    (void)state;
    setenv("HOOK", "whsec_YSBzZWNyZXQgb2YgdGhpcnR5LXR3byBieXRlcyAuLi4=", 1);
    setenv("TOKEN", "api-token", 1);
    setenv("DOOR", "0123456789abcdef", 1);
    setenv("PASSWORD", "open sesame", 1);
    struct settings *settings = sound("shop \"a\" {}");
    assert_int_equal(settings->shop->handoff_to.kind, TARGET_DESK);
    assert_int_equal(settings->handoff_give_up, 86400);
    settings_free(settings);
    settings = sound("smtp = \"smtps://mail.example:465 me env PASSWORD\"\nmail_from = \"bot@a.example\"\n"
                     "handoff_give_up = 90m\n"
                     "shop \"a\" { handoff_to = \"webhook https://a.example/hook?x=1 env HOOK\" }\n"
                     "shop \"b\" { handoff_to = \"mail desk@b.example\" }\n"
                     "shop \"c\" { handoff_to = \"chatwoot https://c.example/ 1 23 env TOKEN env DOOR\" }\n");
    const struct target *webhook = &settings->shops[0].handoff_to, *mail = &settings->shops[1].handoff_to,
                        *chatwoot = &settings->shops[2].handoff_to;
    assert_int_equal(webhook->kind, TARGET_WEBHOOK);
    assert_string_equal(webhook->address, "https://a.example/hook?x=1");
    assert_string_equal(webhook->secret, getenv("HOOK"));
    assert_int_equal(mail->kind, TARGET_MAIL);
    assert_string_equal(mail->address, "desk@b.example");
    assert_int_equal(chatwoot->kind, TARGET_CHATWOOT);
    assert_string_equal(chatwoot->address, "https://c.example");
    assert_string_equal(chatwoot->account, "1");
    assert_string_equal(chatwoot->inbox, "23");
    assert_string_equal(chatwoot->secret, "api-token");
    assert_string_equal(chatwoot->door, "0123456789abcdef");
    assert_string_equal(chatwoot->signs, "");
    assert_string_equal(settings->smtp.url, "smtps://mail.example:465");
    assert_string_equal(settings->smtp.user, "me");
    assert_string_equal(settings->smtp.password, "open sesame");
    assert_int_equal(settings->handoff_give_up, 90 * 60);
    settings_free(settings);
}

static void a_target_that_cannot_be_is_refused_and_no_secret_is_shown(void **state) {
    (void)state;
    static const struct {
        const char *value, *sentence;
    } rows[] = {
        {"pigeon", "expected desk, webhook URL file PATH"},
        {"desk now", "expected desk"},
        {"webhook https://a.example", "expected desk"},
        {"webhook ftp://a.example env HOOK", "an address that begins with https://"},
        {"webhook https://a:b@c.example env HOOK", "an address that begins with https://"},
        {"webhook https://a.example whsec_c2VjcmV0 x", "expected \"file PATH\" or \"env NAME\""},
        {"webhook https://a.example env NOBODY_HAS_THIS", "the environment has no NOBODY_HAS_THIS"},
        {"webhook https://a.example env TOKEN", "whsec_$(openssl rand -base64 32)"},
        {"mail nobody", "expected mail ADDRESS"},
        {"mail a@b.example,c@d.example", "expected mail ADDRESS"},
        {"mail a@b.example", "mail needs the settings smtp and mail_from"},
        {"chatwoot https://c.example one 2 env TOKEN", "the number of the account"},
        {"chatwoot https://c.example 1 2 env TOKEN env SHORT", "at least 16 letters and digits"},
    };
    setenv("TOKEN", "api-token", 1);
    setenv("SHORT", "0123", 1);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char conf[256];
        struct error err = {""};
        snprintf(conf, sizeof conf, "shop \"a\" {\n handoff_to = \"%s\"\n}\n", rows[i].value);
        refused(conf, rows[i].sentence);
        struct settings *settings = load(conf, NULL, &err);
        assert_null(settings);
        assert_null(strstr(err.text, "c2VjcmV0"));
        assert_null(strstr(err.text, "api-token"));
    }
    refused("smtp = \"https://mail.example\"", "smtps://mail.example:465");
    refused("smtp = \"smtps://mail.example me secret\"", "smtps://mail.example:465");
    refused("mail_from = nobody", "an e-mail address");
    refused("handoff_give_up = 5", "90s, 15m, 24h or 7d");
    refused("handoff_give_up = 0s", "90s, 15m, 24h or 7d");
    refused("handoff_give_up = 366d", "90s, 15m, 24h or 7d");
}

static void a_file_that_was_named_must_exist(void **state) {
    (void)state;
    struct error err = {""};
    const char *const flags[] = {"--conf", "no-such.conf", NULL};
    assert_null(load(NULL, flags, &err));
    assert_non_null(strstr(err.text, "no-such.conf"));
}

static void flags_and_variables_are_checked_like_the_file(void **state) {
    (void)state;
    static const struct {
        const char *flags[3], *sentence;
    } rows[] = {
        {{"--port", "x"}, "--port: expected a number from 0 to 65535, found \"x\""},
        {{"--port"}, "--port needs a value"},
        {{"--prot", "1"}, "--prot is no flag of serve: did you mean --port?"},
        {{"--help=1"}, "--help takes no value"},
        {{"-x"}, "-x is no flag of serve"},
        {{"--json"}, "--json is no flag of serve"},
        {{"--intents", "no-such-folder"}, "--intents: expected a folder that exists"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct error err = {""};
        if (load(NULL, rows[i].flags, &err))
            fail_msg("%s is accepted", rows[i].flags[0]);
        if (!strstr(err.text, rows[i].sentence))
            fail_msg("%s: '%s', expected '%s'", rows[i].flags[0], err.text, rows[i].sentence);
    }
    struct error err = {""};
    setenv("WISMO_LOG_LEVEL", "loud", 1);
    assert_null(load(NULL, NULL, &err));
    assert_non_null(
        strstr(err.text, "WISMO_LOG_LEVEL: expected error, warning, info or debug, found \"loud\""));
    unsetenv("WISMO_LOG_LEVEL");
}

static void help_is_given_even_when_the_file_is_broken(void **state) {
    (void)state;
    struct error err = {""};
    const char *const flags[] = {"--help", NULL};
    struct settings *settings = load("port = x\n", flags, &err);
    assert_non_null(settings);
    assert_true(settings->help);
    settings_free(settings);
}

static void a_key_is_long_enough_and_comes_from_a_file_or_the_environment(void **state) {
    (void)state;
    file_write("settings-test.key", "an-honest-secret-of-thirty-two-b\n");
    struct settings *settings = sound("shop a { keys = {\"k file settings-test.key\"} }\n");
    assert_string_equal(settings->shop->keys[0].secret, "an-honest-secret-of-thirty-two-b");
    settings_free(settings);
    file_write("settings-test.key", "short\n");
    refused("shop a { keys = {\"k file settings-test.key\"} }\n", "expected at least 32");
    refused("shop a { keys = {\"k file no-such.key\"} }\n", "cannot read the key file no-such.key");
    refused("shop a { keys = {\"k env SETTINGS_NO_SUCH\"} }\n", "the environment has no SETTINGS_NO_SUCH");
    refused("shop a { keys = {\"k abcdef\"} }\n", "expected \"ID file PATH\"");
    refused("shop a { keys = {\"a env X\", \"b env X\", \"c env X\"} }\n", "expected at most 2 keys");
    unlink("settings-test.key");
}

/* What log_line writes while the configuration is read. */
static void warnings(const char *conf, char *out, size_t size) {
    fflush(stderr);
    int kept = dup(STDERR_FILENO);
    FILE *log = tmpfile();
    assert_non_null(log);
    dup2(fileno(log), STDERR_FILENO);
    settings_free(sound(conf));
    dup2(kept, STDERR_FILENO);
    close(kept);
    rewind(log);
    size_t len = fread(out, 1, size - 1, log);
    out[len] = 0;
    fclose(log);
}

static void a_key_file_that_everybody_can_read_is_warned_of(void **state) {
    (void)state;
    char log[1024];
    file_write("settings-test.key", "an-honest-secret-of-thirty-two-b\n");
    chmod("settings-test.key", 0644);
    warnings("shop a { keys = {\"k file settings-test.key\"} }\n", log, sizeof log);
    assert_non_null(strstr(log, "chmod 600 settings-test.key"));
    assert_null(strstr(log, "honest"));
    chmod("settings-test.key", 0600);
    warnings("shop a { keys = {\"k file settings-test.key\"} }\n", log, sizeof log);
    assert_string_equal(log, "");
    unlink("settings-test.key");
}

static void numbers_and_transfers_of_a_shop_are_read_and_checked(void **state) {
    (void)state;
    struct settings *settings =
        sound("shop \"a\" {\n calls = {\"+33123456789 fr\", \"+441632960000\"}\n"
              "transfers = {\"claims = sip sip:claims@pbx.example\", \"* = dial +33123456780\"}\n}\n");
    const struct shop *shop = settings->shop;
    assert_string_equal(shop_called(shop, "+33123456789")->locale, "fr");
    assert_null(shop_called(shop, "+441632960000")->locale);
    assert_null(shop_called(shop, "+33000000000"));
    assert_int_equal(shop_transfer(shop, "claims")->kind, TRANSFER_SIP);
    assert_string_equal(shop_transfer(shop, "returns")->target, "+33123456780");
    settings_free(settings);
    refused("shop \"a\" {\n calls = {\"0123\"}\n}\n", "expected \"+NUMBER\"");
    refused("shop \"a\" {\n transfers = {\"* = dial 0123\"}\n}\n", "expected \"QUEUE = HOW WHERE\"");
    refused("shop \"a\" {\n transfers = {\"* = shout +33123\"}\n}\n", "expected \"QUEUE = HOW WHERE\"");
    refused("shop \"a\" {\n ssml = yes\n}\n", "expected none or say-as");
    refused("shop \"a\" {\n tts_provider = Polly\n}\n", "expected Google, Amazon or ElevenLabs");
    refused("public_url = \"wismo.example.com\"\n", "expected an address such as https://wismo.example.com");
    setenv("WISMO_SOME_SECRET", "0123456789abcdef0123456789abcdef", 1);
    refused("relay_token = \"env WISMO_SOME_SECRET\"\n", "relay_token is set without public_url");
    refused("twilio_token = \"env WISMO_SOME_SECRET\"\n", "twilio_token is set without public_url");
    refused("turn_key = \"the-secret-itself\"\n", "expected \"file PATH\" or \"env NAME\"");
    refused("turn_key = \"env WISMO_NO_SUCH_SECRET\"\n", "the environment has no WISMO_NO_SUCH_SECRET");
}

static void the_example_file_is_sound_and_names_every_setting(void **state) {
    (void)state;
    struct error err = {""};
    static char example[64 * 1024];
    FILE *in = fopen(SOURCE_DIR "/wismo.conf.example", "re");
    assert_non_null(in);
    size_t len = fread(example, 1, sizeof example - 1, in);
    fclose(in);
    assert_true(len > 0 && len < sizeof example - 1);
    char *argv[] = {(char *)"serve", (char *)"--conf", (char *)SOURCE_DIR "/wismo.conf.example"};
    struct settings *settings = settings_load(VERB_SERVE, 3, argv, &err);
    if (!settings)
        fail_msg("%s", err.text);
    settings_free(settings);

    FILE *table = tmpfile();
    assert_non_null(table);
    settings_print_table(table);
    rewind(table);
    char line[1024], name[64];
    int rows = 0;
    while (fgets(line, sizeof line, table)) {
        if (strncmp(line, "| `", 3) != 0)
            continue;
        size_t name_len = strcspn(line + 3, "`");
        assert_true(name_len < sizeof name);
        snprintf(name, sizeof name, "%.*s", (int)name_len, line + 3);
        if (strcmp(name, "conf") != 0 && !strstr(example, name))
            fail_msg("wismo.conf.example does not name %s", name);
        rows++;
    }
    fclose(table);
    assert_true(rows > 25);
}

static void a_near_word_is_found_and_a_far_one_is_not(void **state) {
    (void)state;
    const char *const names[] = {"serve", "ask", "import", NULL};
    assert_string_equal(settings_nearest("servce", names), "serve");
    assert_string_equal(settings_nearest("imprt", names), "import");
    assert_null(settings_nearest("quit", names));
    assert_null(settings_nearest("", names));
}

int main(void) {
    unlink("wismo.conf");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_file_there_is_one_shop_with_sensible_defaults),
        cmocka_unit_test(rates_and_proxies_are_read),
        cmocka_unit_test(a_flag_wins_over_the_environment_over_the_file_over_the_default),
        cmocka_unit_test(a_file_says_everything_about_its_shops),
        cmocka_unit_test(an_error_in_the_file_names_its_line_and_what_was_expected),
        cmocka_unit_test(a_proof_of_one_thing_alone_is_refused),
        cmocka_unit_test(an_unknown_setting_is_answered_with_the_one_that_was_meant),
        cmocka_unit_test(a_shop_names_its_queues_and_its_carriers_pages),
        cmocka_unit_test(hand_offs_go_to_the_desk_or_where_the_shop_says),
        cmocka_unit_test(a_target_that_cannot_be_is_refused_and_no_secret_is_shown),
        cmocka_unit_test(a_file_that_was_named_must_exist),
        cmocka_unit_test(flags_and_variables_are_checked_like_the_file),
        cmocka_unit_test(help_is_given_even_when_the_file_is_broken),
        cmocka_unit_test(a_key_is_long_enough_and_comes_from_a_file_or_the_environment),
        cmocka_unit_test(a_key_file_that_everybody_can_read_is_warned_of),
        cmocka_unit_test(numbers_and_transfers_of_a_shop_are_read_and_checked),
        cmocka_unit_test(the_example_file_is_sound_and_names_every_setting),
        cmocka_unit_test(a_near_word_is_found_and_a_far_one_is_not),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(FILE_NAME);
    return failed;
}
