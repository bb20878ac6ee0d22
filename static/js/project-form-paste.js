// Pasted coordinates: recognised on the server; what can be read in two ways is asked about here. Whether they
// replace what is drawn or are added to it is chosen by the button that reads them.
import { asker, element } from "./project-form-sending.js";

/** Show the two buttons where something is drawn and the one where nothing is; tell `use` which was pressed. */
export function replaceOrAdd(form, box, use) {
  const show = () => {
    const drawn = Boolean(form.elements.geometry.value);
    box.querySelector("[data-when-drawn]").hidden = !drawn;
    box.querySelector("[data-when-empty]").hidden = drawn;
  };
  for (const button of box.querySelectorAll("[data-use]")) {
    button.addEventListener("click", () => use({ beside: button.dataset.use === "add" }));
  }
  form.addEventListener("shape:changed", show);
  show();
}

/** Wire the box for pasted coordinates to the drawing. */
export function startPasting(form, drawing) {
  const box = form.querySelector("[data-paste]");
  const { pasted, pasted_srid: srid, pasted_order: order, pasted_shape: shape } = form.elements;
  const answerBox = box.querySelector("[data-paste-answer]");
  const ask = asker(form.dataset.coordinatesAddress, form.elements.csrf_token.value);

  async function read(place, chosen = {}) {
    const sent = { text: pasted.value, srid: Number(srid.value) || null, order: order.value, shape: shape.value };
    try {
      const answer = await ask({ ...sent, ...chosen });
      if (answer) take(answer, place);
    } catch {
      say("error", answerBox.dataset.failed);
    }
  }

  function take(answer, place) {
    if (place.again && answer.status !== "ask") return;
    if (answer.status === "ok") {
      drawing.put(answer.geometry, place);
      pasted.value = "";
      say("ok", answer.text);
      pasted.dispatchEvent(new Event("input", { bubbles: true }));
    } else if (answer.status === "ask") {
      question(answer, place);
    } else {
      say("error", answer.text);
    }
  }

  function say(kind, text) {
    answerBox.className = `paste-answer is-${kind}`;
    answerBox.replaceChildren(element("p", {}, text));
  }

  function question(answer, place) {
    say("ask", answer.text);
    const shapes = answer.needs_shape && answer.readings.length === 1 && !shape.value ? [...shape.options].filter((one) => one.value) : [null];
    const buttons = answer.readings.flatMap((reading) =>
      shapes.map((one) => {
        const words = one?.text ?? reading.label;
        const button = element("button", { type: "button", class: "btn btn-sm btn-outline-primary" }, words);
        button.addEventListener("click", () => {
          read({ ...place, again: false }, { srid: reading.srid, order: reading.order, shape: one?.value ?? shape.value });
          pasted.focus();
        });
        return button;
      }),
    );
    answerBox.append(element("div", { class: "paste-choices" }, ...buttons));
    if (!place.again) buttons[0]?.focus();
  }

  replaceOrAdd(form, box, (place) => read(place));
  pasted.addEventListener("input", () => {
    box.querySelector(`[data-fault="${pasted.id}"]`).textContent = "";
    pasted.classList.remove("is-invalid");
    pasted.removeAttribute("aria-invalid");
  });
  // A refused save comes back with the numbers in the box: the question is put again, and takes no focus.
  if (form.dataset.refused && pasted.value.trim() && !form.elements.geometry.value) read({ again: true });
}
