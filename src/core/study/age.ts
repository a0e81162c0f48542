/** How old the patient was: as the file says, else from the dates that it gives. */

/** AS (PS3.5 6.2) in years: `045Y`, `018M`, `003W`, `010D`; null for anything else. */
export function ageYears(value: string): number | null {
  const match = /^(\d{1,3})([DWMY])$/.exec(value);
  if (!match) return null;
  const perYear = { D: 365.25, W: 365.25 / 7, M: 12, Y: 1 };
  const unit = match[2];
  return unit === 'D' || unit === 'W' || unit === 'M' || unit === 'Y' ? Number(match[1]) / perYear[unit] : null;
}

/** Whole years between two dates YYYYMMDD, below two years with the fraction; null unless both are dates in order. */
export function ageBetween(birth: string, at: string): number | null {
  const from = partsOf(birth);
  const to = partsOf(at);
  if (!from || !to) return null;
  const years = to.year - from.year - (to.monthDay < from.monthDay ? 1 : 0);
  if (years < 0 || years > 130) return null;
  return years < 2 ? (to.day - from.day) / 365.25 : years;
}

function partsOf(date: string): { year: number; monthDay: number; day: number } | null {
  const match = /^(\d{4})(\d{2})(\d{2})$/.exec(date);
  if (!match) return null;
  const [year, month, dayOfMonth] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (month < 1 || month > 12 || dayOfMonth < 1 || dayOfMonth > 31) return null;
  return { year, monthDay: month * 100 + dayOfMonth, day: Date.UTC(year, month - 1, dayOfMonth) / 86_400_000 };
}
