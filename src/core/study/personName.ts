/** A person's name as people write it. */

/**
 * One group of a DICOM person name: `DOE^JANE^MARIA^^DR` → `DOE, JANE MARIA`. Capitals stay as written; prefix and
 * suffix are left out (PS3.5 6.2.1.1).
 */
export function personName(group: string): string {
  const [family = '', given = '', middle = ''] = group.split('^').map((part) => part.trim());
  const first = [given, middle].filter((part) => part !== '').join(' ');
  return [family, first].filter((part) => part !== '').join(', ');
}
