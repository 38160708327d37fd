/* Catalogues that are faulty, and their own tests. */
#include "intents/intents.h"
#include "tests/claims.h"
#include <string.h>

#define DOMAIN                                                                                               \
    "{\"intents\": [{\"name\": \"track.where\", \"kind\": \"track\", \"aspect\": \"status\"},\n"             \
    "{\"name\": \"human.refund\", \"kind\": \"human\", \"queue\": \"returns\"}]}"

static struct catalogue *load(const char *domain, const char *language, const char *second,
                              struct error *err) {
    const struct data_file files[] = {{"domain.json", domain, domain + strlen(domain)},
                                      {"en.json", language, language ? language + strlen(language) : NULL},
                                      {"fr.json", second, second ? second + strlen(second) : NULL},
                                      {NULL, NULL, NULL}};
    struct data_file given[4];
    size_t count = 0;
    for (size_t i = 0; i < 3; i++)
        if (files[i].begin)
            given[count++] = files[i];
    given[count] = files[3];
    struct data data = {.embedded = given};
    return catalogue_load(&data, err);
}

static void refused(const char *domain, const char *language, const char *place, const char *sentence) {
    struct error err = {{0}};
    struct catalogue *catalogue = load(domain, language, NULL, &err);
    if (catalogue)
        fail_msg("accepted: %s", language ? language : domain);
    if (!strstr(err.text, place) || !strstr(err.text, sentence))
        fail_msg("%s: expected %s … %s", err.text, place, sentence);
}

