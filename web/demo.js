// The demo shop: a page as a shop's could be, with the widget in it (docs/widget.md) and orders to try.
"use strict";

const words = {
  en: {
    season: "New this month", title: "An oak lamp for long evenings", lead: "Solid oak from the Vosges, a warm light, a switch that clicks. Made to be repaired.", price: "€89.00", stock: "In stock, with you in 3 to 5 days",
    orders: "Orders to try", intro: "In your shop, customers ask about their own order. Here you may be any of these: open the chat, ask where the order is, and give the e-mail or the postcode.",
    ask: "Ask about it", question: "Where is my order #?", more: "“wismo demo --print” lists all thirty-six. Ask for a refund or for a person, and you are handed over to a colleague.",
    delivery: "Delivery", times: "When it comes", times_text: "Standard delivery takes three to five working days, express two. The day we promise stands in your confirmation.",
    parts: "In several parcels", parts_text: "Large orders may leave in parts. Each parcel has its own tracking; delivery is charged once.",
    pickup: "Pick-up points and lockers", pickup_text: "Your parcel is kept for seven days. Bring the code from our message and an identity card.", foot: "Maison Demo is no real shop: all orders, names and addresses are made up.",
  },
  fr: {
    season: "Nouveauté du mois", title: "Une lampe en chêne pour les longues soirées", lead: "Chêne massif des Vosges, lumière chaude, interrupteur qui claque. Faite pour être réparée.", price: "89,00 €", stock: "En stock, chez vous en 3 à 5 jours",
    orders: "Commandes à essayer", intro: "Dans votre boutique, chacun demande où est sa propre commande. Ici, choisissez : ouvrez la discussion, demandez où est la commande, et donnez l’e-mail ou le code postal.",
    ask: "Poser la question", question: "Où est ma commande # ?", more: "« wismo demo --print » affiche les trente-six. Demandez un remboursement ou une personne : un conseiller prend le relais.",
    delivery: "Livraison", times: "Délais", times_text: "Trois à cinq jours ouvrés en standard, deux en express. La date promise figure dans votre confirmation.",
    parts: "En plusieurs colis", parts_text: "Les grandes commandes partent parfois en plusieurs fois. Chaque colis a son suivi ; la livraison n’est payée qu’une fois.",
    pickup: "Points relais et consignes", pickup_text: "Votre colis y reste sept jours. Munissez-vous du code reçu et d’une pièce d’identité.", foot: "Maison Demo n’est pas une vraie boutique : commandes, noms et adresses sont inventés.",
  },
  de: {
    season: "Neu in diesem Monat", title: "Eine Lampe aus Eiche für lange Abende", lead: "Massive Eiche aus den Vogesen, warmes Licht, ein Schalter, der klickt. Reparierbar gebaut.", price: "89,00 €", stock: "Auf Lager, in 3 bis 5 Tagen bei Ihnen",
    orders: "Bestellungen zum Ausprobieren", intro: "In Ihrem Shop fragt jeder nach seiner eigenen Bestellung. Hier dürfen Sie jede davon sein: Öffnen Sie den Chat, fragen Sie, wo die Bestellung ist, und nennen Sie E-Mail oder Postleitzahl.",
    ask: "Danach fragen", question: "Wo ist meine Bestellung #?", more: "„wismo demo --print“ zeigt alle sechsunddreißig. Fragen Sie nach einer Erstattung oder einem Menschen, dann übernimmt unser Team.",
    delivery: "Lieferung", times: "Wann sie kommt", times_text: "Standard dauert drei bis fünf Werktage, Express zwei. Der zugesagte Tag steht in Ihrer Bestätigung.",
    parts: "In mehreren Paketen", parts_text: "Große Bestellungen kommen manchmal in Teilen. Jedes Paket hat seine Sendungsverfolgung; den Versand zahlen Sie einmal.",
    pickup: "Abholstellen und Paketfächer", pickup_text: "Ihr Paket liegt dort sieben Tage. Bringen Sie den Code aus unserer Nachricht und einen Ausweis mit.", foot: "Maison Demo ist kein echter Shop: Bestellungen, Namen und Adressen sind erfunden.",
  },
  es: {
    season: "Novedad del mes", title: "Una lámpara de roble para las tardes largas", lead: "Roble macizo de los Vosgos, luz cálida y un interruptor que suena. Hecha para repararse.", price: "89,00 €", stock: "En existencias, en su casa en 3 a 5 días",
    orders: "Pedidos para probar", intro: "En su tienda, cada cliente pregunta por su propio pedido. Aquí puede ser cualquiera de estos: abra el chat, pregunte dónde está el pedido y dé el correo o el código postal.",
    ask: "Preguntar", question: "¿Dónde está mi pedido #?", more: "«wismo demo --print» muestra los treinta y seis. Pida un reembolso o hablar con alguien y le atenderá una persona.",
    delivery: "Entrega", times: "Plazos", times_text: "De tres a cinco días laborables en estándar, dos en exprés. La fecha prometida está en su confirmación.",
    parts: "En varios paquetes", parts_text: "Los pedidos grandes pueden salir por partes. Cada paquete tiene su seguimiento; el envío se paga una vez.",
    pickup: "Puntos de recogida y taquillas", pickup_text: "Su paquete espera siete días. Traiga el código de nuestro mensaje y un documento de identidad.", foot: "Maison Demo no es una tienda real: pedidos, nombres y direcciones son inventados.",
  },
  it: {
    season: "Novità del mese", title: "Una lampada in rovere per le lunghe sere", lead: "Rovere massello dei Vosgi, luce calda, un interruttore che scatta. Fatta per essere riparata.", price: "89,00 €", stock: "Disponibile, da lei in 3-5 giorni",
    orders: "Ordini da provare", intro: "Nel suo negozio ognuno chiede del proprio ordine. Qui può scegliere: apra la chat, chieda dov’è l’ordine e indichi l’e-mail o il codice postale.",
    ask: "Chiedere", question: "Dov’è il mio ordine #?", more: "«wismo demo --print» li mostra tutti e trentasei. Chieda un rimborso o una persona, e risponderà un collega.",
    delivery: "Consegna", times: "Quando arriva", times_text: "Da tre a cinque giorni lavorativi in standard, due in espresso. La data promessa è nella sua conferma.",
    parts: "In più pacchi", parts_text: "Gli ordini grandi possono partire in più volte. Ogni pacco ha il suo tracking; la spedizione si paga una volta.",
    pickup: "Punti di ritiro e armadietti", pickup_text: "Il pacco resta lì sette giorni. Porti il codice del nostro messaggio e un documento.", foot: "Maison Demo non è un vero negozio: ordini, nomi e indirizzi sono inventati.",
  },
  nl: {
    season: "Nieuw deze maand", title: "Een eikenhouten lamp voor lange avonden", lead: "Massief eiken uit de Vogezen, warm licht, een schakelaar die klikt. Gemaakt om te repareren.", price: "€ 89,00", stock: "Op voorraad, bij u in 3 tot 5 dagen",
    orders: "Bestellingen om te proberen", intro: "In uw winkel vraagt iedereen naar de eigen bestelling. Hier mag u kiezen: open de chat, vraag waar de bestelling is en geef het e-mailadres of de postcode.",
    ask: "Ernaar vragen", question: "Waar is mijn bestelling #?", more: "“wismo demo --print” toont ze alle zesendertig. Vraag om een terugbetaling of een medewerker, en een collega neemt het over.",
    delivery: "Levering", times: "Wanneer het komt", times_text: "Standaard duurt drie tot vijf werkdagen, express twee. De beloofde dag staat in uw bevestiging.",
    parts: "In meerdere pakketten", parts_text: "Grote bestellingen komen soms in delen. Elk pakket heeft zijn eigen tracking; de levering betaalt u één keer.",
    pickup: "Afhaalpunten en kluisjes", pickup_text: "Uw pakket ligt er zeven dagen. Neem de code uit ons bericht en een identiteitsbewijs mee.", foot: "Maison Demo is geen echte winkel: bestellingen, namen en adressen zijn verzonnen.",
  },
  pt: {
    season: "Novidade do mês", title: "Um candeeiro de carvalho para as noites longas", lead: "Carvalho maciço dos Vosgos, luz quente, um interruptor que faz clique. Feito para ser reparado.", price: "89,00 €", stock: "Em stock, em sua casa em 3 a 5 dias",
    orders: "Encomendas para experimentar", intro: "Na sua loja, cada um pergunta pela sua encomenda. Aqui pode escolher: abra o chat, pergunte onde está a encomenda e dê o e-mail ou o código postal.",
    ask: "Perguntar", question: "Onde está a minha encomenda #?", more: "«wismo demo --print» mostra as trinta e seis. Peça um reembolso ou uma pessoa, e um colega responde.",
    delivery: "Entrega", times: "Prazos", times_text: "Três a cinco dias úteis em normal, dois em expresso. A data prometida está na sua confirmação.",
    parts: "Em vários volumes", parts_text: "As encomendas grandes podem seguir por partes. Cada volume tem o seu seguimento; a entrega paga-se uma vez.",
    pickup: "Pontos de levantamento e cacifos", pickup_text: "O seu volume fica lá sete dias. Traga o código da nossa mensagem e um documento.", foot: "A Maison Demo não é uma loja real: encomendas, nomes e moradas são inventados.",
  },
};

