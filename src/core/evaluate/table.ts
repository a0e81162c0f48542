/** The table of films: one line a film, out of which every figure of the page can be computed again. */
import type { PackLabel, PackMask } from '../pack/pack.ts';
import { writeCsv } from '../csv.ts';
import type { FilmRow } from './film.ts';
import type { Truth } from './truth.ts';

/** For its owner alone: it holds file names and patient ids as images.csv has them. */
export function filmTable(
  films: readonly FilmRow[],
  truthOf: (film: FilmRow) => Truth,
  labels: readonly PackLabel[],
  masks: readonly PackMask[],
): string {
  const ofLabel = ['truth', 'probability', 'called', 'box_hit', 'box_iou', 'lungs_box_iou'];
  const columns = [
    ...['line', 'file', 'sha256', 'patient', 'source', 'sex', 'age', 'view', 'expected', 'unread'],
    ...['accepted', 'refused_by', 'reason', 'provider', 'milliseconds'],
    ...labels.flatMap(({ id }) => ofLabel.map((what) => `${id}.${what}`)),
    ...['lungs.found', 'lungs.x', 'lungs.y', 'lungs.width', 'lungs.height', 'lungs.box_iou'],
    ...masks.map(({ id }) => `${id}.dice`),
    ...['ratio.pack', 'ratio.annotators'],
  ];
  const rows = films.map((film) => {
    const truth = truthOf(film);
    const found = labels.flatMap(({ id, threshold }) => {
      const one = film.findings[id];
      const values = [
        truth.get(id),
        one?.probability,
        one && one.probability >= threshold,
        one?.hit,
        one?.overlap,
        one?.lungsOverlap,
      ];
      return ofLabel.map((what, i) => [`${id}.${what}`, values[i]] as const);
    });
    const { lungs } = film;
    return {
      line: film.line,
      file: film.file,
      sha256: film.sha256,
      patient: film.patient,
      source: film.source,
      sex: film.sex,
      age: film.ageYears,
      view: film.view,
      expected: film.expected,
      unread: film.unread,
      accepted: film.gate?.accepted,
      refused_by: film.gate?.by,
      reason: film.gate?.reason,
      provider: film.provider,
      milliseconds: Math.round(film.milliseconds),
      ...Object.fromEntries(found),
      'lungs.found': lungs?.found,
      'lungs.x': lungs?.box?.x,
      'lungs.y': lungs?.box?.y,
      'lungs.width': lungs?.box?.width,
      'lungs.height': lungs?.box?.height,
      'lungs.box_iou': lungs?.overlap,
      ...Object.fromEntries(masks.map(({ id }) => [`${id}.dice`, film.dice[id]])),
      'ratio.pack': film.ratio?.pack,
      'ratio.annotators': film.ratio?.annotators,
    };
  });
  return writeCsv(columns, rows);
}
