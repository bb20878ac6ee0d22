// Pasted coordinates: recognised on the server; what can be read in two ways is asked about here.
import { asker, element } from "./project-form-sending.js";

/** Wire the box for pasted coordinates to the drawing. */
export function startPasting(form, drawing) {
  const box = form.querySelector("[data-paste]");
  const { pasted, pasted_srid: srid, pasted_order: order, pasted_shape: shape } = form.elements;
  const answerBox = box.querySelector("[data-paste-answer]");
  const beside = box.querySelector("[data-paste-beside]");
  const ask = asker(form.dataset.coordinatesAddress, form.elements.csrf_token.value);

  async function read(chosen = {}) {
    const sent = { text: pasted.value, srid: Number(srid.value) || null, order: order.value, shape: shape.value };
    try {
      const answer = await ask({ ...sent, ...chosen });
      if (answer) take(answer);
    } catch {
      say("error", answerBox.dataset.failed);
    }
  }

  function take(answer) {
    if (answer.status === "ok") {
      drawing.put(answer.geometry, { beside: beside.checked });
      pasted.value = "";
      say("ok", answer.text);
      pasted.dispatchEvent(new Event("input", { bubbles: true }));
    } else if (answer.status === "ask") {
      question(answer);
    } else {
      say("error", answer.text);
    }
  }

  function say(kind, text) {
    answerBox.className = `paste-answer is-${kind}`;
    answerBox.replaceChildren(element("p", {}, text));
  }

  function question(answer) {
    say("ask", answer.text);
    const shapes = answer.needs_shape && answer.readings.length === 1 && !shape.value ? [...shape.options].filter((one) => one.value) : [null];
    const buttons = answer.readings.flatMap((reading) =>
      shapes.map((one) => {
        const words = one?.text ?? reading.label;
        const button = element("button", { type: "button", class: "btn btn-sm btn-outline-primary" }, words);
        button.addEventListener("click", () => {
          read({ srid: reading.srid, order: reading.order, shape: one?.value ?? shape.value });
          pasted.focus();
        });
        return button;
      }),
    );
    answerBox.append(element("div", { class: "paste-choices" }, ...buttons));
    buttons[0]?.focus();
  }

  box.querySelector("[data-paste-read]").addEventListener("click", () => read());
  form.addEventListener("shape:changed", () => {
    box.querySelector("[data-paste-beside-box]").hidden = !form.elements.geometry.value;
  });
}
