// What is drawn, in words: for the line that screen readers hear after a change, and for the list of parts.
import { element } from "./project-form-sending.js";
import { corners } from "./project-form-layers.js";

const NUMBER = new Intl.NumberFormat("sv-SE");
const LISTED = 60;

/** The words of the page with numbers put in. `words` comes from the template, in the reader's language. */
export class Words {
  constructor(text) {
    this.words = JSON.parse(text);
  }

  say(name, values = {}) {
    return this.words[name].replace(/\{(\w+)\}/g, (_all, key) => values[key] ?? "");
  }

  count(name, number) {
    return this.say(number === 1 ? name : `${name}s`, { n: NUMBER.format(number) });
  }

  /** "Yta med 5 hörn och 1 hål". */
  part(part) {
    if (part.type === "Point") return this.say("point");
    const name = part.type === "LineString" ? "line" : "area";
    const holes = part.type === "Polygon" ? part.coordinates.length - 1 : 0;
    const said = `${this.say(name)} ${this.count("corner", corners(part))}`;
    return holes ? `${said} ${this.count("hole", holes)}` : said;
  }

  /** "2 delar." or that nothing is drawn. */
  whole(parts) {
    return parts.length ? this.count("part", parts.length) : this.say("nothing");
  }

  /** What a change did: its own word, the new part if there is exactly one, and what there now is. */
  change(name, before, after) {
    const known = new Set(before.map((part) => JSON.stringify(part)));
    const fresh = after.length > 200 ? [] : after.filter((part) => !known.has(JSON.stringify(part)));
    const told = fresh.length === 1 ? this.say("told", { part: this.part(fresh[0]) }) : "";
    return [this.say(name), told, this.whole(after)].filter(Boolean).join(" ");
  }
}

/** Show the parts as a list with their buttons; `actions` are show, remove and removeHole. */
export function listParts(box, parts, words, actions) {
  box.hidden = parts.length === 0;
  box.querySelector("summary").textContent = words.whole(parts);
  const rows = parts.slice(0, LISTED).map((part, index) => row(part, index, words, actions));
  if (parts.length > LISTED) rows.push(element("li", {}, words.say("more", { n: NUMBER.format(parts.length - LISTED) })));
  box.querySelector("ol").replaceChildren(...rows);
}

function row(part, index, words, actions) {
  const name = `${index + 1}. ${words.part(part)}`;
  const button = (word, action) => {
    const made = element("button", { type: "button", class: "btn btn-sm btn-link" }, word);
    made.append(element("span", { class: "visually-hidden" }, ` (${name})`));
    made.addEventListener("click", action);
    return made;
  };
  const holes = part.type === "Polygon" ? part.coordinates.slice(1) : [];
  const buttons = [
    button(words.say("show"), () => actions.show(index)),
    ...holes.slice(0, 20).map((_ring, hole) => button(words.say("removeHole", { n: hole + 1 }), () => actions.removeHole(index, hole + 1))),
    button(words.say("remove"), () => actions.remove(index)),
  ];
  return element("li", {}, element("span", {}, name), ...buttons);
}