// The orders of `wismo demo` that are worth trying first: number, e-mail and postcode, picture, and what each shows.
const orders = [
  ["FR-1042", "camille.martin@example.fr · 69003", "lamp", { en: "On its way, two days late", fr: "En route, deux jours de retard", de: "Unterwegs, zwei Tage verspätet", es: "En camino, dos días de retraso", it: "In viaggio, due giorni di ritardo", nl: "Onderweg, twee dagen te laat", pt: "A caminho, dois dias de atraso" }],
  ["UK-2087", "alice.turner@example.com · LS6 2QT", "sofa", { en: "Two parcels: one delivered, one on its way", fr: "Deux colis : un livré, un en route", de: "Zwei Pakete: eines zugestellt, eines unterwegs", es: "Dos paquetes: uno entregado, otro en camino", it: "Due pacchi: uno consegnato, uno in viaggio", nl: "Twee pakketten: één bezorgd, één onderweg", pt: "Dois volumes: um entregue, um a caminho" }],
  ["FR-1053", "sarah.lambert@example.fr · 38000", "box", { en: "Waiting in a locker", fr: "En attente dans une consigne", de: "Liegt im Paketfach", es: "Espera en una taquilla", it: "Attende in un armadietto", nl: "Ligt in een kluisje", pt: "À espera num cacifo" }],
  ["UK-2093", "sophie.walker@example.com · SW9 8HE", "plant", { en: "Out for delivery, with a time", fr: "En livraison, avec un créneau", de: "In Zustellung, mit Uhrzeit", es: "En reparto, con hora", it: "In consegna, con orario", nl: "In bezorging, met tijdvak", pt: "Em distribuição, com hora" }],
  ["FR-1045", "ines.moreau@example.fr · 31000", "armchair", { en: "On hold until the payment arrives", fr: "En attente du paiement", de: "Wartet auf die Zahlung", es: "En espera del pago", it: "In attesa del pagamento", nl: "Wacht op de betaling", pt: "À espera do pagamento" }],
  ["FR-1058", "karim.haddad@example.fr · 93200", "box", { en: "Three parts: delivered, out for delivery, still being packed", fr: "Trois parties : livrée, en livraison, en préparation", de: "Drei Teile: zugestellt, in Zustellung, in Vorbereitung", es: "Tres partes: entregada, en reparto, en preparación", it: "Tre parti: consegnata, in consegna, in preparazione", nl: "Drie delen: bezorgd, in bezorging, in voorbereiding", pt: "Três partes: entregue, em distribuição, em preparação" }],
];

