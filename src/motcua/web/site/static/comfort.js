// Comfort for those who have scripts; every page works the same without.
document.documentElement.classList.add("scripted");

const summary = document.querySelector("[data-focus]");
if (summary) summary.focus();

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A second click must not send a form twice; coming back by the browser's button makes it usable again.
for (const form of document.querySelectorAll("form[method=post]")) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  window.addEventListener("pageshow", () => { sent = false; });
}

// Live questions: the server evaluates, this only shows. Nothing is stored, no focus is moved.
const form = document.querySelector("form[data-recalc]");
if (form) {
  const shown = () => new Set([...form.querySelectorAll("[data-question]")]
    .filter((field) => !field.closest("[hidden]")).map((field) => field.dataset.question));
  const known = new Map();
  let asked = 0, applied = 0, timer = 0;

  const ask = async () => {
    const number = ++asked;
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    try {
      const answer = await fetch(form.dataset.recalc, { method: "POST", body, credentials: "same-origin" });
      if (!answer.ok || number < applied) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (number < applied || number < asked) return;
      applied = number;
      apply(page, body);
    } catch { /* the button "Update the questions" does the same */ }
  };

  const apply = (page, body) => {
    const before = shown();
    for (const next of page.querySelectorAll("[data-rows]")) {
      const rows = document.getElementById(next.id);
      if (rows && rows.dataset.rows !== next.dataset.rows && !rows.contains(document.activeElement) && !answeredSince(rows, body)) rows.replaceWith(document.importNode(next, true));
      else if (rows) rows.hidden = next.hidden;
    }
    for (const next of page.querySelectorAll("[data-group]")) {
      const group = document.getElementById(next.id);
      if (group) group.hidden = next.hidden;
    }
    for (const next of page.querySelectorAll("[data-question]")) replace(next, body);
    const documents = document.getElementById("needed-documents");
    const needed = page.getElementById("needed-documents");
    if (documents && needed) documents.replaceWith(document.importNode(needed, true));
    announce(before);
  };

  // An answer given while the server was still thinking about the one before it stays.
  const answeredSince = (field, body) => {
    const now = new FormData(form);
    const given = (data, name) => JSON.stringify(data.getAll(name).filter((value) => typeof value === "string"));
    return [...field.querySelectorAll("[name]")].some(({ name }) => given(now, name) !== given(body, name));
  };

  const replace = (next, body) => {
    const field = document.getElementById(next.id);
    const html = next.outerHTML;
    if (!field || known.get(next.id) === html) return;
    const answered = answeredSince(field, body);
    if (!answered) known.set(next.id, html);
    if (answered || field.contains(document.activeElement) || field.querySelector("input[type=file]") || field.querySelector(".field-error")) {
      field.hidden = next.hidden;
      for (const input of field.querySelectorAll("input, select, textarea, button")) input.disabled = next.hidden;
    } else field.replaceWith(document.importNode(next, true));
  };

  const announce = (before) => {
    const count = [...shown()].filter((name) => !before.has(name)).length;
    if (count) document.getElementById("announcement").textContent = form.dataset.appeared + count;
  };

  form.addEventListener("change", () => { clearTimeout(timer); timer = setTimeout(ask, 60); });
  // what the page shows now is what later answers are compared with
  for (const field of form.querySelectorAll("[data-question]")) known.set(field.id, "");
}
