/** Which passwords are taken, and how long a sign-in waits after failures (NIST SP 800-63B, 5.1.1.2 and 5.2.2). */

export const PASSWORD_MIN = 12;
export const PASSWORD_MAX = 128;

const common = ['password', 'passwort', 'qwertz', 'qwerty', 'letmein', 'welcome', 'radiology', 'raddraft', 'hospital'];

/** One form for the same keys on every keyboard: NFKC. */
export const normalPassword = (password: string): string => password.normalize('NFKC');

/** Why `password` is not taken, in words; empty when it is. Length counts, no mixture of characters is asked for. */
export function passwordProblem(password: string, person: { login: string; name: string }): string {
  const plain = normalPassword(password);
  const length = [...plain].length;
  if (length < PASSWORD_MIN) return `Expected at least ${PASSWORD_MIN} characters, found ${length}. Take some words.`;
  if (length > PASSWORD_MAX) return `Expected at most ${PASSWORD_MAX} characters, found ${length}.`;
  const folded = plain.toLowerCase();
  const own = [person.login, ...person.name.split(/\s+/)].map((word) => word.toLowerCase()).filter((w) => w.length > 2);
  const known = [...own, ...common].find((word) => folded.includes(word));
  const left = known === undefined ? length : length - known.length;
  if (known !== undefined && left < PASSWORD_MIN)
    return `Expected ${PASSWORD_MIN} characters besides "${known}", which is easily guessed, found ${left}.`;
  if (new Set(plain).size < 5) return 'Expected at least five different characters.';
  if (isRun(folded)) return 'Expected something other than characters in a row.';
  return '';
}

/** 123456789012, abcdefghijkl and the like: every step from one character to the next is the same. */
function isRun(text: string): boolean {
  const codes = [...text].map((character) => character.codePointAt(0) ?? 0);
  const steps = codes.slice(1).map((code, index) => Math.abs(code - (codes[index] ?? 0)));
  return steps.filter((step) => step === 1 || step === 9).length >= steps.length - 1;
}

/** Failures in a row that cost nothing yet. */
export const FREE_FAILURES = 4;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 15 * 60_000;

/** How long no sign-in is tried after `failures` in a row: 30 s after the fifth, doubling up to 15 minutes. */
export function lockOutMs(failures: number): number {
  if (failures <= FREE_FAILURES) return 0;
  return Math.min(FIRST_WAIT_MS * 2 ** (failures - FREE_FAILURES - 1), LONGEST_WAIT_MS);
}
