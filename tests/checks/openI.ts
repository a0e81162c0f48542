/** Real reports of Indiana University (Open-I), read where they lie beside the checkout; nothing of them is copied. */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { SectionKey } from '#core/report/report.ts';
import { shared } from '../shared.ts';

const archive = shared('data', 'iu-reports.tgz');
export const hasOpenI = existsSync(archive);

export interface RealReport {
  id: string;
  sections: Record<SectionKey, string[]>;
  /** What people coded for it: `Pleural Effusion/left/small`, or `normal`. */
  codes: string[];
}

/** Removed words stand as XXXX in the files; here they read "shown", so that they are no placeholders. */
export function openIReports(): RealReport[] {
  return entriesOf(gunzipSync(readFileSync(archive)))
    .filter(({ name }) => name.endsWith('.xml'))
    .map(({ name, text }) => {
      const section = (label: string) => {
        const found = new RegExp(`<AbstractText Label="${label}">([^<]*)<`).exec(text)?.[1] ?? '';
        const clean = unescape(found).replaceAll(/X{3,}/g, 'shown').trim();
        return clean === '' ? [] : [clean];
      };
      return {
        id: name,
        sections: {
          indication: section('INDICATION'),
          technique: [],
          comparison: section('COMPARISON'),
          findings: section('FINDINGS'),
          impression: section('IMPRESSION'),
        },
        codes: [...text.matchAll(/<major>([^<]*)</g)].map((match) => match[1] ?? ''),
      };
    });
}

const unescape = (text: string) =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');

/** POSIX ustar: a header of 512 bytes, size in octal at 124, then the file padded to 512. */
function entriesOf(tar: Buffer): { name: string; text: string }[] {
  const entries: { name: string; text: string }[] = [];
  for (let at = 0; at + 512 <= tar.length;) {
    const name = tar.toString('latin1', at, at + 100).replace(/\0.*$/s, '');
    if (name === '') break;
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 136), 8) || 0;
    entries.push({ name, text: tar.toString('utf8', at + 512, at + 512 + size) });
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return entries;
}
