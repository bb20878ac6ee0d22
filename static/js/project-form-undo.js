// What was drawn before and after, as texts: bounded, for a shape can be some megabytes.
const STEPS = 200;
const CHARACTERS = 80_000_000;

/** The steps back and forward from a text. */
export class Steps {
  constructor() {
    this.back = [];
    this.forward = [];
  }

  /** Remember `text` as what stood before a change; what had been undone is given up. */
  keep(text) {
    this.back.push(text);
    this.forward = [];
    while (this.back.length > STEPS || (this.back.length > 1 && weight(this.back) > CHARACTERS)) this.back.shift();
  }

  /** The text before `text`, or null. */
  undo(text) {
    if (!this.back.length) return null;
    this.forward.push(text);
    return this.back.pop();
  }

  /** The text that `text` was undone from, or null. */
  redo(text) {
    if (!this.forward.length) return null;
    this.back.push(text);
    return this.forward.pop();
  }
}

function weight(texts) {
  return texts.reduce((sum, text) => sum + text.length, 0);
}
