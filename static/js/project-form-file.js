// Sending a file to be read as a shape.

/** POST the file with what was chosen so far; gives the JSON answer, also of a refusal. */
export async function sendFile(address, token, file, chosen) {
  const data = new FormData();
  data.set("file", file, file.name);
  for (const [name, value] of Object.entries(chosen)) data.set(name, value);
  const answer = await fetch(address, { method: "POST", headers: { "X-CSRFToken": token, Accept: "application/json" }, body: data });
  const kind = answer.headers.get("Content-Type") ?? "";
  if (!kind.startsWith("application/json")) throw new Error(`${answer.status}`);
  return answer.json();
}
