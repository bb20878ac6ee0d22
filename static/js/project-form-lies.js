// "Ligger i": asked after each change of the shape and shown as tables, or the fault with an offered repair.
import { asker, element, settled } from "./project-form-sending.js";
import { readShape } from "./project-form-shapes.js";

/** Keep the answer beside the map in step with the field. */
export function startLiesIn(form, field, drawing) {
  const box = form.querySelector("[data-lies]");
  const ask = asker(form.dataset.liesAddress, form.elements.csrf_token.value);
  const said = box.querySelector("[data-lies-said]");
  const tables = box.querySelector("[data-lies-tables]");
  const repair = box.querySelector("[data-repair]");
  let repaired = null;

  const update = settled(async () => {
    const geometry = readShape(field.value);
    if (!geometry) {
      show({ tables: [], outer: false, fault: null });
      return;
    }
    said.textContent = said.dataset.waiting;
    try {
      const answer = await ask({ geometry });
      if (answer) show(answer);
    } catch {
      said.textContent = said.dataset.failed;
    }
  }, 150);

  function show(answer) {
    repaired = answer.fault?.repaired ?? null;
    repair.hidden = !repaired;
    box.classList.toggle("is-faulty", Boolean(answer.fault));
    drawing.mark(answer.fault?.point);
    const found = answer.tables ?? [];
    tables.replaceChildren(...found.filter((table) => table.rows.length).map((table) => shown(table, box.dataset)));
    said.textContent = answer.fault ? answer.fault.text : sentence(found, said.dataset);
    field.dataset.state = answer.fault ? "fel" : "ja";
    form.elements.located_outer.value = found.length ? (answer.outer ? "ja" : "nej") : "";
    form.dispatchEvent(new CustomEvent("lies:known", { detail: { tables: found, fault: answer.fault } }));
  }

  repair.addEventListener("click", (event) => {
    event.preventDefault();
    if (repaired) drawing.put(repaired);
    said.focus();
  });
  field.addEventListener("shape:changed", update);
  update();
}

function sentence(tables, words) {
  const rows = tables[0]?.rows ?? [];
  if (!rows.length) return words.empty;
  return `${words.lead} ${rows.map((row) => `${row.name} ${row.share_text}`).join(", ")}.`;
}

function shown(table, words) {
  const head = element(
    "tr",
    {},
    element("th", { scope: "col" }, words.area),
    element("th", { scope: "col", class: "num" }, words.share),
    element("th", { scope: "col", class: "num" }, words.amount),
  );
  const rows = table.rows.map((row) => {
    const name = element("th", { scope: "row" }, row.name);
    if (row.outer_city) name.append(" ", element("span", { class: "badge-plain badge-outer" }, words.outer));
    const share = element("td", { class: "num" }, row.share_text);
    return element("tr", {}, name, share, element("td", { class: "num" }, row.amount));
  });
  const caption = table.schematic ? `${table.title} (${words.schematic})` : table.title;
  const made = element("table", { class: "data" }, element("caption", {}, caption));
  made.append(element("thead", {}, head), element("tbody", {}, ...rows));
  return element("div", { class: "table-wrap" }, made);
}
