// The cells of the grid: which stands beside which, and what a text means in a column.
import { readAmount, writeExact } from "./followup-money.js";

/** Rows of cells; a row has null where a person may not see what stands there. */
export function cellRows(grid) {
  const names = ["outlay", "income", "end_forecast", "light", "light_text", "comment"];
  return [...grid.querySelectorAll("[data-row]")].map((row) => names.map((name) => row.querySelector(`[data-cell="${name}"]`)));
}

/** [row, column] of a cell. */
export function placeOf(rows, cell) {
  for (const [row, cells] of rows.entries()) {
    const column = cells.indexOf(cell);
    if (column >= 0) return [row, column];
  }
  return null;
}

/** Focus a cell and choose all that it says, as a spreadsheet does. */
export function enter(cell) {
  cell.focus();
  if (cell.select) cell.select();
}

/** The text as the cell keeps it, or undefined when the column cannot hold it. */
export function fitted(cell, text) {
  const plain = text.replace(/\s+/g, " ").trim();
  if (cell.dataset.cell === "light") return light(plain);
  if (cell.dataset.cell === "end_forecast") return day(plain);
  if (cell.dataset.cell === "outlay" || cell.dataset.cell === "income") {
    const ore = readAmount(plain);
    return typeof ore === "bigint" ? writeExact(ore) : ore === null ? "" : undefined;
  }
  return plain;
}

const LIGHTS = {
  grön: "gron", gron: "gron", g: "gron", green: "gron",
  gul: "gul", yellow: "gul", y: "gul",
  röd: "rod", rod: "rod", r: "rod", red: "rod",
};

function light(text) {
  const word = text.toLowerCase();
  if (word === "" || word === "–") return "";
  return LIGHTS[word.split(/[ –-]/)[0]];
}

/** 2005-12-31 also of 20051231, 2005/12/31 and 31.12.2005. */
function day(text) {
  if (!text) return "";
  const match = /^(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})$/.exec(text);
  const turned = /^(\d{1,2})[./](\d{1,2})[./](\d{4})$/.exec(text);
  const parts = match ? match.slice(1) : turned ? [turned[3], turned[2].padStart(2, "0"), turned[1].padStart(2, "0")] : null;
  if (!parts) return undefined;
  const written = parts.join("-");
  const read = new Date(`${written}T00:00:00Z`);
  return !Number.isNaN(read.valueOf()) && read.toISOString().startsWith(written) ? written : undefined;
}

/** A block of cells as spreadsheets put it on the clipboard: tabs between cells, quotes around line breaks. */
export function readBlock(text) {
  const rows = [[""]];
  let quoted = false;
  const plain = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let at = 0; at < plain.length; at += 1) {
    const sign = plain[at];
    const row = rows.at(-1);
    if (quoted) {
      if (sign === '"' && plain[at + 1] === '"') row[row.length - 1] += plain[(at += 1)];
      else if (sign === '"') quoted = false;
      else row[row.length - 1] += sign;
    } else if (sign === '"' && row.at(-1) === "") quoted = true;
    else if (sign === "\t") row.push("");
    else if (sign === "\n") rows.push([""]);
    else row[row.length - 1] += sign;
  }
  return rows;
}
