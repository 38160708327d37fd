/* What callers dictate in the languages that the binary carries, beside French and English (spoken.c). */
#include "tests/intents/reading.h"

struct said {
    const char *locale, *country, *text, *value; /* the best candidate */
};

static void check_best(struct room *room, const struct said *cases, size_t count, enum slot slot) {
    for (size_t i = 0; i < count; i++) {
        arena_reset(&room->arena);
        room->options = (struct read_options){.locale = cases[i].locale,
                                              .country = cases[i].country,
                                              .today = calendar_day(2026, 3, 11),
                                              .expected = -1,
                                              .voice = true};
        const char *value = best(hear(room, cases[i].text), slot);
        if (strcmp(value, cases[i].value) != 0)
            fail_msg("%s: \"%s\", expected %s", cases[i].text, value, cases[i].value);
    }
}

#define CHECK(slot) check_best(*state, cases, sizeof cases / sizeof cases[0], slot)

static void order_numbers_are_understood(void **state) {
    static const struct said cases[] = {
        {"es", "ES", "el número es cuarenta y dos siete trece", "42713"},
        {"es", "ES", "cuarenta y dos mil setecientos trece", "42713"},
        {"es", "MX", "es doble cinco siete dos cero nueve", "557209"},
        {"es", "ES", "treintaycinco cuarentaydos", "3542"},
        {"es", "ES", "ene de Navarra be de Barcelona uno dos tres cuatro", "NB1234"},
        {"de", "DE", "die Nummer ist vier zwo sieben eins drei", "42713"},
        {"de", "AT", "zweiundvierzig siebenhundertdreizehn", "42713"},
        {"de", "DE", "zweimal die fünf, sieben zwei null neun", "557209"},
        {"de", "CH", "B wie Berta M wie Martha eins zwei drei vier", "BM1234"},
        {"it", "IT", "quarantadue settecentotredici", "42713"},
        {"it", "IT", "due volte il cinque, sette due zero nove", "557209"},
        {"it", "CH", "bi come Bologna emme come Milano uno due tre quattro", "BM1234"},
        {"nl", "NL", "tweeënveertig zevenhonderddertien", "42713"},
        {"nl", "BE", "twee keer vijf zeven twee nul negen", "557209"},
        {"nl", "NL", "B van Bernard M van Maria een twee drie vier", "BM1234"},
        {"pt", "PT", "quarenta e dois mil setecentos e treze", "42713"},
        {"pt", "PT", "trinta e quatro duzentos e onze", "34211"},
        {"pt", "BR", "duas vezes o cinco, sete dois zero nove", "557209"},
        {"pt", "PT", "P de Porto T de Tavira cinco seis sete oito", "PT5678"},
    };
    CHECK(SLOT_ORDER_NUMBER);
}

static void emails_are_understood(void **state) {
    static const struct said cases[] = {
        {"es", "ES", "es ana punto lopez guion bajo tres arroba gmail punto com", "ana.lopez_3@gmail.com"},
        {"de", "AT", "anna punkt huber ät gmx punkt at", "anna.huber@gmx.at"},
        {"it", "IT", "anna punto rossi chiocciola libero punto it", "anna.rossi@libero.it"},
        {"nl", "NL", "anna punt jansen apenstaartje gmail punt com", "anna.jansen@gmail.com"},
        {"de", "DE", "anna zweiundvierzig ät mein minus laden punkt de", "anna42@mein-laden.de"},
        {"it", "IT", "la mia mail è anna punto rossi chiocciola libero punto it", "anna.rossi@libero.it"},
        {"pt", "PT", "o meu email é ana ponto lopes arroba sapo ponto pt", "ana.lopes@sapo.pt"},
        {"pt", "BR", "joao underline pedro arroba uol ponto com ponto br", "joao_pedro@uol.com.br"},
    };
    CHECK(SLOT_EMAIL);
}

static void postcodes_are_understood(void **state) {
    static const struct said cases[] = {
        {"es", "ES", "el código postal es veintiocho cero catorce", "28014"},
        {"de", "DE", "die Postleitzahl ist eins null eins eins fünf", "10115"},
        {"it", "IT", "il cap è zero zero uno ottantaquattro", "00184"},
        {"nl", "NL", "de postcode is duizend twaalf A B", "1012 AB"},
        {"pt", "PT", "o código postal é mil cento e cinquenta duzentos e um", "1150-201"},
        {"pt", "BR", "o cep é zero um três um zero traço um zero zero", "01310-100"},
    };
    CHECK(SLOT_POSTCODE);
}

static void a_day_that_is_looked_back_on_is_past(void **state) {
    static const struct said cases[] = {
        {"es", "ES", "el pedido del día catorce", "2026-02-14"},
        {"de", "DE", "die Bestellung vom vierzehnten", "2026-02-14"},
        {"it", "IT", "quello del quattordici", "2026-02-14"},
        {"nl", "NL", "die van de veertiende", "2026-02-14"},
        {"pt", "PT", "a do dia catorze", "2026-02-14"},
        {"es", "ES", "lo pedí el veintitrés de octubre", "2025-10-23"},
        {"de", "AT", "bestellt am dreiundzwanzigsten Oktober", "2025-10-23"},
        {"it", "IT", "ho ordinato il ventitré ottobre", "2025-10-23"},
        {"nl", "BE", "besteld op drieëntwintig oktober", "2025-10-23"},
        {"pt", "BR", "comprei no dia vinte e três de outubro", "2025-10-23"},
        {"es", "ES", "el pedido tenía que llegar el lunes", "2026-03-09"},
        {"de", "DE", "es hätte Montag da sein sollen", "2026-03-09"},
        {"it", "IT", "doveva arrivare lunedì", "2026-03-09"},
        {"nl", "NL", "het moest maandag komen", "2026-03-09"},
        {"pt", "PT", "era para ter chegado na segunda", "2026-03-09"},
    };
    CHECK(SLOT_DATE);
}

