// The buttons and keys around the drawing.

const PICKING = ["edit", "drag", "remove"];

/** Wire them; the drawing says "drawing:mode" when what they show may have changed. */
export function startTools(drawing) {
  const { frame } = drawing;
  const on = (selector, action) => frame.querySelector(selector).addEventListener("click", action);
  for (const button of frame.querySelectorAll("[data-mode]")) {
    button.addEventListener("click", () => drawing.setMode(button.dataset.mode === drawing.mode ? "" : button.dataset.mode));
  }
  on("[data-undo]", () => drawing.undo());
  on("[data-redo]", () => drawing.redo());
  on("[data-finish]", () => drawing.finish());
  on("[data-centre]", () => centre(drawing));
  on("[data-corner-add]", () => drawing.crosshair.addCorner());
  on("[data-corner-remove]", () => drawing.crosshair.removeCorner());
  on("[data-fit]", () => drawing.frameShape());
  frame.addEventListener("keydown", (event) => key(drawing, event));
  frame.addEventListener("drawing:mode", () => show(drawing));
  fullScreen(drawing);
  show(drawing);
}

/** Do at the crosshair what a click there would do, or pick up and put down. */
function centre(drawing) {
  if (PICKING.includes(drawing.mode)) {
    drawing.crosshair.act(drawing.mode);
    return;
  }
  const latlng = drawing.neighbours.near(drawing.map.getCenter());
  drawing.map.fire("mousemove", { latlng });
  drawing.map.fire("click", { latlng });
}

function key(drawing, event) {
  const command = event.ctrlKey || event.metaKey;
  const pressed = event.key.toLowerCase();
  const onMap = event.target.matches("[data-map]");
  const actions = [
    [event.key === "Escape" && drawing.mode, () => drawing.setMode("")],
    [event.key === "Enter" && onMap && drawing.mode, () => drawing.finish()],
    [event.key === " " && onMap && drawing.mode, () => centre(drawing)],
    [event.key === "Delete" && onMap && drawing.mode === "edit", () => drawing.crosshair.removeCorner()],
    [command && (pressed === "y" || (pressed === "z" && event.shiftKey)), () => drawing.redo()],
    [command && pressed === "z" && !event.shiftKey, () => drawing.undo()],
  ];
  const [, action] = actions.find(([meant]) => meant) ?? [];
  if (!action) return;
  event.preventDefault();
  action();
}

/** Bring the buttons and the line that tells how the chosen tool is used in step with the drawing. */
function show(drawing) {
  const { frame, mode } = drawing;
  for (const button of frame.querySelectorAll("[data-mode]")) button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
  const note = frame.querySelector("[data-note]");
  const chosen = mode && frame.querySelector(`[data-mode="${mode}"]`);
  const large = ["edit", "cut"].includes(mode) && frame.dataset.large;
  const text = large ? note.dataset.large : chosen ? chosen.title : note.dataset.idle;
  if (note.textContent !== text) note.textContent = text;
  const middle = frame.querySelector("[data-centre]");
  const held = frame.dataset.held ? "Drop" : "";
  middle.textContent = middle.dataset[PICKING.includes(mode) ? `${mode}${mode === "remove" ? "" : held}` : "draw"];
  const { back, forward } = drawing.steps;
  frame.querySelector("[data-undo]").disabled = back.length === 0 && !["Line", "Polygon", "hole", "cut"].includes(mode);
  frame.querySelector("[data-redo]").disabled = forward.length === 0;
}

function fullScreen(drawing) {
  const { frame } = drawing;
  const button = frame.querySelector("[data-full-screen]");
  const fit = () => {
    const full = document.fullscreenElement === frame || frame.classList.contains("is-full");
    button.setAttribute("aria-pressed", String(full));
    drawing.map.invalidateSize();
  };
  button.addEventListener("click", async () => {
    if (document.fullscreenElement) await document.exitFullscreen();
    else if (frame.requestFullscreen) await frame.requestFullscreen();
    else frame.classList.toggle("is-full");
    fit();
  });
  frame.addEventListener("fullscreenchange", fit);
}
