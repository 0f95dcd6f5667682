// How requests go out and come back: again after 429, 503 or a lost connection, where that is harmless.
import type { Job } from "./contract.js";

/** What a request carries beside its address; `once` where a repeat must do nothing twice. */
export interface Parts {
  query?: Record<string, unknown>;
  body?: object | FormData;
  once?: boolean;
  idempotencyKey?: string | undefined;
}

/** How a client is made. */
export interface Settings {
  url?: string;
  key?: string;
  language?: "es" | "en";
  /** Tries of one request. */
  attempts?: number;
  /** Milliseconds for one answer. */
  timeout?: number;
}

/** A problem that the server answered with; `code` is stable, the words are in the client's language. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string | null = null,
    readonly hint: string | null = null,
  ) {
    super([`${status} ${code}: ${title}`, detail, hint].filter(Boolean).join(". "));
  }
}

const AGAIN = [429, 503];
const LONGEST_WAIT = 60;

/** Sends requests; the methods are those of `Client`. */
export class Sender {
  readonly #url: string;
  readonly #headers: Record<string, string>;
  readonly #attempts: number;
  readonly #timeout: number;

  constructor({ url = "http://127.0.0.1:8000", key, language = "en", attempts = 4, timeout = 30_000 }: Settings = {}) {
    this.#url = url.replace(/\/+$/, "");
    this.#headers = { "Accept-Language": language, ...(key ? { Authorization: `Bearer ${key}` } : {}) };
    this.#attempts = attempts;
    this.#timeout = timeout;
  }

  /** Files, with what is known of each by its name; the job that ingests them. */
  addFiles(files: { name: string; data: Blob }[], metadata: Record<string, object> = {}, key?: string): Promise<Job> {
    const form = new FormData();
    for (const { name, data } of files) form.append("file", data, name);
    form.append("metadata", JSON.stringify(metadata));
    return this.record<Job>("POST", "/v1/documents", { body: form, once: true, idempotencyKey: key });
  }

  protected async record<Kind>(method: string, path: string, parts: Parts = {}): Promise<Kind> {
    return (await (await this.#sent(method, path, parts)).json()) as Kind;
  }

  protected async text(method: string, path: string, parts: Parts = {}): Promise<string> {
    return (await this.#sent(method, path, parts)).text();
  }

  protected async bytes(method: string, path: string, parts: Parts = {}): Promise<Uint8Array> {
    return new Uint8Array(await (await this.#sent(method, path, parts)).arrayBuffer());
  }

  protected async nothing(method: string, path: string, parts: Parts = {}): Promise<void> {
    await this.#sent(method, path, parts);
  }

  protected async *events<Kind>(method: string, path: string): AsyncGenerator<Kind> {
    const response = await fetch(this.#url + path, { method, headers: this.#headers });
    if (!response.ok || !response.body) throw await problemOf(response);
    let rest = "";
    for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + part).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line.startsWith("data:")) yield JSON.parse(line.slice(5)) as Kind;
    }
  }

  async #sent(method: string, path: string, { query, body, once, idempotencyKey }: Parts): Promise<Response> {
    const headers: Record<string, string> = { ...this.#headers };
    if (once) headers["Idempotency-Key"] = idempotencyKey ?? crypto.randomUUID();
    const form = body instanceof FormData;
    if (body !== undefined && !form) headers["Content-Type"] = "application/json";
    for (let tried = 1; ; tried += 1) {
      let response: Response | undefined;
      try {
        response = await fetch(this.#url + path + asked(query), {
          method,
          headers,
          ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
          signal: AbortSignal.timeout(this.#timeout),
        });
      } catch (error) {
        if (tried >= this.#attempts) throw error;
      }
      if (response?.ok) return response;
      const said = Number(response?.headers.get("retry-after") ?? Number.NaN);
      const wait = Number.isFinite(said) ? said : 0.5 * 2 ** tried;
      if (response && (tried >= this.#attempts || !AGAIN.includes(response.status) || wait > LONGEST_WAIT)) {
        throw await problemOf(response);
      }
      await new Promise((done) => setTimeout(done, wait * 1000));
    }
  }
}

function asked(query: Record<string, unknown> = {}): string {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null) parts.append(name, String(one));
    }
  }
  return parts.size ? `?${parts}` : "";
}

async function problemOf(response: Response): Promise<Problem> {
  const said: Partial<Problem> = await response.json().catch(() => ({}));
  const { code = "http_error", title = response.statusText, detail = null, hint = null } = said ?? {};
  return new Problem(response.status, code, title, detail, hint);
}
