// A box of the picture under the pointer or the focus: what leads to it and where it leads stays clear, the rest fades.
const picture = document.querySelector("svg.picture");

if (picture) {
  const lines = [...picture.querySelectorAll("[data-from]")];
  const boxes = [...picture.querySelectorAll("[data-node]")];

  const reach = (start, from, to) => {
    const found = new Set([start]), next = [start];
    while (next.length) {
      const here = next.pop();
      for (const line of lines) {
        if (line.dataset[from] === here && !found.has(line.dataset[to])) {
          found.add(line.dataset[to]);
          next.push(line.dataset[to]);
        }
      }
    }
    return found;
  };

  const show = (box) => {
    const before = box && reach(box.dataset.node, "to", "from");
    const after = box && reach(box.dataset.node, "from", "to");
    const isOn = (name) => !box || before.has(name) || after.has(name);
    for (const each of boxes) each.classList.toggle("faded", !isOn(each.dataset.node));
    for (const line of lines) {
      const on = !box || (before.has(line.dataset.from) && before.has(line.dataset.to)) || (after.has(line.dataset.from) && after.has(line.dataset.to));
      line.classList.toggle("faded", !on);
    }
  };

  const boxOf = (event) => event.target.closest("[data-node]");
  picture.addEventListener("pointerover", (event) => show(boxOf(event)));
  picture.addEventListener("pointerleave", () => show(null));
  picture.addEventListener("focusin", (event) => show(boxOf(event)));
  picture.addEventListener("focusout", () => show(null));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") show(null); });
}
