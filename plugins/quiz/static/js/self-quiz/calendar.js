/**
 * A plan for two weeks or four, and its calendar file (RFC 5545). Nothing leaves the browser.
 */

/** @typedef {{title: string, step: string}} Pick */
/** @typedef {{day: Date, title: string, text: string}} Day */

const PRACTISE = [0, 2, 4];
const LOOK_BACK = 6;
const MAX_OCTETS = 75;

/**
 * Each week three days to practise and one to look back.  In two weeks the picks take turns from day
 * to day; in more, each has a week, so that there is one thing to think of.
 * @param {Pick[]} picks one to three
 * @param {Date} start
 * @param {{half: string, week: string, end: string}} words
 * @param {number} weeks
 * @returns {Day[]}
 */
export function makePlan(picks, start, words, weeks) {
  /** @type {Set<Pick>} */
  const begun = new Set();
  return Array.from({ length: weeks }, (_, week) => {
    /** @param {number} days */
    const after = (days) => new Date(start.getFullYear(), start.getMonth(), start.getDate() + 7 * week + days);
    const days = PRACTISE.map((offset, at) => {
      const pick = picks[(weeks > 2 ? week : week * PRACTISE.length + at) % picks.length];
      const text = begun.has(pick) ? "" : pick.step;
      begun.add(pick);
      return { day: after(offset), title: pick.title, text };
    });
    const between = weeks > 2 ? words.week : words.half;
    return [...days, { day: after(LOOK_BACK), title: week < weeks - 1 ? between : words.end, text: "" }];
  }).flat();
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
