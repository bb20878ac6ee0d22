// The texts of the page, written by the server in the reader's language.
const holder = document.querySelector("[data-words]");

export const words = holder ? JSON.parse(holder.dataset.words) : {};

/** The text with its {places} filled in. */
export function say(name, values = {}) {
  return (words[name] ?? "").replace(/\{(\w+)\}/g, (_all, key) => values[key] ?? "");
}
