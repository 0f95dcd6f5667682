// The list while one types: the newest words are asked for at once, one request at a time. First the hits in view; the
// rest of the list, its filters and the answer follow when the typist rests. Without this the form is sent as any other.
"use strict";
(() => {
  const REST = 220; // ms without a letter: a person writes five to eight letters a second
  const form = document.querySelector("#search-form");
  const field = form.elements.q;
  const results = document.querySelector("#results");
  const one = (selector, within = results) => within.querySelector(selector);
  const words = () => field.value.trim();
  const site = document.title.split(" · ").at(-1);
  let asked = one("[data-asked]")?.dataset.asked || "";
  let busy = false;
  let entered = false; // by Enter or the button: the keys mean the results then, no longer the field
  let restsAt = 0;
  let resting = 0;

  function address(path) {
    const query = new URLSearchParams(new FormData(form));
    query.set("q", words());
    return `${path}?${query}`;
  }

  // The part of the page that this address gives, not yet on the page. Nothing in it runs.
  async function part(path) {
    const answer = await fetch(address(path), { headers: { "HX-Request": "true" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const made = document.createElement("template");
    made.innerHTML = await answer.text();
    return made.content;
  }

  function shown() {
    document.dispatchEvent(new Event("results:shown"));
    if (entered) land();
  }

  function land() {
    const findings = one("[data-findings]");
    entered = !findings;
    findings?.focus({ preventScroll: true });
  }

  // Puts the first hits on the page. The filters stay as they are until the rest comes.
  function show(made, said, url) {
    const findings = one("[data-findings]", made);
    const old = one("[data-findings]");
    if (old?.contains(document.activeElement)) entered = true; // it goes with the old list
    if (findings && old) {
      one("[data-results-title]").textContent = one("[data-results-title]", made).textContent;
      one("[data-facets]").setAttribute("aria-busy", "true");
      old.replaceWith(findings);
      one("[data-asked]").dataset.asked = said;
    } else results.replaceChildren(made);
    history.replaceState(history.state, "", url);
    if (said) document.title = `${said} · ${site}`;
    shown();
  }

  // Puts the rest beside and below the hits that are there already, which may have the focus.
  function complete(made) {
    const facets = one("[data-facets]", made);
    const old = one("[data-facets]");
    facets.open = old.open;
    facets.dataset.folded = old.dataset.folded;
    old.replaceWith(facets);
    const list = one("[data-hits]");
    list.append(...[...one("[data-hits]", made).children].slice(list.children.length));
    const paging = one("[data-paging]", made);
    if (paging && !one("[data-paging]")) one("[data-findings]").append(paging);
    document.querySelector("[data-told]").textContent = one("[data-count]")?.textContent || "";
    shown();
  }

  function failed() {
    document.dispatchEvent(new Event("results:failed"));
  }

  async function rest() {
    const said = asked;
    const still = () => said === words() && said === asked && !busy && one("[data-answer]");
    try {
      if (!still()) return;
      const list = await part("/search");
      if (!still()) return;
      complete(list);
      const answer = await part("/answer");
      if (!still()) return;
      one("[data-answer]").replaceWith(answer);
      shown();
    } catch {
      failed();
    }
  }

  function waitForRest() {
    clearTimeout(resting);
    resting = setTimeout(rest, Math.max(0, restsAt - performance.now()));
  }

  async function ask(pause) {
    restsAt = performance.now() + pause;
    if (busy) return; // the running request looks for newer words when it is back
    if (words() === asked) return waitForRest();
    const said = words();
    const url = address("/search");
    asked = said;
    busy = true;
    try {
      const made = await part("/hits");
      busy = false;
      if (words() !== said) ask(REST); // newer words set out before the older list is built
      show(made, said, url);
      if (words() === said) waitForRest();
    } catch {
      busy = false;
      asked = null; // the same words may be tried again
      failed();
    }
  }

  field.addEventListener("input", () => {
    entered = false;
    ask(REST);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    entered = words() !== "";
    const stands = words() === asked && !busy;
    ask(0);
    if (entered && stands) land();
  });
  if (words() !== asked) ask(REST); // typed before this was loaded
  // Filters that are clicked before they are up to date mean the words that stand in the field now.
  results.addEventListener("click", (event) => {
    const link = event.target.closest("[data-facets] a");
    if (!link) return;
    const url = new URL(link.href);
    if (words()) url.searchParams.set("q", words());
    link.href = url.href;
  });
})();
