// Sending a file: drop it on the form, see how far it has come, be told at once when it is too large.
const form = document.querySelector("[data-upload]");

function say(text) {
  const place = form.querySelector("[data-upload-error]");
  place.textContent = text;
  place.hidden = !text;
}

function tooLarge(file) {
  return file.size > Number(form.dataset.mostBytes);
}

function showProgress(share) {
  const box = form.querySelector("[data-upload-progress]");
  box.hidden = share === null;
  if (share === null) return;
  const percent = Math.round(share * 100);
  box.querySelector("progress").value = percent;
  box.querySelector("[data-upload-percent]").textContent = `${percent} %`;
}

function setBusy(busy) {
  form.querySelector("button[type=submit]").disabled = busy;
  form.toggleAttribute("aria-busy", busy);
}

function send() {
  const request = new XMLHttpRequest(); // fetch cannot tell how much has been sent
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) showProgress(event.loaded / event.total);
  });
  request.addEventListener("load", () => finish(request));
  request.addEventListener("error", () => giveUp(form.dataset.broken));
  setBusy(true);
  say("");
  showProgress(0);
  request.send(new FormData(form));
}

function finish(request) {
  let answer = {};
  try {
    answer = JSON.parse(request.responseText);
  } catch {
    // Not our own answer: a page of a proxy, or of somebody who is no longer signed in.
  }
  if (request.status < 400 && answer.address) location.assign(answer.address);
  else if (request.status === 400 || request.status === 401) location.reload(); // the session has ended: to the login
  else giveUp(answer.error ?? form.dataset.broken);
}

function giveUp(text) {
  setBusy(false);
  showProgress(null);
  say(text);
}

function choose(files) {
  if (files.length !== 1) return say(form.dataset.one);
  form.elements.file.files = files;
  return check();
}

function check() {
  const [file] = form.elements.file.files;
  say(file && tooLarge(file) ? form.dataset.tooLarge : "");
}

form.elements.file.addEventListener("change", check);
form.addEventListener("submit", (event) => {
  const [file] = form.elements.file.files;
  if (!file) return;
  event.preventDefault();
  if (tooLarge(file)) say(form.dataset.tooLarge);
  else send();
});
for (const kind of ["dragover", "dragenter"]) {
  form.addEventListener(kind, (event) => {
    event.preventDefault();
    form.classList.add("is-over");
  });
}
for (const kind of ["dragleave", "drop"]) form.addEventListener(kind, () => form.classList.remove("is-over"));
form.addEventListener("drop", (event) => {
  event.preventDefault();
  choose(event.dataTransfer.files);
});
// Back from the next step: the page may come from the browser's memory as it was while sending.
addEventListener("pageshow", () => {
  setBusy(false);
  showProgress(null);
});
