/* Sentences of messages in which no sign tells where they begin, by the catalogues and models that are built
 * in. */
#include "intents/stops.h"
#include "intents/catalogue.h"
#include "intents/model.h"
#include "tests/intents/reading.h"

/* As models see it. */
static const char *parted(struct room *room, const char *language, const char *text) {
    int index = catalogue_find_language(room->catalogue, language);
    struct utterance utterance;
    const char *out = "";
    catalogue_use(room->catalogue, index);
    fold_utterance(&utterance, text, &room->arena);
    stops_mark(model_stops(room->catalogue->models[index]), &utterance);
    for (int i = 0; i < utterance.count; i++)
        out = arena_format(&room->arena, "%s%s%s ", out, utterance.words[i].begins ? ". " : "",
                           utterance.words[i].text);
    return out;
}

static void sentences_are_told_apart_where_no_sign_tells(void **state) {
    static const struct {
        const char *language, *text, *parted;
    } said[] = {
        {"en", "hi i ordered a lamp last week where is it i need it for friday",
         "hi . i ordered a lamp last week . where is it . i need it for friday "},
        {"fr", "bonjour ou est ma commande je l'ai passee lundi dernier merci d'avance",
         "bonjour . ou est ma commande . je l ai passee lundi dernier . merci d avance "},
        {"es", "hola donde esta mi pedido lo necesito para el viernes gracias de antemano",
         "hola . donde esta mi pedido . lo necesito para el viernes . gracias de antemano "},
        {"de", "hallo wo ist mein paket ich habe am montag bestellt vielen dank im voraus",
         "hallo . wo ist mein paket . ich habe am montag bestellt . vielen dank im voraus "},
        {"it", "buongiorno dov'e il mio ordine ho pagato la settimana scorsa grazie mille",
         "buongiorno . dov e il mio ordine . ho pagato la settimana scorsa . grazie mille "},
        {"nl", "hallo waar is mijn pakket ik heb maandag besteld alvast bedankt",
         "hallo . waar is mijn pakket . ik heb maandag besteld . alvast bedankt "},
        {"pt", "bom dia onde esta a minha encomenda preciso dela para sexta obrigado",
         "bom dia . onde esta a minha encomenda . preciso dela para sexta . obrigado "},
    };
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++)
        assert_string_equal(parted(*state, said[i].language, said[i].text), said[i].parted);
}

static void tracking_is_found_in_one_of_them(void **state) {
    static const char *const said[] = {
        "hello my number is b one two three four five six seven where is it please",
        "i returned the first one already it was broken where is my order i paid for it on monday",
        "the zip on the jacket is broken and i sent it back where is my other order please"};
    struct room *room = *state;
    room->options.voice = true;
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++)
        assert_int_equal(hear(room, said[i])->kind, KIND_TRACK);
}

static void who_writes_full_stops_says_where_they_are(void **state) {
    const char *text = "hello where is my order i bought it on friday. i need it for a wedding thank you";
    assert_null(strstr(parted(*state, "en", text), ". "));
}

static void what_is_short_stays_whole(void **state) {
    assert_null(strstr(parted(*state, "en", "hello where is my order"), ". "));
}

static void a_number_that_is_said_stays_whole(void **state) {
    struct room *room = *state;
    room->options.voice = true;
    hear(room, "hello my number is b one two three four five six seven where is it please");
    assert_string_equal(best(&room->reading, SLOT_ORDER_NUMBER), "B1234567");
    hear(room, "my mail is anna dot smith at example dot com where is the parcel that i ordered");
    assert_string_equal(best(&room->reading, SLOT_EMAIL), "anna.smith@example.com");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CLAIM(sentences_are_told_apart_where_no_sign_tells),
        CLAIM(tracking_is_found_in_one_of_them),
        CLAIM(who_writes_full_stops_says_where_they_are),
        CLAIM(what_is_short_stays_whole),
        CLAIM(a_number_that_is_said_stays_whole),
    };
    return cmocka_run_group_tests(tests, room_open_built_in, room_close);
}
