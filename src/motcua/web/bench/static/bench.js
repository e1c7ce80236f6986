// The bench, live: a change of a fact asks the server for the same page and shows its answer. Without script the
// button does the same.
const form = document.querySelector("form[data-bench]");
const wait = 150;

if (form) {
  let asked = 0, timer = 0;

  const address = () => {
    const fields = [...new FormData(form)].filter(([, value]) => value !== "");
    return `${form.action}?${new URLSearchParams(fields)}`;
  };

  const refresh = async (explicit) => {
    const number = ++asked;
    try {
      const answer = await fetch(address(), { credentials: "same-origin", headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (number !== asked) return;
      if (!page.getElementById("result")) { location.assign(address()); return; }
      show(page);
      history.replaceState(null, "", answer.url);
      const summary = document.querySelector(".error-summary");
      if (explicit && summary) summary.focus();
    } catch { if (explicit) form.submit(); }
  };

  const show = (page) => {
    const before = document.getElementById("outcome")?.textContent;
    const open = new Set([...document.querySelectorAll("#result details[open]")].map(nameOf));
    const scrolled = document.getElementById("result").scrollTop;
    const unfolded = [...document.querySelectorAll("details[open][id]")].map((details) => details.id);
    for (const next of page.querySelectorAll("[data-live]")) {
      document.getElementById(next.id)?.replaceWith(document.importNode(next, true));
    }
    for (const id of unfolded) { const details = document.getElementById(id); if (details) details.open = true; }
    // the switch of languages keeps the address of the page
    const languages = page.querySelector(".site-languages");
    if (languages) document.querySelector(".site-languages")?.replaceWith(document.importNode(languages, true));
    for (const details of document.querySelectorAll("#result details")) details.open = open.has(nameOf(details));
    document.getElementById("result").scrollTop = scrolled;
    for (const next of page.querySelectorAll("[data-fact]")) row(next);
    const after = document.getElementById("outcome")?.textContent ?? "";
    if (after !== before) document.getElementById("announced").textContent = after;
    ready();
  };

  // a row one is typing in keeps its field, and shows only what is said of it
  const row = (next) => {
    const old = document.getElementById(next.id);
    if (!old || old.outerHTML === next.outerHTML) return;
    const fresh = document.importNode(next, true);
    const hidden = old.hidden;
    if (!old.contains(document.activeElement)) old.replaceWith(fresh);
    else {
      old.className = fresh.className;
      old.querySelector(".fact-notes").replaceWith(fresh.querySelector(".fact-notes"));
      old.querySelector("legend, .plain > label").replaceWith(fresh.querySelector("legend, .plain > label"));
      const [mine, theirs] = [old, next].map((each) => each.querySelector("fieldset, .form-control, .form-select"));
      for (const name of ["aria-describedby", "aria-invalid"]) {
        if (theirs.hasAttribute(name)) mine.setAttribute(name, theirs.getAttribute(name)); else mine.removeAttribute(name);
      }
    }
    document.getElementById(next.id).hidden = hidden;
  };

  const nameOf = (details) => details.querySelector("summary").textContent;

  form.addEventListener("change", (event) => {
    if (event.target.id === "find") return;
    asked++;
    clearTimeout(timer);
    timer = setTimeout(refresh, wait, false);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    refresh(true);
  });

  // finding a fact by its words, with or without marks
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();
  const find = document.getElementById("find");
  find.closest("[hidden]").hidden = false;
  find.addEventListener("input", () => {
    const words = fold(find.value).split(/\s+/).filter(Boolean);
    for (const each of form.querySelectorAll("[data-fact]")) {
      const text = fold(`${each.textContent} ${each.dataset.fact}`);
      each.hidden = !words.every((word) => text.includes(word));
    }
    for (const section of form.querySelectorAll(".section")) section.hidden = !section.querySelector("[data-fact]:not([hidden])");
  });
  find.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });

  // a link to a fact leads into its field
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#fact-"]');
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    if (find.value) { find.value = ""; find.dispatchEvent(new Event("input")); }
    field.closest("details").open = true;
    const input = field.matches("fieldset") ? field.querySelector("input:checked, input") : field;
    input.focus({ preventScroll: true });
    field.closest("[data-fact]").scrollIntoView({ block: "center" });
  });
}

// copying the sentence for the applicant
const ready = () => {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = !navigator.clipboard;
    button.onclick = async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).innerText);
      button.textContent = button.dataset.copied;
    };
  }
};
ready();
