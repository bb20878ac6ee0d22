// The share menu: its addresses follow what the map shows, and each can be copied, with the clipboard or by hand.
import { writeView } from "./map-address.js";
import { bindPrint } from "./map-print.js";

export function bindShare(page) {
  const menu = document.querySelector("[data-share]");
  return menu ? new ShareMenu(page, menu) : null;
}

class ShareMenu {
  constructor(page, menu) {
    Object.assign(this, { page, menu, said: menu.querySelector("[data-share-said]") });
    menu.addEventListener("toggle", () => this.update());
    menu.addEventListener("click", (event) => this.copy(event.target.closest("[data-share-copy]")));
    menu.addEventListener("change", (event) => event.target.matches("[data-share-size]") && this.writeCode());
    menu.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    document.addEventListener("pointerdown", (event) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
    page.map.on("moveend", () => this.update());
    // A layer's box tells the map first.
    document.addEventListener("change", () => queueMicrotask(() => this.update()));
    bindPrint(page, () => this.link());
  }

  refreshed() {
    this.update();
  }

  close() {
    this.menu.open = false;
    this.menu.querySelector("summary").focus();
  }

  find(name) {
    return this.menu.querySelector(`[data-share-${name}]`);
  }

  /** What the server wrote for the filter and choices in force. */
  written() {
    return this.menu.querySelector("[data-link]").dataset;
  }

  hash() {
    return writeView(this.page.map, this.page.legend.hidden(), { background: this.page.backgrounds?.name() });
  }

  link() {
    return this.page.map._loaded ? this.written().link + this.hash() : this.written().link;
  }

  update() {
    if (!this.menu.open || !this.page.map._loaded) return;
    const { link, letter, printing } = this.written();
    const whole = link + this.hash();
    this.find("link").value = whole;
    this.find("letter").href = letter.replace(encodeURIComponent(link), encodeURIComponent(whole));
    const sheet = new URL(printing, location.href);
    sheet.searchParams.set("bbox", this.box());
    sheet.searchParams.set("position", this.hash().slice(1));
    this.find("print").href = sheet.pathname + sheet.search;
    for (const button of this.menu.querySelectorAll("[data-share-copy]")) button.hidden = false;
    this.said.textContent = "";
    this.writeCode();
  }

  box() {
    const box = this.page.map.getBounds();
    return [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((one) => one.toFixed(6)).join(",");
  }

  /** The code of the chosen size, with the view as a parameter: other sites do not always keep what follows a #. */
  writeCode() {
    const size = this.find("size");
    if (!size) return;
    const code = new DOMParser().parseFromString(size.value, "text/html").body;
    const frame = code.querySelector("iframe");
    const address = new URL(frame.getAttribute("src"));
    if (this.page.map._loaded) address.searchParams.set("position", this.hash().slice(1));
    frame.setAttribute("src", address.href);
    this.find("code").value = frame.outerHTML;
  }

  async copy(button) {
    if (!button) return;
    const field = document.getElementById(button.dataset.shareCopy);
    field.focus();
    field.select();
    const { copied, marked } = this.said.dataset;
    try {
      await navigator.clipboard.writeText(field.value);
      this.said.textContent = copied;
    } catch {
      this.said.textContent = marked; // no clipboard without https, or not allowed: the reader copies what is marked
    }
  }
}
