// Two matters in one message: what has not come, and what is wanted for it, said with and without a word between. How often is the parcel lost?
//     WISMO_BIN=build/release/wismo node bench/both.mjs
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const said = {
  en: {
    wants: ["i want a refund", "refund please", "i want my money back", "can i get a refund", "give me my money back", "please refund me", "i want to cancel it", "please cancel my order",
      "i want to speak to someone", "can i talk to a human", "this is unacceptable", "terrible service", "i want to complain", "can i have an invoice", "please change the address"],
    parcels: ["my order never arrived", "my parcel has not arrived", "i never received my order", "i have not received my parcel", "the package was never delivered", "i still haven't got my order",
      "my order is two weeks late", "my delivery is late", "it never came", "nothing has arrived", "where is my parcel", "when will my order arrive", "tracking says delivered but i have nothing",
      "my order is taking too long", "the parcel is lost", "still waiting for my order"],
    joins: ["P, W", "W. P", "W P", "P W", "W because P", "P so W", "P and W"],
  },
  fr: {
    wants: ["je veux un remboursement", "remboursez-moi", "je souhaite être remboursé", "je demande le remboursement", "rendez-moi mon argent", "je veux annuler", "annulez ma commande",
      "je veux parler à quelqu'un", "passez-moi un conseiller", "c'est inadmissible", "service nul", "je veux faire une réclamation", "il me faut la facture", "je voudrais changer l'adresse"],
    parcels: ["ma commande n'est jamais arrivée", "mon colis n'est pas arrivé", "je n'ai jamais reçu ma commande", "je n'ai pas reçu mon colis", "le colis n'a jamais été livré", "toujours rien reçu",
      "colis jamais reçu", "ma commande a deux semaines de retard", "ma livraison est en retard", "où est mon colis", "quand arrive ma commande", "le suivi dit livré mais je n'ai rien",
      "mon colis est perdu", "j'attends toujours ma commande", "commande non reçue"],
    joins: ["P, W", "W. P", "W P", "P W", "W car P", "P donc W", "P et W"],
  },
};

const place = mkdtempSync(join(tmpdir(), "wismo-")), file = join(place, "set.tsv");
console.log("| | | messages | the parcel is lost |\n|---|---|--:|--:|");
for (const [lang, { wants, parcels, joins }] of Object.entries(said))
  for (const form of joins) {
    const rows = wants.flatMap((want) => parcels.map((parcel) => form.replace("W", want).replace("P", parcel)));
    writeFileSync(file, `text\tlabel\tlang\n${rows.map((text) => `${text}\tmixed\t${lang}\n`).join("")}`);
    const { groups } = JSON.parse(execFileSync(process.env.WISMO_BIN ?? "build/release/wismo", ["eval", file, "--json"], { encoding: "utf8" }));
    const { misses } = groups.find((group) => group.lang === lang && !group.channel);
    console.log(`| ${lang} | ${form} | ${rows.length} | ${misses} |`);
  }
rmSync(place, { recursive: true });
