/** Pieces of markup: text is escaped by the tag, so that nothing of a folder becomes markup. */

export interface Markup {
  readonly markup: string;
}

type Piece = string | number | Markup | readonly Piece[];

/** html`<td>${text}</td>`: strings and numbers are escaped, markup and lists of it are taken as they are. */
export function html(parts: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  return { markup: parts.map((part, i) => `${i === 0 ? '' : written(pieces[i - 1] ?? '')}${part}`).join('') };
}

function written(piece: Piece): string {
  if (typeof piece === 'number') return String(piece);
  if (typeof piece === 'string') return escaped(piece);
  return 'markup' in piece ? piece.markup : piece.map(written).join('');
}

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

/** A table with a heading; `right` names the columns of numbers. */
export function table(
  heading: readonly string[],
  rows: readonly (readonly Piece[])[],
  right: readonly number[] = [],
): Markup {
  const cell = (tag: 'th' | 'td', piece: Piece, column: number): Markup => {
    const scope = tag === 'th' ? ' scope="col"' : '';
    const open = { markup: right.includes(column) ? `<${tag}${scope} class="number">` : `<${tag}${scope}>` };
    return html`${open}${piece}${{ markup: `</${tag}>` }}`;
  };
  return html`<div class="wide">
    <table>
      <thead>
        <tr>
          ${heading.map((one, i) => cell('th', one, i))}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((one, i) => cell('td', one, i))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