static void a_fault_in_a_language_file_is_told_with_its_place(void **state) {
    static const struct {
        const char *text, *place, *sentence;
    } cases[] = {
        {"{\"language\": \"en\",\n \"intents\": {\"track.where\": {\"patterns\": [\"a (b\"]}}}",
         "en.json:2:46:", "'(' has no ')'"},
        {"{\"language\": \"en\",\n \"intents\": {\"nope\": {}}}", "en.json:2:", "no intent \"nope\""},
        {"{\"language\": \"en\", \"intents\": {\"track.where\": {\"paterns\": []}}}",
         "en.json:1:", "\"paterns\" is not a name"},
        {"{\"language\": \"en\", \"wrods\": []}", "en.json:1:29:", "\"wrods\" is not a name"},
        {"{\"language\": \"en\", \"intents\": {\"track.*\": {\"patterns\": [\"a\"]}}}",
         "en.json:1:", "only \"unless\""},
        {"{\"language\": \"en\", \"intents\": {\"track.where\": []}}", "en.json:1:", "expected an object"},
        {"{\"language\": \"en\", \"intents\": {\"track.where\": {\"patterns\": \"a\"}}}",
         "en.json:1:", "list of patterns"},
        {"{\"language\": \"en\", \"intents\": {\"track.where\": {\"patterns\": [1]}}}",
         "en.json:1:", "a pattern in quotes"},
        {"{\"language\": \"en\", \"intents\": {\"track.where\": {\"patterns\": [{\"match\": \"a\", "
         "\"strength\": \"mild\"}]}}}",
         "en.json:1:", "not \"mild\""},
        {"{\"language\": \"en\",\n \"intents\": {\"track.where\": {\"patterns\": [{\"match\": \"a\", "
         "\"strenght\": \"weak\"}]}}}",
         "en.json:2:70:", "\"strenght\" is not a name"},
        {"{\"language\": \"en\", \"intents\": {\"track.where\": {\"patterns\": [\"/a(/\"]}}}",
         "en.json:1:", "not a regular expression"},
        {"{\"language\": \"en\", \"intents\": {\"track.where\": {\"patterns\": [\"{a}\"]}}}",
         "en.json:1:", "no list {a}"},
        {"{\"language\": \"en\", \"lists\": {\"a\": [\"{b}\"], \"b\": [\"{a}\"]}}",
         "en.json:1:", "holds itself"},
        {"{\"language\": \"en\",\n \"lists\": {\"a\": [\"x\", \"~\"]}}",
         "en.json:2:25:", "'~' stands before one word"},
        {"{\"language\": \"en\", \"lists\": {\"a\": []}}", "en.json:1:", "at least one entry"},
        {"{\"language\": \"en\", \"lists\": {\"a\": [3]}}", "en.json:1:", "a pattern in quotes"},
        {"{\"language\": \"en\", \"lists\": {\"a\": [\"/x/\"]}}", "en.json:1:", "no regular expression"},
        {"{\"language\": \"en\", \"words\": \"a\"}", "en.json:1:", "list of words"},
        {"{\"language\": \"en\", \"words\": [\"?\"]}", "en.json:1:", "expected words in quotes"},
        {"{\"language\": \"en\", \"numbers\": {\"digits\": {\"x\": [\"ex\"]}}}",
         "en.json:1:", "number from 0 to 9"},
        {"{\"language\": \"en\", \"numbers\": {\"digits\": [1]}}", "en.json:1:", "expected {\"number\""},
        {"{\"language\": \"en\", \"numbers\": {\"digits\": {\"1\": \"one\"}}}",
         "en.json:1:", "list of words"},
        {"{\"language\": \"en\", \"numbers\": {\"digits\": {\"1\": [1]}}}",
         "en.json:1:", "expected words in quotes"},
        {"{\"language\": \"en\", \"numbers\": {\"takes_teens\": [1, 2, 3, 4, 5]}}",
         "en.json:1:", "at most 4"},
        {"{\"language\": \"en\", \"letters\": {\"aa\": [\"x\"]}}", "en.json:1:", "not one of the letters"},
        {"{\"language\": \"en\", \"letters\": {\"a\": [1]}}", "en.json:1:", "expected words in quotes"},
        {"{\"language\": \"en\", \"dates\": {\"feasts\": {\"13-25\": [\"x\"]}}}",
         "en.json:1:", "not a feast"},
        {"{\"language\": \"en\", \"dates\": {\"feasts\": {\"05-8/1\": [\"x\"]}}}",
         "en.json:1:", "not a feast"},
        {"{\"language\": \"en\", \"dates\": {\"feasts\": {\"easter\": [1]}}}",
         "en.json:1:", "expected words in quotes"},
        {"{\"language\": \"en\", \"dates\": {\"ordinals\": [1]}}", "en.json:1:", "an ending in quotes"},
        {"{\"language\": \"en\", \"yes\": [\"(a\"]}", "en.json:1:", "has no ')'"},
        {"{\"language\": \"en\", \"choices\": {\"1\": [\"(a\"]}}", "en.json:1:", "has no ')'"},
        {"{\"language\": 3}", "en.json:1:14:", "expected \"language\""},
        {"{\"language\": \"en\"", "en.json:", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        refused(DOMAIN, cases[i].text, cases[i].place, cases[i].sentence);
}

static void a_fault_in_the_domain_is_told_with_its_place(void **state) {
    static const struct {
        const char *text, *place, *sentence;
    } cases[] = {
        {"{\"intents\": [\n{\"name\": \"a\", \"kind\": \"trak\"}]}",
         "domain.json:2:23:", "\"trak\" is not a kind"},
        {"{\"intents\": [{\"kind\": \"track\"}]}", "domain.json:1:", "an intent with a name"},
        {"{\"intents\": [{\"name\": \"a\", \"kind\": \"track\"}, {\"name\": \"a\", \"kind\": \"track\"}]}",
         "domain.json:1:", "twice"},
        {"{\"intents\": [{\"name\": \"a\", \"kind\": \"track\", \"x\": \"\"}]}",
         "domain.json:1:", "\"x\": expected"},
        {"{\"intents\": [{\"name\": \"a\", \"kind\": 1}]}", "domain.json:1:", "in quotes"},
        {"{\"intents\": 1}", "domain.json:1:1:", "expected {\"intents\""},
        {"[", "domain.json:", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        refused(cases[i].text, "{\"language\": \"en\"}", cases[i].place, cases[i].sentence);
    refused(DOMAIN, NULL, "domain.json", "no language file");
}

static void a_language_stands_in_one_file(void **state) {
    struct error err;
    (void)state;
    assert_null(load(DOMAIN, "{\"language\": \"en\"}", "{\"language\": \"en\"}", &err));
    assert_non_null(strstr(err.text, "fr.json:1:"));
}

static void a_folder_without_a_domain_is_refused(void **state) {
    struct error err;
    struct data data = {.folder = SOURCE_DIR "/tests/intents"};
    (void)state;
    assert_null(catalogue_load(&data, &err));
    assert_non_null(strstr(err.text, "domain.json"));
}

struct faults {
    char text[8192];
};

static void note(const char *message, void *context) {
    struct faults *faults = context;
    size_t len = strlen(faults->text);
    snprintf(faults->text + len, sizeof faults->text - len, "%s\n", message);
}

static int check(const char *language, struct faults *faults) {
    struct error err;
    struct catalogue *catalogue = load(DOMAIN, language, NULL, &err);
    faults->text[0] = '\0';
    if (!catalogue)
        fail_msg("%s", err.text);
    int count = catalogue_check(catalogue, note, faults);
    catalogue_free(catalogue);
    return count;
}

static void examples_that_are_misread_are_faults(void **state) {
    struct faults faults;
    (void)state;
    int count = check(
        "{\"language\": \"en\", \"lists\": {\"idle\": [\"x\"], \"used\": [\"y\"]}, \"intents\": {\n"
        " \"track.where\": {\"patterns\": [\"where\", \"{used}\"], \"examples\": [\"where\",\n \"what\",\n"
        "  {\"text\": \"where\", \"also\": [\"human.refund\", \"nope\"]},\n  4],\n"
        "  \"counter_examples\": [\"how\",\n  \"where\"]}}}",
        &faults);
    assert_int_equal(count, 6);
    assert_non_null(strstr(faults.text, "en.json:1:38: nothing uses the list {idle}"));
    assert_non_null(
        strstr(faults.text, "en.json:3:2: \"what\" must be read as track.where, but is read as nothing"));
    assert_non_null(strstr(faults.text, "en.json:4:3: \"where\" must be read as human.refund, too"));
    assert_non_null(strstr(faults.text, "en.json:4:3: \"also\" names an intent"));
    assert_non_null(strstr(faults.text, "en.json:5:3: expected a message in quotes"));
    assert_non_null(strstr(faults.text, "en.json:7:3: \"where\" must not be read as track.where, but is: "
                                        "track.where (en.json:track.where/1)"));
}

static void what_is_said_twice_or_always_struck_is_a_fault(void **state) {
    struct faults faults;
    (void)state;
    int count = check(
        "{\"language\": \"en\", \"lists\": {\"it\": [\"it\",\n\"It!\"]}, \"intents\": {\n"
        " \"track.where\": {\"patterns\": [\"where is {it}\",\n\"how\", \"[how]  come\", \"hów come\",\n"
        "  {\"match\": \"Where’s\", \"strength\": \"weak\"}], \"unless\": [\"spam\",\n\"how\"]},\n"
        " \"human.refund\": {\"patterns\": [\"how\", \"where s\"], \"unless\": [\"money\"]},\n"
        " \"human.*\": {\"unless\": [\"Money\", \"spam\", \"À la\",\n\"à LA\"]}}}",
        &faults);
    if (count != 4)
        fail_msg("%s", faults.text);
    assert_non_null(strstr(faults.text, "en.json:9:1: this says the same as"));
    assert_non_null(
        strstr(faults.text, "en.json:2:1: this says the same as (built in) en.json:1:37: leave it out"));
    assert_non_null(strstr(faults.text,
                           "en.json:4:1: this never counts, as the \"unless\" at (built in) en.json:6:1 says "
                           "the same: leave one out"));
    assert_non_null(
        strstr(faults.text, "en.json:7:62: this says the same as (built in) en.json:8:25: leave it out"));
}

static void a_sound_catalogue_has_no_faults(void **state) {
    struct faults faults = {{0}};
    struct error err;
    struct data data = {.folder = SOURCE_DIR "/tests/intents/catalogue"};
    struct catalogue *catalogue = catalogue_load(&data, &err);
    (void)state;
    assert_non_null(catalogue);
    if (catalogue_check(catalogue, note, &faults) != 0)
        fail_msg("%s", faults.text);
    catalogue_free(catalogue);
}

static void intents_are_found_by_name(void **state) {
    struct error err;
    struct catalogue *catalogue = load(DOMAIN, "{\"language\": \"en\"}", NULL, &err);
    (void)state;
    assert_string_equal(catalogue_intent(catalogue, "human.refund")->queue, "returns");
    assert_int_equal(catalogue_intent(catalogue, "track.where")->kind, KIND_TRACK);
    assert_null(catalogue_intent(catalogue, "human.lunch"));
    assert_string_equal(kind_name(KIND_HUMAN), "human");
    assert_string_equal(slot_name(SLOT_CHOICE), "choice");
    catalogue_free(catalogue);
}

int main(void) {
    const struct CMUnitTest claims[] = {
        cmocka_unit_test(a_fault_in_a_language_file_is_told_with_its_place),
        cmocka_unit_test(a_fault_in_the_domain_is_told_with_its_place),
        cmocka_unit_test(a_language_stands_in_one_file),
        cmocka_unit_test(a_folder_without_a_domain_is_refused),
        cmocka_unit_test(examples_that_are_misread_are_faults),
        cmocka_unit_test(what_is_said_twice_or_always_struck_is_a_fault),
        cmocka_unit_test(a_sound_catalogue_has_no_faults),
        cmocka_unit_test(intents_are_found_by_name),
    };
    return cmocka_run_group_tests(claims, NULL, NULL);
}
