// Amounts as people write them, for what is shown while one types; the server reads them again for itself.

const FACTORS = { "": 100_000_000n, kr: 100n, kronor: 100n, sek: 100n, tkr: 100_000n, kkr: 100_000n, mnkr: 100_000_000n, mkr: 100_000_000n, mdkr: 100_000_000_000n };
const BARE_KRONOR = 100_000n;

/** Whole öre (BigInt) of an amount in mnkr unless it names another unit; null for none, undefined for what is no amount. */
export function readAmount(text) {
  const plain = text.replace(/[\s\u00a0\u202f\u2009]+/g, "").replace(/[\u2212\u2013]/g, "-").toLowerCase();
  if (!plain) return null;
  const match = /^([-+]?)(\d+)(?:[.,](\d+))?([a-z]*)$/.exec(plain);
  if (!match || !(match[4] in FACTORS)) return undefined;
  const [, sign, whole, decimals = "", unit] = match;
  if (/^\d{1,3}\.\d{3}$/.test(plain.replace(/^[-+]/, ""))) return undefined; // 12.500 may be two amounts
  const factor = !unit && BigInt(whole) > BARE_KRONOR ? 100n : FACTORS[unit];
  const scale = 10n ** BigInt(decimals.length);
  const parts = BigInt(whole + decimals) * factor;
  if (parts % scale) return undefined;
  return sign === "-" ? -(parts / scale) : parts / scale;
}

/** "−1 842,5": mnkr with one decimal, rounded half away from zero; "–" for none. */
export function writeMnkr(ore) {
  if (ore === null || ore === undefined) return "–";
  const size = ore < 0n ? -ore : ore;
  const tenths = (size + 5_000_000n) / 10_000_000n;
  const whole = String(tenths / 10n).replace(/\B(?=(\d{3})+$)/g, "\u00a0");
  return `${ore < 0n && tenths ? "\u2212" : ""}${whole},${tenths % 10n}`;
}

/** "12,5": mnkr with as many decimals as it takes to say it exactly, for a field. */
export function writeExact(ore) {
  const size = ore < 0n ? -ore : ore;
  const whole = String(size / 100_000_000n).replace(/\B(?=(\d{3})+$)/g, "\u00a0");
  const decimals = String(size % 100_000_000n).padStart(8, "0").replace(/0+$/, "");
  return `${ore < 0n ? "\u2212" : ""}${whole}${decimals ? `,${decimals}` : ""}`;
}

/** Whether a forecast is so far from its budget that a comment is needed: at least both limits. */
export function deviates(budget, forecast, percent, ore) {
  if (budget === null || typeof forecast !== "bigint" || budget === forecast) return false;
  const difference = budget > forecast ? budget - forecast : forecast - budget;
  return difference >= ore && difference * 100n >= (budget < 0n ? -budget : budget) * percent;
}
