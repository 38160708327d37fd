/* Written from what is generally known of the default states of WooCommerce, PrestaShop, Magento, Shopware
 * and BigCommerce and of what carriers show to customers; not compared with their own lists. Where a word is
 * used for two things it stands for the lesser, or nowhere: what is not known is said to be so. */
#include "db/status_words.h"
#include <assert.h>
#include <ctype.h>
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum {
    ORDER = STATUS_OF_ORDER,
    PARCEL = STATUS_OF_PARCEL,
    BOTH = ORDER | PARCEL,
    WORDS_MAX = 2048,
    KEYS_SIZE = 64 << 10
};

/* clang-format off */
static const struct status_words table[] = {
    {STATUS_PLACED, ORDER, NULL,
     /* en */ "order received|new order|checkout draft|awaiting cash on delivery validation|"
     /* fr */ "commandee|nouvelle|nouvelle commande|commande recue|en attente de paiement a la livraison|"
     /* de */ "bestellt|neu|eingegangen|neue bestellung|bestellung eingegangen|"
     /* es */ "nuevo|nueva|nuevo pedido|pedido recibido|"
     /* it */ "nuovo|nuova|nuovo ordine|ordine ricevuto|"
     /* nl */ "besteld|nieuw|nieuwe bestelling|bestelling ontvangen|"
     /* pt */ "novo|nova|nova encomenda|novo pedido|encomenda recebida|pedido recebido"},
    {STATUS_CONFIRMED, ORDER, NULL,
     /* en */ "payment accepted|remote payment accepted|payment received|payment confirmed|accepted|"
              "approved|awaiting fulfillment|awaiting fulfilment|"
     /* fr */ "confirmee|payee|paye|paiement accepte|paiement a distance accepte|paiement effectue|"
              "paiement recu|paiement valide|validee|acceptee|"
     /* de */ "bezahlt|offen|bestatigt|zahlung eingegangen|zahlung erhalten|zahlung akzeptiert|"
              "zahlung bestatigt|fernzahlung akzeptiert|"
     /* es */ "confirmado|confirmada|pagado|pagada|pago aceptado|pago remoto aceptado|pago recibido|"
              "pago confirmado|aceptado|aceptada|"
     /* it */ "confermato|confermata|pagato|pagata|pagamento accettato|pagamento remoto accettato|"
              "pagamento ricevuto|pagamento confermato|accettato|"
     /* nl */ "betaald|bevestigd|betaling aanvaard|betaling geaccepteerd|betaling ontvangen|"
              "betaling op afstand aanvaard|"
     /* pt */ "pago|paga|pagamento aceite|pagamento aceito|pagamento remoto aceite|pagamento recebido|"
              "pagamento confirmado|aceite|aprovado"},
    {STATUS_ON_HOLD, ORDER, "payment",
     /* en */ "payment error|payment failed|payment declined|payment pending|unpaid|"
              "awaiting bank wire payment|awaiting bank transfer|awaiting check payment|"
              "awaiting cheque payment|"
     /* fr */ "en attente de paiement|en attente du paiement|paiement en attente|erreur de paiement|"
              "paiement refuse|paiement echoue|echouee|impayee|en attente de virement|"
              "en attente de virement bancaire|en attente du paiement par virement bancaire|"
              "en attente du paiement par cheque|en attente de paiement par cheque|"
     /* de */ "zahlung ausstehend|ausstehende zahlung|warten auf zahlung|warten auf zahlungseingang|"
              "wartet auf zahlung|wartet auf zahlungseingang|warten auf bankuberweisung|"
              "warten auf uberweisung|warten auf zahlungseingang bankuberweisung|zahlungsfehler|"
              "fehler bei der bezahlung|zahlung fehlgeschlagen|fehlgeschlagen|unbezahlt|nicht bezahlt|"
     /* es */ "pendiente de pago|pago pendiente|en espera de pago|esperando pago|"
              "en espera de pago por cheque|en espera de pago por transferencia bancaria|"
              "en espera de transferencia bancaria|error en el pago|error de pago|pago rechazado|"
              "pago fallido|fallido|no pagado|"
     /* it */ "in attesa di pagamento|in attesa del pagamento|pagamento in sospeso|pagamento in attesa|"
              "in attesa di bonifico|in attesa di bonifico bancario|"
              "in attesa di pagamento con bonifico bancario|in attesa di pagamento con assegno|"
              "in attesa di assegno|errore di pagamento|errore nel pagamento|pagamento rifiutato|"
              "pagamento fallito|fallito|non pagato|"
     /* nl */ "wacht op betaling|wachten op betaling|in afwachting van betaling|betaling in behandeling|"
              "in afwachting van bankoverschrijving|wachten op bankoverschrijving|"
              "wachten op overschrijving|wachten op betaling per cheque|betalingsfout|fout bij betaling|"
              "betaling mislukt|betaling geweigerd|mislukt|niet betaald|onbetaald|"
     /* pt */ "aguarda pagamento|a aguardar pagamento|aguardando pagamento|pagamento pendente|"
              "a aguardar transferencia bancaria|aguardando transferencia bancaria|"
              "a aguardar pagamento por cheque|a aguardar pagamento por transferencia bancaria|"
              "erro no pagamento|erro de pagamento|pagamento recusado|pagamento falhado|falhado|"
              "malsucedido|nao pago"},
    {STATUS_ON_HOLD, ORDER, "fraud_check",
     "fraud|suspected fraud|fraud review|suspicion de fraude"},
    {STATUS_ON_HOLD, ORDER, NULL,
     /* fr */ "en attente|suspendue|bloquee|mise en attente|"
     /* de */ "wartend|in wartestellung|zuruckgestellt|angehalten|"
     /* es */ "pendiente|en espera|retenido|retenida|"
     /* it */ "in attesa|in sospeso|sospeso|"
     /* nl */ "in afwachting|in de wacht|"
     /* pt */ "pendente|em espera|suspenso|suspensa|aguardando|a aguardar"},
    {STATUS_BACKORDER, ORDER, "preorder",
     /* en */ "preorder|preordered|"
     /* fr */ "precommande|en precommande|precommandee|"
     /* de */ "vorbestellt|vorbestellung|"
     /* es */ "preventa|en preventa|"
     /* it */ "preordine|in preordine|preordinato|"
     /* nl */ "voorbesteld|"
     /* pt */ "pre venda|em pre venda|pre encomenda"},
    {STATUS_BACKORDER, ORDER, NULL,
     /* en */ "on backorder|on backorder paid|on backorder not paid|back ordered|out of stock|"
              "awaiting stock|"
     /* fr */ "rupture de stock|en rupture|en rupture de stock|en attente de reapprovisionnement|"
              "en attente de reapprovisionnement paye|en attente de reapprovisionnement non paye|"
              "en reapprovisionnement|"
     /* de */ "nicht vorratig|nicht vorratig bezahlt|nicht vorratig nicht bezahlt|nicht auf lager|"
              "im ruckstand|lieferruckstand|ausverkauft|wartet auf ware|"
     /* es */ "sin stock|sin existencias|agotado|agotada|pendiente de stock|en espera de stock|"
              "en espera de reposicion|en espera de reposicion pagado|en espera de reposicion no pagado|"
     /* it */ "esaurito|non disponibile|in attesa di rifornimento|in attesa di rifornimento pagato|"
              "in attesa di rifornimento non pagato|in riassortimento|"
     /* nl */ "niet op voorraad|uitverkocht|in nabestelling|nabestelling|in backorder|"
              "in backorder betaald|in backorder niet betaald|wacht op voorraad|"
     /* pt */ "sem stock|sem estoque|esgotado|esgotada|a aguardar reposicao|"
              "a aguardar reposicao de stock|aguarda reposicao|aguardando estoque"},
    {STATUS_PREPARING, BOTH, NULL,
     /* en */ "preparation in progress|being prepared|in preparation|being packed|packed|packing|picking|"
              "ready to ship|awaiting shipment|awaiting dispatch|"
     /* fr */ "en preparation|en cours de preparation|preparation en cours|preparation de la commande|"
              "prete a expedier|pret a expedier|prete a etre expediee|pret a etre expedie|"
              "en attente d expedition|"
     /* de */ "in vorbereitung|vorbereitung|wird vorbereitet|versandbereit|versand wird vorbereitet|"
              "wird verpackt|verpackt|in kommissionierung|kommissioniert|"
     /* es */ "en preparacion|preparando|preparacion en curso|preparacion en proceso|listo para enviar|"
              "pendiente de envio|"
     /* it */ "in preparazione|preparazione in corso|in fase di preparazione|pronto per la spedizione|"
              "in attesa di spedizione|"
     /* nl */ "in voorbereiding|wordt voorbereid|wordt ingepakt|ingepakt|klaar voor verzending|"
              "voorbereiding in uitvoering|bezig met voorbereiding|"
     /* pt */ "em preparacao|a preparar|a ser preparada|preparacao em curso|preparacao em andamento|"
              "pronto para envio|a aguardar envio|aguardando envio"},
    {STATUS_PREPARING, ORDER, NULL,
     /* en */ "processing in progress|partial shipped|in production|"
     /* fr */ "en cours|en cours de traitement|en traitement|traitement en cours|partiellement expediee|"
              "expedition partielle|en fabrication|"
     /* de */ "in bearbeitung|wird bearbeitet|bearbeitung|teilweise versandt|teilweise versendet|"
              "teilversandt|in produktion|"
     /* es */ "en proceso|procesando|en curso|en tramite|parcialmente enviado|enviado parcialmente|"
              "en produccion|"
     /* it */ "in lavorazione|in elaborazione|in corso|parzialmente spedito|spedito parzialmente|"
              "in produzione|"
     /* nl */ "in behandeling|in verwerking|wordt verwerkt|gedeeltelijk verzonden|deels verzonden|"
              "in productie|"
     /* pt */ "em processamento|a processar|processando|em curso|em andamento|em producao"},
    {STATUS_INFO_RECEIVED, PARCEL, NULL,
     /* en */ "were expecting it|we are expecting it|shipment information received|"
              "shipment information submitted|electronic information submitted|parcel data received|"
              "order data transmitted|"
     /* fr */ "annonce|etiquette creee|etiquette imprimee|etiquette generee|declaratif receptionne|"
              "en attente de prise en charge|en attente de depot|"
     /* de */ "angekundigt|elektronisch angekundigt|avisiert|auftragsdaten ubermittelt|"
              "auftragsdaten eingegangen|sendungsdaten ubermittelt|etikett erstellt|label erstellt|"
              "versandetikett erstellt|"
     /* es */ "preregistrado|prerregistrado|etiqueta creada|etiqueta impresa|informacion recibida|"
              "pendiente de recogida|"
     /* it */ "etichetta creata|etichetta stampata|informazioni ricevute|in attesa di presa in carico|"
              "preavvisato|"
     /* nl */ "aangemeld|aangekondigd|label aangemaakt|label afgedrukt|zending aangemeld|"
              "we hebben de gegevens ontvangen|"
     /* pt */ "etiqueta criada|etiqueta impressa|informacao recebida|pre registado|a aguardar recolha"},
    {STATUS_IN_TRANSIT, BOTH, NULL,
     /* en */ "dispatched|despatched|sent|on its way|on the way|with carrier|with courier|"
              "handed to carrier|handed over to carrier|handed to courier|collected by carrier|"
              "received by carrier|accepted by carrier|picked up by carrier|weve got it|we have got it|"
              "at hub|at the hub|"
     /* fr */ "en route|en transit|en chemin|expedie|expediee|expedies|expediees|envoye|envoyee|"
              "pris en charge|prise en charge|pris en charge par le transporteur|"
              "prise en charge par le transporteur|remis au transporteur|remise au transporteur|"
              "en cours d acheminement|en acheminement|acheminement en cours|en cours de transport|"
              "en cours de livraison|livraison en cours|"
     /* de */ "unterwegs|auf dem weg|versandt|versendet|verschickt|abgeschickt|im transport|in transport|"
              "transport|an versanddienstleister ubergeben|dem versanddienstleister ubergeben|"
              "an den versanddienstleister ubergeben|vom versanddienstleister ubernommen|im paketzentrum|"
              "im paketzustellzentrum|im zustelldepot|in auslieferung|"
     /* es */ "en camino|en transito|en ruta|enviado|enviada|expedido|expedida|admitido|admitida|"
              "entregado al transportista|recogido por el transportista|en poder del transportista|"
              "despachado|"
     /* it */ "in transito|in viaggio|spedito|spedita|inviato|inviata|preso in carico|presa in carico|"
              "affidato al corriere|consegnato al corriere|ritirato dal corriere|in corso di spedizione|"
     /* nl */ "onderweg|verzonden|verstuurd|in transit|gesorteerd|overgedragen aan vervoerder|"
              "overgedragen aan de vervoerder|opgehaald door vervoerder|bij vervoerder|"
              "in het sorteercentrum|ontvangen door postnl|"
     /* pt */ "em transito|a caminho|em viagem|entregue a transportadora|recolhido pela transportadora|"
              "postado|objeto postado"},
    {STATUS_IN_TRANSIT, ORDER, NULL,
     /* fr */ "terminee|termine|"
     /* de */ "abgeschlossen|fertiggestellt|erledigt|"
     /* es */ "completado|completada|"
     /* it */ "completato|completata|"
     /* nl */ "afgerond|voltooid|"
     /* pt */ "concluido|concluida|completo"},
    {STATUS_CUSTOMS, BOTH, NULL,
     /* en */ "in customs|at customs|customs clearance|held in customs|held at customs|"
              "awaiting customs clearance|"
     /* fr */ "en douane|a la douane|en cours de dedouanement|dedouanement en cours|retenu en douane|"
              "bloque en douane|entree en douane|"
     /* de */ "im zoll|beim zoll|zollabfertigung|in zollabfertigung|in verzollung|verzollung|"
     /* es */ "en aduana|en la aduana|retenido en aduana|en tramite aduanero|despacho de aduanas|"
     /* it */ "in dogana|alla dogana|sdoganamento|in fase di sdoganamento|fermo in dogana|"
     /* nl */ "bij de douane|bij douane|douaneafhandeling|inklaring|in afwachting van inklaring|"
     /* pt */ "na alfandega|em desalfandegamento|desalfandegamento|retido na alfandega|"
              "fiscalizacao aduaneira"},
    {STATUS_OUT_FOR_DELIVERY, BOTH, NULL,
     /* en */ "with driver|with the driver|on vehicle for delivery|with delivery courier|"
     /* fr */ "en livraison|en cours de distribution|en distribution|mis en distribution|"
              "mise en distribution|mis en livraison|en tournee|en tournee de livraison|"
     /* de */ "in zustellung|in der zustellung|wird zugestellt|wird heute zugestellt|im zustellfahrzeug|"
              "in das zustellfahrzeug geladen|"
     /* es */ "en reparto|en proceso de entrega|salio a reparto|en entrega|"
     /* it */ "in consegna|in distribuzione|in fase di consegna|consegna in corso|"
     /* nl */ "bezorger is onderweg|bezorger onderweg|in bezorging|wordt bezorgd|wordt vandaag bezorgd|"
              "onderweg naar de ontvanger|geladen voor bezorging|"
     /* pt */ "em distribuicao|saiu para entrega|em entrega|na distribuicao|"
              "objeto saiu para entrega ao destinatario"},
    {STATUS_ATTEMPT_FAILED, PARCEL, NULL,
     /* en */ "we missed you|sorry we missed you|missed delivery|failed delivery|delivery failed|"
              "delivery attempt failed|failed delivery attempt|unsuccessful delivery attempt|carded|"
              "card left|customer not home|recipient not home|"
     /* fr */ "avise|destinataire absent|client absent|absent|avis de passage|avis de passage depose|"
              "echec de livraison|echec de la livraison|livraison echouee|tentative de livraison|"
              "tentative de livraison echouee|non distribuable|non livre|"
     /* de */ "zustellversuch|erfolgloser zustellversuch|zustellung fehlgeschlagen|"
              "zustellung nicht moglich|nicht zugestellt|empfanger nicht angetroffen|nicht angetroffen|"
     /* es */ "ausente|destinatario ausente|ausente en reparto|intento de entrega|"
              "intento de entrega fallido|entrega fallida|no entregado|"
     /* it */ "destinatario assente|assente|tentata consegna|tentativo di consegna|"
              "tentativo di consegna fallito|mancata consegna|consegna fallita|consegna non riuscita|"
              "non consegnato|"
     /* nl */ "niet thuis|ontvanger niet thuis|bezorging mislukt|mislukte bezorging|bezorgpoging|"
              "bezorgpoging mislukt|niet bezorgd|"
     /* pt */ "destinatario ausente na morada|tentativa de entrega|tentativa de entrega falhada|"
              "entrega falhada|entrega nao conseguida|nao entregue|avisado"},
    {STATUS_READY_FOR_PICKUP, BOTH, NULL,
     /* en */ "ready for collection|ready to collect|available for collection|awaiting collection|"
              "awaiting pickup|awaiting customer pickup|available at pickup point|at pickup point|"
              "at the pickup point|at parcelshop|delivered to parcelshop|delivered to pickup point|"
              "ready in store|"
     /* fr */ "disponible en point relais|disponible au point relais|disponible en relais|"
              "disponible en point de retrait|disponible au point de retrait|disponible en consigne|"
              "disponible en agence|disponible en magasin|disponible en bureau de poste|"
              "disponible au bureau de poste|en attente de retrait|en attente de retrait en point relais|"
              "en attente d etre retire au guichet|pret a retirer|prete a retirer|pret a etre retire|"
              "pret pour le retrait|a retirer|arrive en point relais|arrive au point relais|"
              "livre en point relais|livre au point relais|depose en point relais|en point relais|"
              "mis a disposition|"
     /* de */ "abholbereit|zur abholung|zur abholung bereit|bereit zur abholung|"
              "liegt zur abholung bereit|in filiale|in der filiale|in packstation|in der packstation|"
              "im paketshop|zur abholung im paketshop|"
     /* es */ "disponible en oficina|disponible en punto de recogida|disponible en el punto de recogida|"
              "disponible para recoger|disponible para recogida|disponible en tienda|listo para recoger|"
              "listo para recogida|en punto de recogida|en oficina|en lista|"
     /* it */ "pronto per il ritiro|disponibile per il ritiro|disponibile al ritiro|in attesa di ritiro|"
              "disponibile presso il punto di ritiro|disponibile in ufficio postale|"
              "presso il punto di ritiro|in giacenza presso l ufficio postale|"
              "in giacenza presso ufficio postale|"
     /* nl */ "klaar om af te halen|klaar om opgehaald te worden|af te halen|klaar voor afhalen|"
              "ligt klaar|bij afhaalpunt|op afhaalpunt|bij postnl punt|bij postnl locatie|"
              "in pakketautomaat|ligt bij afhaalpunt|"
     /* pt */ "disponivel para levantamento|disponivel para recolha|disponivel para retirada|"
              "disponivel no ponto de recolha|pronto para levantamento|pronto para recolha|"
              "pronto para retirada|a aguardar levantamento|aguarda levantamento|aguardando retirada|"
              "na loja ctt|no ponto pick up"},
    {STATUS_DELIVERED, BOTH, NULL,
     /* en */ "collected by customer|picked up by customer|delivered to neighbour|delivered to neighbor|"
              "delivered to safe place|delivered to your neighbour|"
     /* fr */ "livre|livree|livres|livrees|distribue|distribuee|remis au destinataire|remis au client|"
              "livraison effectuee|livre au voisin|retire par le client|retire par le destinataire|"
              "recupere|recuperee|"
     /* de */ "zugestellt|ausgeliefert|geliefert|an nachbarn zugestellt|an nachbarn ubergeben|"
              "beim nachbarn abgegeben|an empfanger ubergeben|vom kunden abgeholt|vom empfanger abgeholt|"
     /* es */ "entregado|entregada|entregado al destinatario|entregado al cliente|entrega realizada|"
              "recogido por el cliente|recogido por el destinatario|"
     /* it */ "consegnato|consegnata|consegnato al destinatario|consegna effettuata|ritirato dal cliente|"
              "ritirato dal destinatario|"
     /* nl */ "bezorgd|geleverd|afgeleverd|bezorgd bij de buren|bij de buren bezorgd|bij de buren|"
              "opgehaald door klant|afgehaald door klant|afgehaald door ontvanger|"
     /* pt */ "entregue|entregue ao destinatario|entregue ao cliente|entrega efetuada|entrega efectuada|"
              "objeto entregue ao destinatario|levantado pelo cliente|levantado pelo destinatario"},
    {STATUS_EXCEPTION, PARCEL, NULL,
     /* en */ "delay|running late|problem|delivery problem|address problem|incorrect address|"
              "wrong address|missing|vermisst|vermist|"
     /* fr */ "incident|incident de livraison|incident de transport|probleme|probleme de livraison|"
              "probleme en cours|anomalie|retarde|en retard|adresse incorrecte|adresse incomplete|"
              "adresse erronee|refuse|refuse par le destinataire|livraison impossible|"
     /* de */ "verzogert|verspatet|zustellhindernis|adresse falsch|falsche adresse|adresse unvollstandig|"
              "annahme verweigert|annahmeverweigerung|"
     /* es */ "incidencia|con incidencia|retrasado|problema|direccion incorrecta|direccion incompleta|"
              "rechazado|rehusado|"
     /* it */ "in giacenza|giacenza|anomalia|problema di consegna|in ritardo|indirizzo errato|"
              "indirizzo incompleto|rifiutato|"
     /* nl */ "vertraagd|vertraging|probleem|adres onjuist|onjuist adres|adres onvolledig|geweigerd|"
     /* pt */ "incidente|ocorrencia|atrasado|morada incorreta|morada incorrecta|endereco incorreto|"
              "morada incompleta|recusado"},
    {STATUS_RETURNING, BOTH, NULL,
     /* en */ "returning to sender|returned to sender|return in progress|being returned|"
     /* fr */ "retour a l expediteur|retour expediteur|en retour|retour en cours|en cours de retour|"
              "retourne a l expediteur|en retour vers l expediteur|"
     /* de */ "rucksendung|in rucksendung|retoure|retourniert|zuruck an absender|zuruck an den absender|"
              "rucksendung an absender|rucksendung an den absender|auf dem ruckweg|"
     /* es */ "en devolucion|devolucion en curso|devuelto al remitente|devolucion al remitente|"
              "retorno al remitente|"
     /* it */ "in reso|reso in corso|reso al mittente|in restituzione|restituzione al mittente|"
              "in restituzione al mittente|ritorno al mittente|"
     /* nl */ "retourgestuurd|retour afzender|retour aan afzender|retour naar afzender|"
              "terug naar afzender|retour onderweg|wordt geretourneerd|"
     /* pt */ "em devolucao|devolucao em curso|devolvido ao remetente|devolucao ao remetente|"
              "a devolver ao remetente"},
    {STATUS_RETURNED, BOTH, NULL,
     /* en */ "return received|"
     /* fr */ "retourne|retournee|retour recu|retour receptionne|"
     /* de */ "retoure eingegangen|retoure erhalten|zuruckgegeben|"
     /* es */ "devuelto|devuelta|devolucion recibida|"
     /* it */ "reso ricevuto|restituito|restituita|"
     /* nl */ "geretourneerd|retour ontvangen|"
     /* pt */ "devolvido|devolvida|devolucao recebida"},
    {STATUS_LOST, BOTH, NULL,
     "lost in transit|perdu|perdue|egare|verloren|verloren gegangen|perdido|perdida|extraviado|"
     "extraviada|smarrito|smarrita|perso|kwijtgeraakt|kwijt"},
    {STATUS_DAMAGED, BOTH, NULL,
     "damaged in transit|endommage|endommagee|abime|avarie|beschadigt|danado|danada|deteriorado|"
     "danneggiato|danneggiata|beschadigd|danificado|danificada|avariado"},
    {STATUS_CANCELLED, ORDER, "refunded",
     /* fr */ "rembourse|remboursee|remboursement effectue|"
     /* de */ "erstattet|ruckerstattet|zuruckerstattet|"
     /* es */ "reembolsado|reembolsada|"
     /* it */ "rimborsato|rimborsata|"
     /* nl */ "terugbetaald"},
    {STATUS_CANCELLED, BOTH, NULL,
     "annule|annulee|annules|storniert|abgebrochen|annulliert|cancelado|cancelada|anulado|anulada|"
     "annullato|annullata|geannuleerd"},
};

