/** The text of a template while it is written: lines, each in the section of ours that it belongs to. */
import { headingOf } from '../phrases/phrase.ts';
import { SectionKey } from '../report/report.ts';
import { noTags } from './plainText.ts';

export interface Lines {
  /** What follows goes there; null: before all sections. */
  section: SectionKey | null;
  /** On the line that is being written. */
  write(text: string): void;
  /** Ends the line; an empty one is none. */
  end(): void;
  /** As phrases have it: sections in the order of a report, each under its heading. */
  text(): string;
}

export function createLines(): Lines {
  const written = new Map<SectionKey | null, string[]>();
  let line = '';
  const lines: Lines = {
    section: null,
    write(text) {
      const [first = '', ...more] = text.split('\n');
      line += first;
      for (const next of more) {
        lines.end();
        line = next;
      }
    },
    end() {
      // Pieces that are harmless alone may make a tag together.
      const whole = noTags(line)
        .replaceAll(/ {2,}/g, ' ')
        .replaceAll(/(?<=[\]}]) (?=[.,;:)])/g, '')
        .trim();
      line = '';
      if (whole === '') return;
      written.set(lines.section, [...(written.get(lines.section) ?? []), notAHeading(whole)]);
    },
    text() {
      const parts = [null, ...SectionKey.options].map((key) => {
        const own = written.get(key);
        return own && `${key === null ? '' : `${key.toUpperCase()}:\n`}${own.join('\n')}`;
      });
      return parts.filter((part) => part !== undefined).join('\n\n');
    },
  };
  return lines;
}

/** A line of the template's own that phrases would take for the heading of a section keeps its word alone. */
const notAHeading = (line: string): string => (headingOf(line) === null ? line : line.slice(0, -1));
