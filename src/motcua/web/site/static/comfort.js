// Comfort for those who have scripts; every page works the same without.
document.documentElement.classList.add("scripted");

const summary = document.querySelector("[data-focus]");
if (summary) summary.focus();

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
