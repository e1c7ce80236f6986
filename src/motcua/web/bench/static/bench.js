// The bench, live: a change of a fact asks the server for the same page and shows its answer. Without script the
// button does the same.
const form = document.querySelector("form[data-bench]");
if (form) {
  let asked = 0, timer = 0;
  const refresh = async () => {
    const number = ++asked;
    const fields = [...new FormData(form)].filter(([, value]) => value !== "");
    const address = `${form.action}?${new URLSearchParams(fields)}`;
    try {
      const answer = await fetch(address, { credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const result = page.getElementById("result");
      if (number !== asked || !result) return;
      document.getElementById("result").replaceWith(result);
      for (const state of page.querySelectorAll("[data-state-of]")) {
        const shown = document.querySelector(`[data-state-of="${CSS.escape(state.dataset.stateOf)}"]`);
        if (shown) shown.replaceWith(state);
      }
      if (answer.ok) history.replaceState(null, "", answer.url);
    } catch { /* the button still works */ }
  };
  form.addEventListener("change", () => { clearTimeout(timer); timer = setTimeout(refresh, 150); });
}
