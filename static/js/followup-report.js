// The report of one project. Without this script it still posts; with it, deviations are computed while one types.
import { deviates, readAmount, writeExact, writeMnkr } from "./followup-money.js";
import { guardChanges } from "./followup-leaving.js";
import { startDrafts } from "./project-form-drafts.js";

const form = document.querySelector("[data-report]");
const percent = BigInt(form.dataset.percent);
const limit = BigInt(form.dataset.ore);
const comment = form.querySelector("[data-comment]");

document.documentElement.classList.add("with-script");

function measure() {
  let needed = false;
  for (const row of form.querySelectorAll("[data-money]")) {
    const field = row.querySelector("input");
    const budget = row.dataset.budget === undefined ? null : BigInt(row.dataset.budget);
    const forecast = readAmount(field.value);
    const known = budget !== null && typeof forecast === "bigint";
    const far = "measured" in row.dataset && deviates(budget, forecast, percent, limit);
    row.querySelector("[data-deviation]").textContent = writeMnkr(known ? budget - forecast : null);
    row.classList.toggle("is-far", far);
    needed ||= far;
    const exact = typeof forecast === "bigint" ? writeExact(forecast) : "";
    const bare = (text) => text.replace(/[\s\u00a0]|mnkr/g, "").replace("-", "\u2212");
    row.querySelector("[data-reading]").textContent = exact && bare(exact) !== bare(field.value) ? `= ${exact} mnkr` : "";
  }
  comment?.classList.toggle("is-needed", needed);
}

form.addEventListener("input", measure);
measure();
guardChanges(form, form.querySelector("[data-save]"));
startDrafts(form);
form.dataset.ready = "ja";
