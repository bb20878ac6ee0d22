// The table beside the map: rows and signs light each other, a button opens the popup.

/** Bind a table (whose rows come and go inside `holder`) to the layer of projects. */
export function bindTwin(holder, projects, locate) {
  const codeOf = (event) => event.target.closest?.("tr[data-code]")?.dataset.code ?? null;
  const light = (code) => {
    mark(holder, code);
    projects.light(code);
  };
  holder.addEventListener("mouseover", (event) => light(codeOf(event)));
  holder.addEventListener("mouseleave", () => light(null));
  holder.addEventListener("focusin", (event) => light(codeOf(event)));
  holder.addEventListener("focusout", (event) => {
    if (!holder.contains(event.relatedTarget)) light(null);
  });
  holder.addEventListener("click", (event) => {
    const button = event.target.closest("[data-locate]");
    const row = event.target.closest("tr[data-code]");
    if (button) locate(row, button);
    else if (row?.dataset.place && !event.target.closest("a, button")) locate(row, null);
  });
  projects.on("light", ({ code }) => mark(holder, code));
  projects.on("open", ({ code }) => {
    // Below the map, on a phone, the list would scroll the map away.
    if (getComputedStyle(holder.parentElement).overflowY === "visible") return;
    for (const row of holder.querySelectorAll("tr[data-code]")) {
      if (row.dataset.code === code) row.scrollIntoView({ block: "nearest" });
    }
  });
}

function mark(holder, code) {
  for (const row of holder.querySelectorAll("tr[data-code]")) {
    row.classList.toggle("is-lit", row.dataset.code === code);
  }
}

/** Hide the rows of kinds that are hidden on the map. */
export function hideRows(holder, hidden) {
  for (const row of holder.querySelectorAll("tr[data-code]")) {
    row.hidden = hidden.includes(row.dataset.kind);
  }
}