/* On the 11th the 10th has just been, and the 14th is near. */
static void a_promised_day_is_the_nearest(void **state) {
    static const struct said cases[] = {
        {"fr", "FR", "vous m'aviez promis le 10", "2026-03-10"},
        {"fr", "FR", "on m'avait dit le 14", "2026-03-14"},
        {"fr", "FR", "il devait être livré le 14 mars", "2026-03-14"},
        {"fr", "FR", "vous m'aviez dit vendredi", "2026-03-13"},
        {"en", "GB", "you told me the 10th", "2026-03-10"},
        {"en", "GB", "it was meant for the 10th", "2026-03-10"},
        {"en", "GB", "the 10th was promised", "2026-03-10"},
        {"en", "GB", "it was supposed to come on Saturday", "2026-03-07"},
        {"es", "ES", "me dijeron el 10", "2026-03-10"},
        {"es", "ES", "tenía que llegar el 14", "2026-03-14"},
        {"de", "DE", "Sie haben mir den 10. versprochen", "2026-03-10"},
        {"de", "DE", "es sollte am 10. kommen", "2026-03-10"},
        {"it", "IT", "mi avevate detto il 10", "2026-03-10"},
        {"it", "IT", "doveva arrivare il 14", "2026-03-14"},
        {"nl", "NL", "u had mij de 10e beloofd", "2026-03-10"},
        {"nl", "NL", "het zou de 14e komen", "2026-03-14"},
        {"pt", "PT", "tinham-me prometido para o dia 10", "2026-03-10"},
        {"pt", "BR", "me disseram dia 14", "2026-03-14"},
        {"en", "GB", "my order was scheduled for delivery on Monday", "2026-03-09"},
        {"en", "GB", "it was expected to arrive on Monday", "2026-03-09"},
        {"en", "GB", "it is scheduled for delivery on Monday", "2026-03-16"},
        {"fr", "FR", "ma commande était prévue en livraison le lundi", "2026-03-09"},
        {"fr", "FR", "elle devait m'être livrée lundi", "2026-03-09"},
        {"es", "ES", "la entrega estaba prevista para el lunes", "2026-03-09"},
        {"es", "MX", "estaba programado para entregarse el lunes", "2026-03-09"},
        {"de", "DE", "meine Bestellung war zur Lieferung am Montag vorgesehen", "2026-03-09"},
        {"it", "IT", "era prevista in consegna lunedì", "2026-03-09"},
        {"nl", "NL", "de bestelling stond gepland voor levering op maandag", "2026-03-09"},
        {"pt", "PT", "estava agendada para entrega na segunda-feira", "2026-03-09"},
        {"pt", "BR", "era para ser entregue na segunda", "2026-03-09"},
    };
    CHECK(SLOT_DATE);
}

/* Who writes dates with dots leaves the last one out. */
static void a_dotted_day_is_a_date_where_it_is_called_one(void **state) {
    static const struct said cases[] = {
        {"fr", "CH", "commandé le 3.2", "2026-02-03"},
        {"fr", "CH", "livraison du 12.3", "2026-03-12"},
        {"fr", "CH", "lundi 16.3", "2026-03-16"},
        {"de", "DE", "die Bestellung vom 3.2 ist nicht da", "2026-02-03"},
        {"de", "AT", "kommt es bis zum 15.3", "2026-03-15"},
        {"it", "IT", "ordinato il 3.2", "2026-02-03"},
        {"it", "IT", "entro il 15.3", "2026-03-15"},
        {"fr", "FR", "la version 3.2", ""},
        {"fr", "FR", "j'ai payé 3.2", ""},
        {"fr", "FR", "au 3.2 €", ""},
        {"fr", "FR", "j'ai payé le 3.50 en trop", ""},
        {"de", "DE", "den 3.2 %", ""},
        {"de", "DE", "den 3.5 kg Sack", ""},
        {"de", "DE", "am 3.5.2", ""},
        {"it", "IT", "il 3.5 euro", ""},
        {"en", "GB", "rated 4.5", ""},
    };
    CHECK(SLOT_DATE);
}

int main(void) {
    const struct CMUnitTest claims[] = {
        cmocka_unit_test(order_numbers_are_understood),
        cmocka_unit_test(emails_are_understood),
        cmocka_unit_test(postcodes_are_understood),
        cmocka_unit_test(a_dotted_day_is_a_date_where_it_is_called_one),
        cmocka_unit_test(a_day_that_is_looked_back_on_is_past),
        cmocka_unit_test(a_promised_day_is_the_nearest),
    };
    return cmocka_run_group_tests(claims, room_open_built_in, room_close);
}
