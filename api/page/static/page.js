// Keyboard, clipboard, basket and dialogs. Everything here is an addition: searching and reading work without it.
"use strict";
(() => {
  const root = document.documentElement;
  const body = document.body;
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  root.classList.add("js");

  // -- what is said aloud and shown for a moment --------------------------------------------
  let silence = 0;
  function say(words) {
    const place = one("[data-said]");
    place.textContent = words;
    place.classList.add("shown");
    clearTimeout(silence);
    silence = setTimeout(() => place.classList.remove("shown"), 1800);
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      say(body.dataset.copied);
    } catch {
      say(body.dataset.notCopied);
    }
  }

  // -- the basket: places and notes, in this browser only -----------------------------------
  const BASKET = "basket";
  const EDITING = "basket-editing";
  const TITLE = "basket-title"; // the question that the first quote was found with, or what its form says

  function readBasket() {
    try {
      const kept = JSON.parse(localStorage.getItem(BASKET) || "[]");
      return Array.isArray(kept) ? kept.filter((item) => typeof item.key === "string") : [];
    } catch {
      return [];
    }
  }

  function writeBasket(items) {
    localStorage.setItem(BASKET, JSON.stringify(items));
    showBasket();
  }

  function basketAddress(items) {
    const query = new URLSearchParams();
    for (const item of items) {
      query.append("item", item.key);
      query.append("note", item.note || "");
    }
    const title = localStorage.getItem(TITLE);
    if (title) query.append("title", title);
    return items.length ? `/basket?${query}` : "/basket";
  }

  function showBasket() {
    const items = readBasket();
    const count = one("[data-basket-count]");
    count.textContent = String(items.length);
    count.hidden = items.length === 0;
    one(".basket-link").href = basketAddress(items);
    const keys = new Set(items.map((item) => item.key));
    for (const button of all("[data-save]")) {
      button.setAttribute("role", "button");
      button.setAttribute("aria-pressed", String(keys.has(button.dataset.save)));
    }
  }

  function toggleSaved(key) {
    const items = readBasket();
    const kept = items.filter((item) => item.key !== key);
    const added = kept.length === items.length;
    if (!items.length) localStorage.setItem(TITLE, new URLSearchParams(location.search).get("q") || "");
    writeBasket(added ? [...kept, { key, note: "" }] : kept);
    say(added ? body.dataset.saved : body.dataset.unsaved);
  }

  // The page shows the basket of its address. It becomes this browser's own only when it was its own
  // before (same places), was changed by its own form, or its reader says so.
  function openBasketPage(page) {
    const query = new URLSearchParams(location.search);
    const notes = query.getAll("note");
    const shown = query.getAll("item").map((key, index) => ({ key, note: notes[index] || "" }));
    const own = readBasket();
    if (!shown.length && own.length && sessionStorage.getItem(EDITING) !== "yes") {
      location.replace(basketAddress(own));
      return;
    }
    const same = shown.map((item) => item.key).sort().join() === own.map((item) => item.key).sort().join();
    const keep = () => {
      localStorage.setItem(TITLE, query.get("title") || "");
      writeBasket(shown);
    };
    const mine = same || !own.length || sessionStorage.getItem(EDITING) === "yes";
    sessionStorage.removeItem(EDITING);
    if (mine) keep();
    const foreign = one("[data-basket-foreign]", page);
    foreign.hidden = mine;
    one("[data-basket-keep]", page).addEventListener("click", () => {
      keep();
      foreign.hidden = true;
    });
    const form = one("[data-basket-form]", page);
    form?.addEventListener("submit", () => {
      if (foreign.hidden) sessionStorage.setItem(EDITING, "yes");
    });
  }

  // -- dialogs ------------------------------------------------------------------------------
  async function fragment(address) {
    const answer = await fetch(address, { headers: { "HX-Request": "true" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.text();
  }

  function cite(address) {
    const dialog = one("[data-cite-dialog]");
    htmx.ajax("GET", address, { target: "[data-cite-body]", swap: "innerHTML" }).then(() => {
      if (!dialog.open) dialog.showModal();
      one("[data-copy]", dialog)?.focus();
    });
  }

  async function copyCitation(address) {
    try {
      const page = new DOMParser().parseFromString(await fragment(address), "text/html");
      await copy(one("[data-quoted]", page).dataset.copy);
    } catch {
      say(body.dataset.failed);
    }
  }

  // -- cards: the place the keyboard is at --------------------------------------------------
  let current = null;
  const cards = () => all("[data-card]");

  function move(step) {
    const list = cards();
    if (!list.length) return;
    const at = list.indexOf(current);
    current = list[Math.min(Math.max(at + step, 0), list.length - 1)];
    current.focus();
    current.scrollIntoView({ block: "nearest" });
  }

  function chosen() {
    return document.activeElement?.closest("[data-card]") || (document.contains(current) ? current : null) || cards()[0];
  }

  const within = (selector, act) => {
    const found = chosen() && one(selector, chosen());
    if (found) act(found);
  };

  const keys = {
    "/": () => {
      const field = one("#q") || one("#f-q");
      if (field) {
        field.focus();
        field.select();
      } else location.href = "/search";
    },
    j: () => (one("[data-next]") ? one("[data-next]").click() : move(1)),
    k: () => (one("[data-previous]") ? one("[data-previous]").click() : move(-1)),
    Enter: () => {
      if (document.activeElement?.matches("[data-open]")) location.href = document.activeElement.dataset.open;
    },
    c: () => {
      const link = (chosen() && one("[data-cite]", chosen())) || one("main [data-cite]");
      if (link) cite(link.dataset.cite);
    },
    y: () => within("[data-cite]", (link) => copyCitation(link.dataset.cite)),
    s: () => within("[data-save]", (button) => toggleSaved(button.dataset.save)),
    e: () => within(".why", (details) => (details.open = !details.open)),
    l: () => one("[data-switch-language]").click(),
    "?": () => one("[data-help-dialog]").showModal(),
  };

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "Escape" && typing) typing.blur();
    if (typing || event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]")) return;
    const act = keys[event.key];
    if (!act || (event.key === "Enter" && !event.target.matches("[data-card]"))) return;
    event.preventDefault();
    act();
  });

  document.addEventListener("click", (event) => {
    const target = event.target.closest("a, button");
    if (!target || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const { copy: text, copyLink, copyCitation: source, save, cite: address, help } = target.dataset;
    if (text !== undefined) copy(text);
    else if (copyLink !== undefined) copy(location.origin + copyLink);
    else if (source !== undefined) copyCitation(source);
    else if (save !== undefined) toggleSaved(save);
    else if (address !== undefined) cite(address);
    else if (help !== undefined) one("[data-help-dialog]").showModal();
    else return;
    event.preventDefault();
  });

  // -- adding files: dropped ones become the field's own, so that the form is sent as any other -----------
  function size(bytes) {
    const unit = bytes < 1e6 ? "kilobyte" : "megabyte";
    const shown = { style: "unit", unit, maximumFractionDigits: bytes < 1e7 ? 1 : 0 };
    return new Intl.NumberFormat(root.lang, shown).format(bytes / (unit === "megabyte" ? 1e6 : 1e3));
  }

  function watchAdding(form) {
    const field = one("input[type=file]", form);
    const drop = one("[data-drop]", form);
    const list = one("[data-chosen]", form);
    const problem = one("[data-add-problem]", form);
    const button = one("[type=submit]", form);
    const words = button.textContent;
    const { maxBytes, maxFiles, tooLarge, tooMany } = form.dataset;

    function trouble() {
      const files = [...field.files];
      if (files.length > Number(maxFiles)) return tooMany;
      return files.reduce((sum, file) => sum + file.size, 0) > Number(maxBytes) ? tooLarge : "";
    }

    function show() {
      list.replaceChildren(
        ...[...field.files].map((file) => {
          const line = document.createElement("li");
          const weight = document.createElement("span");
          weight.className = "count";
          weight.textContent = size(file.size);
          line.append(file.name, weight);
          return line;
        }),
      );
      list.hidden = field.files.length === 0;
      problem.textContent = trouble();
      problem.hidden = !problem.textContent;
    }

    field.addEventListener("change", show);
    for (const kind of ["dragenter", "dragover"]) {
      drop.addEventListener(kind, (event) => {
        event.preventDefault();
        drop.classList.add("over");
      });
    }
    drop.addEventListener("dragleave", () => drop.classList.remove("over"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      drop.classList.remove("over");
      if (event.dataTransfer.files.length) field.files = event.dataTransfer.files;
      show();
    });
    form.addEventListener("submit", (event) => {
      if (trouble()) {
        event.preventDefault();
        show();
        return;
      }
      button.disabled = true;
      button.textContent = button.dataset.busy;
    });
    // A browser that goes back shows the page as it was left.
    addEventListener("pageshow", () => {
      button.disabled = false;
      button.textContent = words;
      show();
    });
  }

  // -- after every change of the page -------------------------------------------------------
  function settle() {
    showBasket();
    const facets = one("[data-facets]:not([data-folded])");
    if (!facets) return;
    facets.dataset.folded = "";
    if (matchMedia("(max-width: 56rem)").matches) facets.open = false;
  }

  // A live region that comes with what it tells of is not read out: this one stays, and is told what has changed.
  function tell() {
    const words = one("[data-count]")?.textContent ?? "";
    const told = one("[data-told]");
    if (told.textContent !== words) told.textContent = words;
  }

  for (const change of ["htmx:afterSettle", "results:shown"]) document.addEventListener(change, settle);
  document.addEventListener("htmx:afterSettle", tell);
  for (const failure of ["htmx:responseError", "htmx:sendError", "results:failed"]) {
    document.addEventListener(failure, () => say(body.dataset.failed));
  }
  settle();
  // On a phone the views are one row that scrolls sideways: the one that is open stands in sight.
  const open = one(".masthead nav [aria-current]");
  if (open) open.parentElement.scrollLeft = open.offsetLeft + (open.offsetWidth - open.parentElement.clientWidth) / 2;
  const page = one("[data-basket-page]");
  if (page) openBasketPage(page);
  const sheet = one(".sheet");
  const frame = sheet && one(".place-frame", sheet);
  if (frame) {
    sheet.scrollTop = frame.getBoundingClientRect().top - sheet.getBoundingClientRect().top - sheet.clientHeight / 3;
  }
  const bar = one(".place-bar");
  if (bar) new IntersectionObserver(([head]) => bar.classList.toggle("at-top", head.isIntersecting)).observe(one("h1"));
  const adding = one("[data-add]");
  if (adding) watchAdding(adding);
  if (!location.hash) one("#cited")?.scrollIntoView({ block: "center" });
})();
