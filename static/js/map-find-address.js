// Changing the address without asking for the whole page anew: what stands in it is fetched by whoever changes it.
import { formSearch } from "./map-address.js";

/** The address that the fields say. */
export function fieldSearch(page) {
  return formSearch(page.form);
}

/** Write an address that the page already shows; `push` makes it a step that the back button undoes. */
export function showSearch(page, search, push) {
  const address = location.pathname + search + page.hash();
  if (push) history.pushState(null, "", address);
  else history.replaceState(history.state, "", address);
  page.pageSearch = page.askedSearch = search;
}

/** A part of the page as a document fragment. */
export async function fetchPart(address, signal) {
  const answer = await fetch(address, { signal, headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  return holder.content;
}
