// A shape from another project or from a file: shown dashed first, then put in the place of what is drawn or beside it.
import { element, settled } from "./project-form-sending.js";
import { replaceOrAdd } from "./project-form-paste.js";
import { sendFile } from "./project-form-file.js";

/** Wire the section to the drawing. */
export function startCopying(form, drawing) {
  const box = form.querySelector("[data-copy]");
  const words = box.dataset;
  const said = box.querySelector("[data-copy-answer]");
  const offer = box.querySelector("[data-copy-offer]");
  const search = box.querySelector("[data-copy-search]");
  const file = box.querySelector("[data-copy-file]");
  const hits = box.querySelector("[data-copy-hits]");
  const count = box.querySelector("[data-copy-count]");
  let offered = null;

  function say(kind, text, ...more) {
    said.className = `paste-answer is-${kind}`;
    said.replaceChildren(...(text ? [element("p", {}, text)] : []), ...more);
  }

  /** Show a geometry and ask what to do with it. */
  function propose(geometry, text) {
    offered = geometry;
    drawing.preview(geometry);
    say("ok", `${text} ${words.preview}`);
    offer.hidden = false;
    offer.querySelector("[data-use]:not([hidden] *)").focus();
  }

  function end(text = "") {
    offered = null;
    drawing.preview(null);
    offer.hidden = true;
    say("ok", text);
  }

  function choices(text, labelled) {
    drawing.preview(null);
    offer.hidden = true;
    const buttons = labelled.map(([label, action]) => {
      const button = element("button", { type: "button", class: "btn btn-sm btn-outline-primary" }, label);
      button.addEventListener("click", action);
      return button;
    });
    say("ask", text, element("div", { class: "paste-choices" }, ...buttons));
    buttons[0]?.focus();
  }

  async function fetched(address) {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.json();
  }

  const look = settled(async () => {
    const text = search.value.trim();
    if (!text) {
      hits.replaceChildren();
      count.textContent = count.dataset.help;
      return;
    }
    try {
      const found = await fetched(`${words.address}&q=${encodeURIComponent(text)}`);
      if (search.value.trim() !== text) return;
      count.textContent = found.length ? words.found.replace("{n}", found.length) : words.none;
      hits.replaceChildren(...found.map((one) => element("li", {}, hit(one))));
    } catch {
      say("error", words.failed);
    }
  }, 250);

  function hit(one) {
    const button = element("button", { type: "button", class: "btn btn-sm btn-link" }, `${one.name} (${one.code}), ${one.extent}`);
    button.addEventListener("click", async () => {
      try {
        propose(await fetched(one.address), `${one.name}: ${one.extent}.`);
      } catch {
        say("error", words.failed);
      }
    });
    return button;
  }

  async function read(chosen = {}) {
    if (!file.files.length) return;
    if (file.files[0].size > Number(words.most)) {
      say("error", words.large.replace("{n}", Math.floor(Number(words.most) / 1_048_576)));
      return;
    }
    say("ok", words.waiting);
    try {
      const answer = await sendFile(words.fileAddress, form.elements.csrf_token.value, file.files[0], chosen);
      if (answer.status === "ok") propose(answer.geometry, answer.text);
      else if (answer.status === "ask") choices(answer.text, answer.choices.map((one) => [one.label, () => read({ ...chosen, ...one.send })]));
      else say("error", answer.text);
    } catch {
      say("error", words.failed);
    }
  }

  search.addEventListener("input", (event) => {
    event.stopPropagation(); // no field of the project
    look();
  });
  search.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  file.addEventListener("change", () => read());
  offer.querySelector("[data-copy-cancel]").addEventListener("click", () => {
    end();
    search.focus();
  });
  replaceOrAdd(form, offer, (place) => {
    const geometry = offered;
    end(words.used);
    drawing.put(geometry, place);
    file.value = "";
    said.focus();
  });
}
