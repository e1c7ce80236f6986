// What is folded away is printed all the same, also by browsers whose style sheets cannot unfold it.
const folded = () => document.querySelectorAll("details.folded:not([open])");

addEventListener("beforeprint", () => folded().forEach((each) => { each.open = true; each.dataset.printed = ""; }));
addEventListener("afterprint", () => document.querySelectorAll("details[data-printed]").forEach((each) => {
  each.open = false;
  delete each.dataset.printed;
}));
