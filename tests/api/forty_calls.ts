// Forty calls and more of the TypeScript client; prints how many were made. Compiled beside the client, run by node.
import { Client, type Document, Problem } from "./index.js";

declare const process: { argv: string[] };

let calls = 0;

/** A client that counts its calls. */
function counted(client: Client): Client {
  return new Proxy(client, {
    get: (target, name) => {
      const found = Reflect.get(target, name) as (...given: unknown[]) => unknown;
      return (...given: unknown[]) => {
        calls += 1;
        return found.apply(target, given);
      };
    },
  });
}

function check(holds: unknown, what: string): void {
  if (!holds) throw new Error(`does not hold: ${what}`);
}

async function refused(call: Promise<unknown>, code: string): Promise<void> {
  try {
    await call;
  } catch (error) {
    check(error instanceof Problem && error.code === code, `refused as ${code}`);
    return;
  }
  throw new Error(`not refused: ${code}`);
}

async function ended(kb: Client, id: string): Promise<void> {
  for await (const job of kb.streamJob(id)) if (job.state === "done") return;
  throw new Error("the job did not end");
}

const [url = "", key = ""] = process.argv.slice(2);
const kb = counted(new Client({ url, key }));
const effort = "d989ec333805a03c5";

const page = await kb.search("esfuerzo del cliente", { limit: 3 });
check(page.language === "es" && page.hits[0]?.rank === 1, "search");
check((await kb.search("customer effort", { language: ["en"] })).hits[0]?.document.id === effort, "filters");
check((await kb.search("churn", { topic: ["metrics"], has_statistic: true })).total >= 0, "topics");
const first = await kb.search("effort", { limit: 1 });
check((await kb.search("effort", { limit: 1, cursor: first.next })).hits[0]?.rank === 2, "cursor");
const answer = await kb.ask("effort and churn", { language: "en", filters: { source: ["en-effort"] } });
check(answer.status === "answered" && answer.citations[0]?.document.id === effort, "ask");
check((await kb.ask("¿Qué es el esfuerzo del cliente?")).language === "es", "ask in Spanish");
check((await kb.listStatistics({ kind: "percent", min: 0.1 })).total > 0, "statistics");
check((await kb.listStatistics({ q: "customers left", limit: 1 })).statistics[0]?.statistic.raw, "by meaning");
check((await kb.listStatistics({ sort: "-value" })).total > 1, "sorted");
const passage = page.hits[0]!.passage;
check((await kb.getPassage(passage.id)).passage.text === passage.text, "passage");
const { documents, total } = await kb.listDocuments();
check(documents.length === total, "documents");
check((await kb.listDocuments({ source_id: documents[0]!.document.source_id })).total === 1, "by source");
check((await kb.listDocuments({ limit: 1 })).next, "a page");
const document: Document = (await kb.getDocument(effort)).document;
check((await kb.getDocumentText(effort)) === document.text, "text");
check((await kb.getDocumentOriginal(effort)).length > 0, "original");
check((await kb.getRecord(effort)).document.id === effort, "record");
check((await kb.listTopics()).length === 5, "the topics");
check((await kb.getProblem("not_found")).status === 404, "problem");
check((await kb.listProblems()).length > 10, "problems");
check((await kb.export({ what: "documents", format: "jsonl" })).length > 0, "export");
check((await kb.export({ what: "statistics", format: "csv" })).length > 0, "csv");
check((await kb.getCoverage()).length > 0, "coverage");
const place = `${passage.id}:${passage.span.start}-${passage.span.end}`;
check((await kb.getBasket({ item: [place], note: ["nota"] }))[0]?.note === "nota", "basket");
check((await kb.checkDraft("El esfuerzo bajó un 12 %.")).figures[0]?.figure.raw === "12 %", "draft");
check((await kb.formatCitations([effort], { style: "bibtex" })).citations[0]?.id === effort, "citations");
check((await kb.verifyAnswer(answer)).ok, "verify");
check((await kb.analyzeText("El 37,5 % se fue.")).statistics[0]?.raw === "37,5 %", "analyze");
check(await kb.checkHealth(), "health");
check(await kb.checkReadiness(), "readiness");
check((await kb.getInfo()).counts["documents"] === total, "info");
check((await kb.getMetrics()).includes("kb_"), "metrics");

const saved = await kb.saveSearch("effort in TypeScript", { text: "customer effort", filters: { language: ["en"] } });
const note = new Blob(["La lealtad pide empatía."]);
const upload = await kb.addFiles([{ name: "nota.txt", data: note }], { "nota.txt": { title: "Nota" } });
await ended(kb, upload.id);
const text = "Customer effort fell when the forms became shorter.";
const job = await kb.addDocuments([{ id: "n1", text }]);
await ended(kb, job.id);
check((await kb.listJobs({ limit: 1 })).jobs[0]?.id === job.id, "jobs");
const added = (await kb.getJob(job.id)).files[0]!.document_id!;
const fresh = await kb.listNewHits(saved.id);
check(fresh.hits[0]?.document.id === added, "new hits");
await kb.markSeen(saved.id, fresh.until);
check((await kb.listSearches()).length === 1, "searches");
const told = await kb.correctRecord(added, { title: "Shorter forms", publisher: null, revision: 0 });
check(told.document.title === "Shorter forms", "a corrected record");
check((await kb.listWebhooks()).length === 0, "webhooks");
await refused(kb.addUrls(["https://www.example.org/"]), "network_off");
await refused(kb.createWebhook("http://127.0.0.1:9/"), "invalid_input");
await kb.deleteSearch(saved.id);
await kb.deleteDocument(added);
await refused(kb.getDocument(added), "not_found");
await refused(kb.getDocument("../jobs"), "not_found");

console.log(JSON.stringify({ Client: calls }));
