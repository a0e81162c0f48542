/** Moments as an input of date and time writes them: local, to the minute. */

/** `2026-01-31T12:03` */
export function localTime(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** Milliseconds since 1970; null for what is no moment. */
export function timeOfLocal(text: string): number | null {
  const at = new Date(text).getTime();
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text) && !Number.isNaN(at) ? at : null;
}
