// One click is enough: the button says that it is under way. The server takes a second one for the first.
for (const form of document.querySelectorAll("[data-send-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.hasAttribute("aria-busy")) {
      event.preventDefault();
      return;
    }
    form.setAttribute("aria-busy", "true");
    form.querySelector("button[type=submit]").classList.add("is-busy");
    for (const status of form.querySelectorAll("[data-while-sending]")) status.textContent = status.dataset.whileSending;
  });
}
// Back from the result: the page may come from the browser's memory as it was while sending.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-send-once]")) {
    form.removeAttribute("aria-busy");
    form.querySelector("button[type=submit]")?.classList.remove("is-busy");
    for (const status of form.querySelectorAll("[data-while-sending]")) status.textContent = "";
  }
});
