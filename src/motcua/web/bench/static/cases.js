// Comfort in a grid of cases: arrows and Enter go from row to row, what was copied in a spreadsheet is pasted over
// the cells from the one it is pasted into. Without script the same is typed.
const form = document.querySelector("form[data-grid]");

if (form) {
  const cells = (row) => [...row.querySelectorAll(".form-control, .form-select")];
  const rows = () => [...form.querySelectorAll(".cases tbody tr")];

  const beside = (field, step) => {
    const row = field.closest("tr"), all = rows();
    const next = all[all.indexOf(row) + step];
    return next && cells(next)[cells(row).indexOf(field)];
  };

  form.addEventListener("keydown", (event) => {
    const field = event.target.closest(".cases .form-control, .cases .form-select");
    if (!field || event.altKey || event.ctrlKey || event.metaKey || field.matches("textarea")) return;
    const arrows = field.matches("select") ? {} : { ArrowDown: 1, ArrowUp: -1 };
    const step = event.key === "Enter" ? (event.shiftKey ? -1 : 1) : arrows[event.key];
    const next = step && beside(field, step);
    if (event.key === "Enter" && step) event.preventDefault();
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.select?.();
  });

  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").trim().toLowerCase();
  const put = (field, text) => {
    if (!field) return;
    if (!field.matches("select")) { field.value = text; return; }
    const found = [...field.options].find((option) => [option.value, option.text].some((word) => fold(word) === fold(text)));
    // what none of the words is stays to be seen, and is told when the page is saved
    if (!found) field.add(new Option(text, text));
    field.value = found ? found.value : text;
  };

  form.addEventListener("paste", (event) => {
    const field = event.target.closest(".cases .form-control, .cases .form-select");
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!field || !/[\t\n]/.test(text.trimEnd())) return;
    event.preventDefault();
    const all = rows(), first = all.indexOf(field.closest("tr")), left = cells(field.closest("tr")).indexOf(field);
    text.replace(/\r/g, "").replace(/\n$/, "").split("\n").forEach((line, down) => {
      const row = all[first + down];
      if (row) line.split("\t").forEach((word, right) => put(cells(row)[left + right], word.trim()));
    });
  });
}
