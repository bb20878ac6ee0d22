// Pasting a block from a spreadsheet into the grid, and taking it back.
import { fitted, placeOf, readBlock } from "./followup-cells.js";
import { say } from "./map-words.js";

const SHOWN = 5;

/** The text for one or for many. */
const counted = (name, n) => say(`${name}_${n === 1 ? "one" : "many"}`, { n });

/** Let blocks be pasted from the focused cell on; `said` tells what came of it. */
export function startPasting(grid, rows, said) {
  let before = [];
  let typed = false;

  grid.addEventListener("paste", (event) => {
    const place = placeOf(rows, event.target);
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!place || !/[\t\n]/.test(text.replace(/\r?\n$/, ""))) return;
    event.preventDefault();
    tell(fill(readBlock(text), place));
  });

  grid.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && before.length && !typed) {
      event.preventDefault();
      undo();
    }
  });

  // Typing after a paste makes Ctrl+Z the field's own again; the button still takes the paste back.
  grid.addEventListener("beforeinput", () => (typed = true));

  function fill(block, [top, left]) {
    const result = { filled: 0, unread: [], outside: 0 };
    before = [];
    typed = false;
    for (const [down, texts] of block.entries()) {
      for (const [right, text] of texts.entries()) {
        const cells = rows[top + down];
        const cell = cells?.[left + right];
        if (!cells || cell === undefined) result.outside += 1;
        else write(cell, text, result, cells);
      }
    }
    return result;
  }

  function write(cell, text, result, cells) {
    const value = cell ? fitted(cell, text) : undefined;
    if (value === undefined) {
      const name = (cell ?? cells.find(Boolean))?.closest("[data-row]").dataset.name ?? "";
      result.unread.push(`${name}: ”${text.trim()}”`);
      return;
    }
    before.push([cell, cell.value]);
    cell.value = value;
    cell.dispatchEvent(new Event("input", { bubbles: true }));
    result.filled += 1;
  }

  function undo() {
    const count = before.length;
    for (const [cell, value] of before.reverse()) {
      cell.value = value;
      cell.dispatchEvent(new Event("input", { bubbles: true }));
    }
    before = [];
    said.replaceChildren(counted("undone", count));
  }

  function tell({ filled, unread, outside }) {
    const parts = [counted("filled", filled)];
    if (unread.length) {
      const [more, which] = [unread.length - SHOWN, unread.slice(0, SHOWN).join("; ")];
      parts.push(say(more > 0 ? "unread_more" : "unread", { n: unread.length, which, more }));
    }
    if (outside) parts.push(say("outside", { n: outside }));
    said.replaceChildren(`${parts.join(" ")} `);
    if (!filled) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm btn-outline-secondary";
    button.textContent = say("undo");
    button.addEventListener("click", undo);
    said.append(button);
  }
}
