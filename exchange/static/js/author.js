// The item editor: what is wrong and what the examples come to, while one types. Without it the
// button does the same.
"use strict";

(() => {
  const form = document.querySelector("form[data-check]");
  const shown = document.getElementById("item-check");
  if (!form || !shown) return;

  const PAUSE = 500;
  let waiting = 0;
  let asked = null;

  // One question at a time: what is typed meanwhile replaces it.
  async function check() {
    if (asked) asked.abort();
    const asking = new AbortController();
    asked = asking;
    shown.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.dataset.check, {
        method: "POST",
        body: new FormData(form),
        headers: { "X-Fragment": "1" },
        signal: asking.signal,
      });
      if (!answer.ok) throw new Error(answer.statusText);
      shown.innerHTML = await answer.text();
    } catch (error) {
      if (error.name === "AbortError") return;
      shown.textContent = shown.dataset.failed;
    }
    shown.removeAttribute("aria-busy");
  }

  const soon = (pause) => {
    clearTimeout(waiting);
    waiting = setTimeout(check, pause);
  };

  form.addEventListener("input", () => soon(PAUSE));

  form.addEventListener("click", (event) => {
    if (event.target.closest("[data-check-button]")) {
      event.preventDefault();
      soon(0);
    }
    const listing = event.target.closest("[data-listing]");
    if (listing) {
      event.preventDefault();
      document.getElementById("item-listing").value = listing.value;
      soon(0);
    }
    // A fault leads into its field, to its character.
    const fault = event.target.closest("a[href^='#item-']");
    const field = fault && document.getElementById(fault.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) {
      fold.open = true;
    }
    field.focus();
    const caret = Number(fault.dataset.caret);
    if (fault.dataset.caret) field.setSelectionRange(caret, caret);
  });
})();
