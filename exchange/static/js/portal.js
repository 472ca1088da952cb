// What the pages do beyond links and forms. Every page works without it.
"use strict";

(() => {
  const root = document.documentElement;
  root.classList.add("has-script");

  const typing = (target) =>
    target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);

  // The theme: a choice equal to the system's is forgotten, so that the page follows it again.
  const system = () => (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");

  function setTheme(theme) {
    const follows = theme === system();
    if (follows) delete root.dataset.theme;
    else root.dataset.theme = theme;
    const value = follows ? "theme=; max-age=0" : `theme=${theme}; max-age=31536000`;
    document.cookie = `${value}; path=/; samesite=lax`;
  }

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-theme-switch]")) return;
    event.preventDefault();
    setTheme(event.submitter.value);
    event.target.querySelector("button:not([hidden])").blur();
  });

  // Copying says so to screen readers too.
  function say(text) {
    const said = document.getElementById("said");
    said.textContent = "";
    setTimeout(() => (said.textContent = text), 50);
  }

  document.addEventListener("click", async (event) => {
    const copy = event.target.closest("[data-copy]");
    if (copy) {
      await navigator.clipboard.writeText(copy.dataset.copy);
      copy.classList.add("copied");
      setTimeout(() => copy.classList.remove("copied"), 1500);
      say(document.getElementById("said").dataset.copied);
    }
    if (event.target.closest("[data-print]")) print();
    if (event.target.closest("[data-keys]")) document.getElementById("keys").showModal();
    for (const open of document.querySelectorAll("details.menu[open], details.confirm[open]")) {
      if (!open.contains(event.target)) open.open = false;
    }
  });

  // Split bar: the bar and its table tell of each other.
  function tie(event) {
    const split = event.target.closest("[data-split]");
    if (!split) return;
    const line = event.target.closest("[data-line]")?.dataset.line;
    for (const part of split.querySelectorAll("[data-line]")) {
      part.classList.toggle("lit", part.dataset.line === line);
    }
    split.classList.toggle("tied", Boolean(line));
  }
  for (const name of ["mouseover", "mouseout", "focusin", "focusout"]) {
    document.addEventListener(name, tie);
  }

  // Keys: / search, j and k in lists, ? the list of keys; a, r and c on the review desk.
  function step(by) {
    const items = [...document.querySelectorAll("[data-list] [data-item], .pane [data-item]")];
    if (!items.length) return false;
    const here = items.findIndex((item) => item.classList.contains("at"));
    const next = items[Math.min(items.length - 1, Math.max(0, here < 0 ? 0 : here + by))];
    items.forEach((item) => item.classList.toggle("at", item === next));
    const link = next.querySelector("a[href]");
    if (link) link.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    return true;
  }

  const turn = (name) => {
    const link = document.querySelector(`[data-${name}]`);
    if (link) link.click();
    return Boolean(link);
  };
  const verb = (names) => {
    const button = names
      .map((name) => document.querySelector(`.decide [data-verb="${name}"]`))
      .find(Boolean);
    if (button) button.focus();
    return Boolean(button);
  };
  const focus = (selector) => {
    const found = document.querySelector(selector);
    if (found) found.focus();
    return Boolean(found);
  };
  const keys = {
    "/": () => {
      const box = document.getElementById("q") || document.getElementById("search");
      box.focus();
      box.select();
      return true;
    },
    j: () => step(1) || turn("next"),
    k: () => step(-1) || turn("previous"),
    n: () => turn("next"),
    p: () => turn("previous"),
    a: () => verb(["approve", "confirm"]),
    r: () => verb(["refuse", "reject"]),
    c: () => verb(["return"]),
    t: () => focus('.case [data-verb="take"]'),
    h: () => focus(".case select"),
    w: () => focus(".notes textarea"),
    "?": () => {
      document.getElementById("keys").showModal();
      return true;
    },
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      document.querySelectorAll("details.menu[open], details.confirm[open]").forEach((open) => {
        open.open = false;
        open.querySelector("summary").focus();
      });
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (keys[event.key]?.()) event.preventDefault();
  });

  // Narrow screens begin with the facets folded.
  const facets = document.querySelector(".facets-box");
  if (facets && matchMedia("(max-width: 900px)").matches) facets.open = false;

  // A page of several forms saves one at a time: what is typed in another is not left unasked.
  const changed = new Set();
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-keep]");
    if (form) changed.add(form);
  });
  document.addEventListener("submit", (event) => changed.delete(event.target));
  window.addEventListener("beforeunload", (event) => {
    if (changed.size) event.preventDefault();
  });

  // A form with errors begins at their summary.
  document.querySelector(".error-summary")?.focus();
})();
