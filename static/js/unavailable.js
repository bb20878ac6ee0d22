// The page that is met while the database is away: it asks now and then, and goes on by itself.

const page = document.querySelector("[data-unavailable]");
const form = page.querySelector("form");
// Not everybody at once when the database comes back.
const pause = 1000 * Number(page.dataset.seconds) * (0.5 + Math.random() / 2);
let leaving = false;

form?.addEventListener("submit", () => {
  leaving = true;
});
addEventListener("beforeunload", (event) => {
  if (form && !leaving) event.preventDefault(); // what was typed stands on this page only
});

async function ask() {
  try {
    if ((await fetch(page.dataset.ready, { cache: "no-store" })).ok) return goOn();
  } catch {
    // Not even the server answers.
  }
  setTimeout(ask, pause);
}

function goOn() {
  if (page.dataset.unavailable === "reload") location.reload();
  else if (form) page.querySelector("[data-back]").hidden = false;
}

setTimeout(ask, pause);
