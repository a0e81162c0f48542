/** Tables as comma-separated values (RFC 4180), read and written. */

/**
 * Rows as records under the heading's names. A byte order mark is left out, quotes may hold commas and line ends.
 * Throws a RangeError for a row with another number of values than the heading, or a quote that never ends.
 */
export function readCsv(text: string): { columns: string[]; rows: Record<string, string>[] } {
  const [columns = [], ...lines] = linesOf(text.replace(/^\uFEFF/, ''));
  const rows = lines
    .filter((line) => line.length > 1 || line[0] !== '')
    .map((line, index) => {
      if (line.length !== columns.length)
        throw new RangeError(
          `expected ${columns.length} values in each row, found ${line.length} in row ${index + 1} after the heading`,
        );
      return Object.fromEntries(columns.map((column, i) => [column, line[i] ?? '']));
    });
  return { columns, rows };
}

function linesOf(text: string): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  let value = '';
  let quoted = false;
  const end = () => {
    line.push(value);
    lines.push(line);
    [line, value] = [[], ''];
  };
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? '';
    if (quoted) {
      if (char !== '"') value += char;
      else if (text[i + 1] === '"') {
        value += '"';
        i++;
      } else quoted = false;
    } else if (char === '"' && value === '') quoted = true;
    else if (char === ',') {
      line.push(value);
      value = '';
    } else if (char === '\n') end();
    else if (char !== '\r') value += char;
  }
  if (quoted) throw new RangeError('expected every quoted value to end with a quote');
  if (value !== '' || line.length > 0) end();
  return lines;
}

export type Value = string | number | boolean | null | undefined;

/** Heading and rows; booleans as 1 and 0, null as nothing. */
export function writeCsv(columns: readonly string[], rows: readonly Record<string, Value>[]): string {
  const lines = rows.map((row) => columns.map((column) => written(row[column])).join(','));
  return `${[columns.map(written).join(','), ...lines].join('\n')}\n`;
}

/** A number is a number, also a negative one; only words can be taken for a formula. */
export function written(value: Value): string {
  if (value === null || value === undefined || (typeof value === 'number' && Number.isNaN(value))) return '';
  if (typeof value === 'boolean') return value ? '1' : '0';
  return typeof value === 'number' ? String(value) : cell(value);
}

/** A cell that a spreadsheet would take for a formula gets an apostrophe. */
export function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
