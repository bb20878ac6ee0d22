// Asking the server while the form is being filled in.

/** POST JSON and give the JSON answer; null when a newer question has overtaken this one. */
export function asker(address, token) {
  let running = null;
  return async (content) => {
    running?.abort();
    const mine = (running = new AbortController());
    const isForm = content instanceof URLSearchParams;
    try {
      const answer = await fetch(address, {
        method: "POST",
        headers: { "X-CSRFToken": token, ...(isForm ? {} : { "Content-Type": "application/json" }) },
        body: isForm ? content : JSON.stringify(content),
        signal: mine.signal,
      });
      if (!answer.ok) throw new Error(`${answer.status}`);
      return await answer.json();
    } catch (error) {
      if (error.name === "AbortError") return null;
      throw error;
    }
  };
}

/** Run `action` once when nothing has asked for it for a while. */
export function settled(action, milliseconds = 350) {
  let waiting = 0;
  return () => {
    clearTimeout(waiting);
    waiting = setTimeout(action, milliseconds);
  };
}

/** An element with text and attributes; children are elements or text. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}
