// The grid of reports: moves between cells as a spreadsheet does, computes while one types, and asks before one leaves.
import { cellRows, enter, placeOf } from "./followup-cells.js";
import { guardChanges } from "./followup-leaving.js";
import { deviates, readAmount, writeMnkr } from "./followup-money.js";
import { startPasting } from "./followup-paste.js";
import { startDrafts } from "./project-form-drafts.js";

const grid = document.querySelector("[data-grid]");
const rows = cellRows(grid);
const percent = BigInt(grid.dataset.percent);
const limit = BigInt(grid.dataset.ore);
const atFocus = new WeakMap();
let opened = null; // a list that is open takes the arrows itself

document.documentElement.classList.add("with-script");
startMoving();
startChoosing();
startPasting(grid, rows, grid.querySelector("[data-said]"));
grid.addEventListener("input", (event) => measure(event.target.closest("[data-row]")));
for (const row of grid.querySelectorAll("[data-row]")) measure(row);
guardChanges(grid, grid.querySelector("[data-save]"));
startDrafts(grid);
grid.dataset.ready = "ja";

function startMoving() {
  grid.addEventListener("focusin", (event) => "cell" in event.target.dataset && atFocus.set(event.target, event.target.value));
  grid.addEventListener("mousedown", (event) => (opened = event.target.tagName === "SELECT" ? event.target : null));
  grid.addEventListener("change", () => (opened = null));
  grid.addEventListener("focusout", () => (opened = null));
  grid.addEventListener("keydown", (event) => {
    const cell = event.target;
    const place = placeOf(rows, cell);
    if (!place || event.isComposing || event.ctrlKey || event.metaKey) return;
    if (cell.tagName === "SELECT" && (event.key === " " || (event.altKey && event.key.startsWith("Arrow")))) opened = cell;
    if (event.altKey || opened === cell) return;
    if (event.key === "Escape") return takeBack(event, cell);
    const step = stepOf(event, cell);
    if (!step) return;
    event.preventDefault();
    move(place, step);
  });
}

/** [down, right] that a key means in a cell; null when the cell keeps the key. */
function stepOf(event, cell) {
  const list = cell.tagName === "SELECT";
  if (event.key === "Enter") return [event.shiftKey ? -1 : 1, 0];
  if (event.shiftKey) return null;
  if (event.key === "ArrowDown") return [1, 0];
  if (event.key === "ArrowUp") return [-1, 0];
  const all = !list && cell.selectionStart === 0 && cell.selectionEnd === cell.value.length;
  if (event.key === "ArrowLeft" && (list || all || cell.selectionEnd === 0)) return [0, -1];
  if (event.key === "ArrowRight" && (list || all || cell.selectionStart === cell.value.length)) return [0, 1];
  return null;
}

/** Go that way past cells that are not there; at the edge one stays. */
function move([row, column], [down, right]) {
  let [to, over] = [row + down, column + right];
  while (rows[to] && over >= 0 && over < rows[to].length) {
    const cell = rows[to][over];
    if (cell && !cell.disabled) return enter(cell);
    [to, over] = [to + down, over + right];
  }
}

/** Esc: first what stood when one came to the cell, then what stands in the register. */
function takeBack(event, cell) {
  const stored = cell.tagName === "SELECT" ? ([...cell.options].find((one) => one.defaultSelected) ?? cell.options[0]).value : cell.defaultValue;
  const came = atFocus.get(cell) ?? stored;
  const value = cell.value === came ? stored : came;
  if (value === cell.value) return;
  event.preventDefault();
  cell.value = value;
  cell.dispatchEvent(new Event("input", { bubbles: true }));
  if (cell.select) cell.select();
}

function startChoosing() {
  const all = grid.querySelector("[data-all]");
  const picks = [...grid.querySelectorAll("[data-pick]")];
  if (!all) return;
  all.disabled = !picks.length;
  all.addEventListener("change", () => picks.forEach((one) => (one.checked = all.checked)));
  grid.addEventListener("change", () => (all.checked = picks.length > 0 && picks.every((one) => one.checked)));
}

/** Deviation and whether a comment is needed, for a row as it stands in the fields. */
function measure(row) {
  if (!row) return;
  let needed = false;
  for (const name of ["outlay", "income"]) {
    const cell = row.querySelector(`[data-cell="${name}"]`);
    const written = row.dataset[`${name}Budget`];
    const budget = written === undefined ? null : BigInt(written);
    const forecast = cell ? readAmount(cell.value) : null;
    needed ||= deviates(budget, forecast, percent, limit);
    if (name === "outlay" && cell) {
      const known = budget !== null && typeof forecast === "bigint";
      row.querySelector("[data-deviation]").textContent = writeMnkr(known ? budget - forecast : null);
    }
  }
  row.classList.toggle("is-far", needed);
  const cells = [...row.querySelectorAll("[data-cell]")];
  row.classList.toggle("is-changed", cells.some((cell) => (cell.tagName === "SELECT" ? ![...cell.options].find((one) => one.value === cell.value)?.defaultSelected && cell.value !== "" : cell.value !== cell.defaultValue)));
  const comment = row.querySelector('[data-cell="comment"]');
  comment?.toggleAttribute("data-needed", needed && !comment.value.trim());
}