/* What a status is said of, in front of it. */
static const char subjects[] =
    "the parcel has been|the parcel is|your parcel has been|your parcel is|your order has been|"
    "your order is|parcel|package|shipment|item|order|votre colis a ete|votre colis est|le colis a ete|"
    "le colis est|colis|envoi|votre commande a ete|votre commande est|commande|die sendung wurde|"
    "die sendung ist|ihre sendung wurde|ihre sendung ist|sendung|das paket wurde|das paket ist|paket|"
    "bestellung|el envio ha sido|su envio ha sido|envio|paquete|pedido|la spedizione e|il pacco e|"
    "spedizione|pacco|ordine|de zending is|uw zending is|het pakket is|uw pakket is|pakket is|zending is|"
    "pakket|zending|bestelling|a encomenda foi|a sua encomenda foi|encomenda|objeto";
/* clang-format on */

/* Does the key begin with the item of the list, or is it the item? How much of it; 0: no. */
static size_t item_len(const char *item, const char *key) {
    size_t len = 0;
    for (; *item && *item != '|'; item++)
        if (*item != ' ' && toupper((unsigned char)*item) != key[len++])
            return 0;
    return len;
}

static const char *item_after(const char *item) {
    item = strchr(item, '|');
    return item ? item + 1 : NULL;
}

