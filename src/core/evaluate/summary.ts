/** An evaluation as plain text for a terminal. */
import type { Evaluation } from './evaluation.ts';
import { areaOf, percent, shareOf } from './first.ts';

export function summaryOf(evaluation: Evaluation): string {
  const { about, counts, gate, findings, places, anatomy, speed } = evaluation;
  const lines = [
    evaluation.notice,
    `Folder    ${about.folder}${about.split ? `, split ${about.split}` : ''}: ${counts.lines} films; ${counts.accepted} accepted of ${counts.patients} patients, ${counts.refused} refused, ${counts.unread} not read`,
    ...about.packs.map(({ id, version, use, sha256 }) => `Pack      ${id} ${version} (${use}, ${sha256.slice(0, 12)})`),
    `Engine    ${about.provider}, ${about.runtime || 'no film was run'}${about.fallback ? `. ${about.fallback}` : ''}`,
    `Speed     ${speed.filmsPerSecond.toFixed(1)} films a second (${speed.films} films, median ${speed.medianMilliseconds.toFixed(0)} ms)`,
    ...about.remarks.map((remark) => `Note      ${remark}`),
    '',
    'Know first',
    ...evaluation.first.map((line) => `  ${line}`),
    '',
    'Gate',
    ...gate.reasons.map(
      ({ by, reason, films }) =>
        `  ${String(films).padStart(5)} refused by ${by === 'header' ? 'what the file says' : 'its pixels'}: ${reason}`,
    ),
    ...gate.valid.map(
      ({ source, films, refused }) =>
        `  ${source || 'all sources'}: ${shareOf(refused)} of ${films} frontal films refused`,
    ),
    ...gate.kinds.map(
      ({ expected, films, refused, named }) =>
        `  must be refused as ${expected}: ${shareOf(refused)} of ${films} refused, ${shareOf(named)} under that name`,
    ),
    ...gate.others.map(({ what, films, accepted }) => `  ${what}: ${films - accepted} of ${films} refused`),
    '',
    'Findings (● listed, ○ in the graph, shown to nobody)',
    ...findings.map(
      ({ name, listed, positives, films, auc, rates, calibrationError }) =>
        `  ${listed ? '●' : '○'} ${name.padEnd(20)} ${`${positives} of ${films}`.padEnd(12)} ${
          auc
            ? `AUC ${areaOf(auc)}  sensitivity ${rates.sensitivity ? shareOf(rates.sensitivity) : '–'}  specificity ${rates.specificity ? shareOf(rates.specificity) : '–'}  precision ${rates.precision ? shareOf(rates.precision) : '–'}  ECE ${calibrationError.toFixed(3)}`
            : 'too few films of either kind'
        }`,
    ),
  ];
  if (places.length > 0)
    lines.push(
      '',
      'Places',
      ...places.map(
        ({ name, films, hits, anatomyOnly, overlap }) =>
          `  ${name}: in a box on ${shareOf(hits)} of ${films} films; knowing the anatomy alone ${anatomyOnly ? shareOf(anatomyOnly) : '–'}; mean IoU ${overlap.toFixed(2)}`,
      ),
    );
  if (anatomy) {
    lines.push('', 'Anatomy');
    for (const { name, films, dice, worst } of anatomy.masks)
      lines.push(`  ${name}: Dice ${areaOf(dice)} on ${films} films, worst ${worst.toFixed(3)}`);
    const { ratio } = anatomy;
    if (ratio)
      lines.push(
        `  Cardiothoracic ratio: off by ${areaOf(ratio.meanError)} on ${ratio.films} films, 95th percentile ${ratio.p95Error.toFixed(3)}, worst ${ratio.worst.toFixed(3)}`,
      );
    for (const { source, films, found, inBoxes, boxed } of anatomy.lungs)
      lines.push(
        `  Both lungs found, ${source || 'all sources'}: ${percent(found.value)} of ${films}${inBoxes ? `, where known boxes are ${percent(inBoxes.value)} of ${boxed}` : ''}`,
      );
  }
  return `${lines.join('\n')}\n`;
}
