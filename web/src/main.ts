// The one script of a page: shows its map, at once beside the words, or when asked on a phone.

import { said } from "./words";

const DESK = "(min-width: 62rem)";

async function show(canvas: HTMLElement): Promise<void> {
  const draw = canvas.dataset["network"]
    ? (await import("./network")).drawNetwork
    : (await import("./atlas")).drawAtlas;
  try {
    await draw(canvas);
  } catch (error) {
    console.error(error);
    const note = document.createElement("p");
    note.className = "without";
    note.textContent = said("failed");
    canvas.replaceChildren();
    canvas.after(note);
  }
}

function onDemand(panel: HTMLElement, canvas: HTMLElement): void {
  let shown = false;
  const once = () => {
    if (!shown) void show(canvas);
    shown = true;
  };
  const button = panel.querySelector<HTMLButtonElement>(".map-toggle");
  button?.addEventListener("click", () => {
    const open = panel.classList.toggle("open");
    button.setAttribute("aria-expanded", String(open));
    button.textContent = said(open ? "hide" : "show");
    if (open) once();
  });
  // The link above the words leads to a map that is open.
  document.querySelector(".to-map a")?.addEventListener("click", () => {
    if (!panel.classList.contains("open")) button?.click();
  });
  const desk = matchMedia(DESK);
  if (desk.matches) once();
  desk.addEventListener("change", () => desk.matches && once());
}

document.documentElement.classList.add("scripted");
for (const panel of document.querySelectorAll<HTMLElement>(".map")) {
  const canvas = panel.querySelector<HTMLElement>(".map-canvas");
  if (canvas) onDemand(panel, canvas);
}
