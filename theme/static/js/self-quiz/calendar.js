/**
 * A plan for two weeks, and its calendar file (RFC 5545). Nothing leaves the browser.
 */

/** @typedef {{title: string, step: string}} Pick */
/** @typedef {{day: Date, title: string, text: string}} Day */

const PRACTISE = [0, 2, 4, 7, 9, 11];
const HALF_WAY = 6;
const END = 13;
const MAX_OCTETS = 75;

/**
 * Six days to practise in turn (the first time with its first step), one to look back
 * half-way and one at the end.
 * @param {Pick[]} picks one to three
 * @param {Date} start
 * @param {{half: string, end: string}} words
 * @returns {Day[]}
 */
export function makePlan(picks, start, words) {
  /** @param {number} days */
  const after = (days) => new Date(start.getFullYear(), start.getMonth(), start.getDate() + days);
  const days = PRACTISE.map((offset, at) => {
    const pick = picks[at % picks.length];
    return { day: after(offset), title: pick.title, text: at < picks.length ? pick.step : "" };
  });
  days.push({ day: after(HALF_WAY), title: words.half, text: "" }, { day: after(END), title: words.end, text: "" });
  return days.sort((a, b) => a.day.getTime() - b.day.getTime());
}

/**
 * @param {Day[]} days
 * @param {Date} now
 */
export function toCalendar(days, now) {
  const stamp = now.toISOString().replace(/[-:]|\.\d+/g, "");
  const events = days.flatMap(({ day, title, text }) => [
    "BEGIN:VEVENT",
    // The same day of the same plan keeps its name, so that a calendar takes it up once.
    `UID:${compact(day)}-${title.replace(/\W+/g, "-")}`,
    `DTSTAMP:${stamp}`,
    `DTSTART;VALUE=DATE:${compact(day)}`,
    `SUMMARY:${escape(title)}`,
    ...(text ? [`DESCRIPTION:${escape(text)}`] : []),
    "CLASS:PRIVATE",
    "TRANSP:TRANSPARENT",
    "END:VEVENT",
  ]);
  const lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Plan//EN", ...events, "END:VCALENDAR"];
  return lines.map(fold).join("\r\n") + "\r\n";
}

/** @param {Date} day */
function compact(day) {
  return isoDay(day).replaceAll("-", "");
}

/**
 * The local day as a date field writes it, 2026-11-22.
 * @param {Date} day
 */
export function isoDay(day) {
  const parts = [day.getMonth() + 1, day.getDate()].map((part) => String(part).padStart(2, "0"));
  return [String(day.getFullYear()).padStart(4, "0"), ...parts].join("-");
}

/** @param {string} text */
function escape(text) {
  return text.replace(/[\\;,]/g, "\\$&").replace(/\s*\n\s*/g, "\\n");
}

/**
 * Break a line after at most 75 octets, never inside a character.
 * @param {string} line
 */
function fold(line) {
  let octets = 0;
  const pieces = [...line].map((char) => {
    const size = new Blob([char]).size;
    octets += size;
    if (octets <= MAX_OCTETS) return char;
    octets = size + 1;
    return `\r\n ${char}`;
  });
  return pieces.join("");
}
