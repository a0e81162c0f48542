/** A template's codes (`template_attributes` in a `script` of type text/xml): for which films it is, what a section is. */
import type { PhraseWhen } from '../phrases/phrase.ts';

export interface Code {
  /** The id of the element that it is about; empty: the template. */
  of: string;
  /** In capitals, such as RADLEX, LOINC, SCT, DCM. */
  scheme: string;
  value: string;
}

/** Only the tags that carry codes are looked for: nothing else of the XML is read, and no entity is resolved. */
export function codesIn(xml: string): Code[] {
  const codes: Code[] = [];
  let of = '';
  for (const [, end, name, inside = ''] of xml.matchAll(/<(\/?)(entry|code)\b([^<>]{0,2000})>/giu)) {
    const has = (wanted: string) =>
      new RegExp(`\\b${wanted}\\s*=\\s*["']([^"']{0,200})["']`, 'iu').exec(inside)?.[1] ?? '';
    if (name?.toLowerCase() === 'entry') of = end ? '' : has('origtxt');
    else if (!end && has('value') !== '')
      codes.push({
        of,
        scheme: has('scheme').toUpperCase(),
        value: has('value').replace(/^https?:\/\/(www\.)?radlex\.org\/RID\//iu, ''),
      });
  }
  return codes;
}

/** RadLex, below "imaging modality" (RID10311). */
const radlexModalities: Readonly<Record<string, string>> = {
  RID10321: 'CT',
  RID10312: 'MR',
  RID10326: 'US',
  RID10357: 'MG',
  RID10361: 'RF',
  RID10330: 'NM',
  RID10337: 'PT',
};
/** "Projection radiography": CR or DX in the header, so the template asks for no modality. */
const PLAIN_FILM = 'RID10345';
/** PS3.16 CID 33 names modalities by the very words of the header. */
const dicomModalities: readonly string[] = ['CT', 'MR', 'US', 'MG', 'RF', 'NM', 'PT', 'XA'];
/** SNOMED CT, as in PS3.16 CID 4010 and CID 7455. */
const views: Readonly<Record<string, string>> = { '399348003': 'AP', '272479007': 'PA' };
const sexes: Readonly<Record<string, 'M' | 'F'>> = { '248153007': 'M', '248152002': 'F' };

/** Codes of the elements in `ids` speak of single fields, not of the film. */
export function whenOf(codes: readonly Code[], ids: ReadonlySet<string>): { when: PhraseWhen; plainFilm: boolean } {
  const own = codes.filter(({ of }) => !ids.has(of));
  const bySct = <T>(table: Readonly<Record<string, T>>) =>
    own.map(({ scheme, value }) => (/^(SCT|SNOMED.*)$/u.test(scheme) ? table[value] : undefined));
  const modality = own.map(({ scheme, value }) => {
    if (scheme === 'RADLEX') return radlexModalities[value];
    return scheme === 'DCM' && dicomModalities.includes(value) ? value : undefined;
  });
  const plainFilm = own.some(({ scheme, value }) => scheme === 'RADLEX' && value === PLAIN_FILM);
  return {
    when: {
      modality: plainFilm ? '' : (only(modality) ?? ''),
      view: only(bySct(views)) ?? '',
      sex: only(bySct(sexes)) ?? '',
      ageFrom: null,
      ageTo: null,
    },
    plainFilm,
  };
}

/** The one that was found; two that differ say nothing. */
function only<T>(found: readonly (T | undefined)[]): T | undefined {
  const different = [...new Set(found.filter((value) => value !== undefined))];
  return different.length === 1 ? different[0] : undefined;
}
