// How far the file is that this page waits for. The download itself needs no script.
const box = document.querySelector("[data-export-progress]");
const bar = box?.querySelector("progress");
const said = box?.querySelector("[data-said]");

async function ask() {
  const answer = await fetch(box.dataset.exportProgress, { headers: { Accept: "application/json" }, cache: "no-store" });
  if (answer.status === 404) return false; // not begun yet
  if (!answer.ok) throw new Error(String(answer.status));
  const { done, total } = await answer.json();
  bar.max = total;
  bar.value = done;
  const share = total ? Math.floor((done / total) * 100) : 100;
  bar.textContent = `${share} %`;
  said.textContent = share < 100 ? box.dataset.reading.replace("{share}", share) : box.dataset.sending;
  return share >= 100;
}

async function follow() {
  let failed = 0;
  for (;;) {
    try {
      if (await ask()) return;
      failed = 0;
    } catch {
      failed += 1;
      if (failed > 5) return;
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

if (box) {
  box.hidden = false;
  follow();
}
