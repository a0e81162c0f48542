/** A model card's Markdown as plain blocks: what a card uses and nothing more; no markup is ever made from its text. */
export type Block =
  | { kind: 'heading'; level: number; text: Span[] }
  | { kind: 'paragraph'; text: Span[] }
  | { kind: 'list'; items: Span[][] }
  | { kind: 'table'; head: Span[][]; rows: Span[][][] }
  | { kind: 'code'; text: string };
export type Span = { kind: 'text' | 'strong' | 'code'; text: string };

export function blocksOf(markdown: string): Block[] {
  const lines = markdown.replaceAll('\r\n', '\n').split('\n');
  const blocks: Block[] = [];
  let at = 0;
  const take = (fits: (line: string) => boolean): string[] => {
    const from = at;
    while (at < lines.length && fits(lines[at] ?? '')) at++;
    return lines.slice(from, at);
  };
  while (at < lines.length) {
    const line = lines[at] ?? '';
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    if (line.trim() === '') at++;
    else if (heading) {
      blocks.push({ kind: 'heading', level: heading[1]?.length ?? 1, text: spansOf(heading[2] ?? '') });
      at++;
    } else if (line.startsWith('```')) {
      at++;
      blocks.push({ kind: 'code', text: take((next) => !next.startsWith('```')).join('\n') });
      at++;
    } else if (line.startsWith('|')) blocks.push(tableOf(take((next) => next.startsWith('|'))));
    else if (bullet.test(line)) {
      const items: string[] = [];
      for (const next of take((next) => bullet.test(next) || /^\s+\S/.test(next))) {
        if (bullet.test(next)) items.push(next.replace(bullet, ''));
        else items.push(`${items.pop() ?? ''} ${next.trim()}`);
      }
      blocks.push({ kind: 'list', items: items.map(spansOf) });
    } else blocks.push({ kind: 'paragraph', text: spansOf(take(isProse).join(' ')) });
  }
  return blocks;
}

const bullet = /^\s*(?:[-*+]|\d+\.)\s+/;
const isProse = (line: string) => line.trim() !== '' && !/^(#{1,6}\s|```|\|)/.test(line) && !bullet.test(line);

function tableOf(lines: string[]): Block {
  const rows = lines
    .filter((line) => !/^\|[\s|:-]+$/.test(line))
    .map((line) =>
      line
        .replace(/^\||\|\s*$/g, '')
        .split('|')
        .map((cell) => spansOf(cell.trim())),
    );
  return { kind: 'table', head: rows[0] ?? [], rows: rows.slice(1) };
}

function spansOf(text: string): Span[] {
  return text
    .replace(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .split(/(\*\*[^*]+\*\*|`[^`]+`)/)
    .filter((part) => part !== '')
    .map((part): Span => {
      if (part.startsWith('**') && part.length > 4) return { kind: 'strong', text: part.slice(2, -2) };
      if (part.startsWith('`') && part.length > 2) return { kind: 'code', text: part.slice(1, -1) };
      return { kind: 'text', text: part.replace(/(^|\s)[*_]([^*_]+)[*_](?=\s|[.,;:]|$)/g, '$1$2') };
    });
}