const asked = new URLSearchParams(location.search).get("lang") ?? navigator.language;
const language = Object.keys(words).find((name) => asked.toLowerCase().startsWith(name)) ?? "en";
const say = words[language];
const names = { en: "English", fr: "Français", de: "Deutsch", es: "Español", it: "Italiano", nl: "Nederlands", pt: "Português" };

function make(tag, className, ...inside) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...inside);
  return made;
}

function picture(name) {
  const [svg, use] = ["svg", "use"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#${name}`);
  svg.append(use);
  return svg;
}

document.documentElement.lang = language;
for (const element of document.querySelectorAll("[data-text]")) element.textContent = say[element.dataset.text];
for (const [name, label] of Object.entries(names)) {
  const link = make("a", "", name.toUpperCase());
  Object.assign(link, { href: `?lang=${name}`, hreflang: name, lang: name, title: label });
  if (name === language) link.ariaCurrent = "true";
  document.getElementById("tongues").append(link);
}
for (const [number, proof, shape, shows] of orders) {
  const ask = make("button", "", say.ask);
  ask.type = "button";
  ask.ariaLabel = `${say.ask}: ${number}`;
  ask.addEventListener("click", () => (window.wismo ??= []).push(["open", { text: say.question.replace("#", number) }]));
  const [email, postcode] = proof.split(" · "), [name, host] = email.split("@");
  document.getElementById("orders").append(make("li", "", picture(shape), make("div", "", make("p", "", make("strong", "", number)), make("p", "shows", shows[language])),
    make("p", "proof", `${name}@`, document.createElement("wbr"), host, document.createElement("br"), postcode), ask));
}
