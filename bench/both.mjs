// Two matters in one message: what has not come, and what is wanted for it, said with and without a word between. How often is the parcel lost?
//     WISMO_BIN=build/release/wismo node bench/both.mjs
import { evaluate } from "./evaluate.mjs";

const said = {
  en: {
    wants: ["i want a refund", "refund please", "i want my money back", "can i get a refund", "give me my money back", "please refund me", "i want to cancel it", "please cancel my order",
      "i want to speak to someone", "can i talk to a human", "this is unacceptable", "terrible service", "i want to complain", "can i have an invoice", "please change the address"],
    parcels: ["my order never arrived", "my parcel has not arrived", "i never received my order", "i have not received my parcel", "the package was never delivered", "i still haven't got my order",
      "my order is two weeks late", "my delivery is late", "it never came", "nothing has arrived", "where is my parcel", "when will my order arrive", "tracking says delivered but i have nothing",
      "my order is taking too long", "the parcel is lost", "still waiting for my order"],
    because: "because", so: "so", and: "and",
  },
  fr: {
    wants: ["je veux un remboursement", "remboursez-moi", "je souhaite être remboursé", "je demande le remboursement", "rendez-moi mon argent", "je veux annuler", "annulez ma commande",
      "je veux parler à quelqu'un", "passez-moi un conseiller", "c'est inadmissible", "service nul", "je veux faire une réclamation", "il me faut la facture", "je voudrais changer l'adresse"],
    parcels: ["ma commande n'est jamais arrivée", "mon colis n'est pas arrivé", "je n'ai jamais reçu ma commande", "je n'ai pas reçu mon colis", "le colis n'a jamais été livré", "toujours rien reçu",
      "colis jamais reçu", "ma commande a deux semaines de retard", "ma livraison est en retard", "où est mon colis", "quand arrive ma commande", "le suivi dit livré mais je n'ai rien",
      "mon colis est perdu", "j'attends toujours ma commande", "commande non reçue"],
    because: "car", so: "donc", and: "et",
  },
  es: {
    wants: ["quiero un reembolso", "devuélvanme el dinero", "quiero que me devuelvan el dinero", "solicito el reembolso", "quiero cancelarlo", "cancelen mi pedido", "quiero hablar con una persona",
      "póngame con un agente", "esto es inaceptable", "pésimo servicio", "quiero poner una reclamación", "necesito la factura", "quiero cambiar la dirección"],
    parcels: ["mi pedido nunca llegó", "mi paquete no ha llegado", "no he recibido mi pedido", "todavía no he recibido nada", "el paquete nunca fue entregado", "mi pedido lleva dos semanas de retraso",
      "mi envío va con retraso", "no ha llegado nada", "dónde está mi paquete", "cuándo llega mi pedido", "pone entregado pero no tengo nada", "el paquete está perdido", "sigo esperando mi pedido"],
    because: "porque", so: "así que", and: "y",
  },
  de: {
    wants: ["ich will mein Geld zurück", "bitte erstatten Sie mir das Geld", "ich möchte eine Rückerstattung", "ich verlange mein Geld zurück", "ich möchte stornieren", "stornieren Sie meine Bestellung",
      "ich möchte mit jemandem sprechen", "verbinden Sie mich mit einem Mitarbeiter", "das ist eine Frechheit", "ganz schlechter Service", "ich möchte mich beschweren", "ich brauche eine Rechnung",
      "bitte ändern Sie die Adresse"],
    parcels: ["meine Bestellung ist nie angekommen", "mein Paket ist nicht angekommen", "ich habe meine Bestellung nie erhalten", "ich habe mein Paket nicht bekommen", "das Paket wurde nie zugestellt",
      "es ist immer noch nichts da", "meine Bestellung ist zwei Wochen zu spät", "die Lieferung hat Verspätung", "wo ist mein Paket", "wann kommt meine Bestellung",
      "laut Sendungsverfolgung zugestellt aber ich habe nichts", "das Paket ist verloren gegangen", "ich warte immer noch auf meine Bestellung"],
    because: "denn", so: "also", and: "und",
  },
  it: {
    wants: ["voglio un rimborso", "rimborsatemi", "rivoglio i miei soldi", "chiedo il rimborso", "voglio annullare", "annullate il mio ordine", "voglio parlare con qualcuno", "passatemi un operatore",
      "è inaccettabile", "servizio pessimo", "voglio fare un reclamo", "mi serve la fattura", "vorrei cambiare l'indirizzo"],
    parcels: ["il mio ordine non è mai arrivato", "il mio pacco non è arrivato", "non ho mai ricevuto il mio ordine", "non ho ricevuto il pacco", "il pacco non è mai stato consegnato", "non è arrivato niente",
      "il mio ordine è in ritardo di due settimane", "la consegna è in ritardo", "dov'è il mio pacco", "quando arriva il mio ordine", "risulta consegnato ma non ho niente", "il pacco è andato perso",
      "sto ancora aspettando il mio ordine"],
    because: "perché", so: "quindi", and: "e",
  },
  nl: {
    wants: ["ik wil een terugbetaling", "geef me mijn geld terug", "ik wil mijn geld terug", "graag terugbetalen", "ik wil annuleren", "annuleer mijn bestelling", "ik wil iemand spreken",
      "verbind me door met een medewerker", "dit is onacceptabel", "waardeloze service", "ik wil een klacht indienen", "ik heb een factuur nodig", "graag het adres wijzigen"],
    parcels: ["mijn bestelling is nooit aangekomen", "mijn pakket is niet aangekomen", "ik heb mijn bestelling nooit ontvangen", "ik heb mijn pakket niet ontvangen", "het pakket is nooit bezorgd",
      "er is nog steeds niets binnen", "mijn bestelling is twee weken te laat", "de levering is te laat", "waar is mijn pakket", "wanneer komt mijn bestelling",
      "volgens track and trace bezorgd maar ik heb niets", "het pakket is kwijt", "ik wacht nog steeds op mijn bestelling"],
    because: "want", so: "dus", and: "en",
  },
  pt: {
    wants: ["quero um reembolso", "devolvam o meu dinheiro", "quero o meu dinheiro de volta", "peço o reembolso", "quero cancelar", "cancelem a minha encomenda", "quero falar com alguém",
      "passe-me a um assistente", "isto é inadmissível", "péssimo serviço", "quero fazer uma reclamação", "preciso da fatura", "queria mudar a morada"],
    parcels: ["a minha encomenda nunca chegou", "o meu pacote não chegou", "nunca recebi a minha encomenda", "não recebi o meu pedido", "a encomenda nunca foi entregue", "ainda não chegou nada",
      "a minha encomenda está duas semanas atrasada", "a entrega está atrasada", "onde está a minha encomenda", "quando chega o meu pedido", "diz entregue mas não tenho nada", "a encomenda está perdida",
      "continuo à espera da minha encomenda"],
    because: "porque", so: "por isso", and: "e",
  },
};

const forms = ({ because, so, and }) => ["P, W", "W. P", "W P", "P W", `W ${because} P`, `P ${so} W`, `P ${and} W`];

console.log("| | | messages | the parcel is lost |\n|---|---|--:|--:|");
for (const [lang, { wants, parcels, ...joins }] of Object.entries(said))
  for (const form of forms(joins)) {
    const messages = wants.flatMap((want) => parcels.map((parcel) => form.replace("W", want).replace("P", parcel)));
    const [{ misses }] = evaluate([["text", "label", "lang"], ...messages.map((text) => [text, "mixed", lang])]);
    console.log(`| ${lang} | ${form} | ${messages.length} | ${misses} |`);
  }
