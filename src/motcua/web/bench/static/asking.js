// A page that waits for an answer asks for itself again and shows how far it is; when the answer is there it is loaded.
const wait = 1500;

const look = async () => {
  try {
    const answer = await fetch(location.href, { credentials: "same-origin", headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.getElementById("job"), here = document.getElementById("job");
    if (!next || !["waiting", "running", "stopping"].includes(next.dataset.job)) { location.reload(); return; }
    if (next.dataset.job !== here.dataset.job) here.replaceWith(document.importNode(next, true));
    else {
      here.querySelector("progress").value = next.querySelector("progress").value;
      here.querySelector("h2").textContent = next.querySelector("h2").textContent;
    }
  } catch { /* the server is away for a moment */ }
  setTimeout(look, wait);
};

setTimeout(look, wait);
