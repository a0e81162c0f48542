/** For which films a phrase is, as it is typed into fields. */
import type { PhraseWhen } from '#core/phrases/phrase.ts';

export interface WhenForm {
  modality: string;
  view: string;
  sex: PhraseWhen['sex'];
  ageFrom: string;
  ageTo: string;
}

export const anyFilm: WhenForm = { modality: '', view: '', sex: '', ageFrom: '', ageTo: '' };

const written = (years: number | null): string => (years === null ? '' : String(years));
const years = (text: string): number | null => (text.trim() === '' ? null : Number(text));

export const formOf = ({ modality, view, sex, ageFrom, ageTo }: PhraseWhen): WhenForm => ({
  modality,
  view,
  sex,
  ageFrom: written(ageFrom),
  ageTo: written(ageTo),
});

/** As it stands in the fields: the phrase's schema says whether it may be so. */
export const whenOf = ({ modality, view, sex, ageFrom, ageTo }: WhenForm) => ({
  modality: modality.trim(),
  view: view.trim(),
  sex,
  ageFrom: years(ageFrom),
  ageTo: years(ageTo),
});