/* Each word as keys are written, sorted: exports have words that nobody knows in every row. */
static struct spelled {
    const char *key;
    const struct status_words *words;
} spelled[WORDS_MAX];
static size_t spelled_count;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static int compare(const void *a, const void *b) {
    const struct spelled *left = a, *right = b;
    int difference = strcmp(left->key, right->key);
    return difference ? difference : left->words < right->words ? -1 : left->words > right->words;
}

static void spell(void) {
    static char keys[KEYS_SIZE];
    char *end = keys;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        for (const char *item = table[i].words; item; item = item_after(item)) {
            assert(spelled_count < WORDS_MAX && end + strlen(item) < keys + KEYS_SIZE);
            spelled[spelled_count++] = (struct spelled){end, &table[i]};
            for (; *item && *item != '|'; item++)
                if (*item != ' ')
                    *end++ = (char)toupper((unsigned char)*item);
            *end++ = '\0';
        }
    qsort(spelled, spelled_count, sizeof *spelled, compare);
}

/* Of those that are written so, the first in the table that is said of this. */
const struct status_words *status_words_find(const char *key, enum status_subject subject) {
    size_t low = 0;
    pthread_once(&once, spell);
    for (size_t high = spelled_count; low < high;) {
        size_t middle = (low + high) / 2;
        if (strcmp(spelled[middle].key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < spelled_count && strcmp(spelled[low].key, key) == 0; low++)
        if (spelled[low].words->subject & subject)
            return spelled[low].words;
    return NULL;
}

const char *status_words_core(const char *key) {
    for (const char *item = subjects; item; item = item_after(item)) {
        size_t len = item_len(item, key);
        if (len && key[len])
            return key + len;
    }
    return key;
}
