/** The page that is put before a committee: one file, nothing from outside, weakest first. */
import type { Evaluation, FindingFigures } from '../evaluation.ts';
import { areaOf, percent, shareOf } from '../first.ts';
import { html, table, type Markup } from './markup.ts';
import { reliabilityPlot, rocPlot } from './plots.ts';
import { STYLE } from './style.ts';

/** Pictures as data URLs, by line of images.csv and kind of case. */
export type Pictures = ReadonlyMap<string, string>;
export const pictureKey = ({ line, kind, label }: { line: number; kind: string; label: string }): string =>
  `${line} ${kind} ${label}`;

export function pageOf(evaluation: Evaluation, pictures: Pictures): string {
  const { about } = evaluation;
  const title = `Evaluation of ${about.packs.map(({ name }) => name).join(', ')}`;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        />
        <title>${title}</title>
        ${{ markup: `<style>${STYLE}</style>` }}
      </head>
      <body>
        ${[head(evaluation, title), first(evaluation), gate(evaluation), findings(evaluation), plots(evaluation), groups(evaluation), places(evaluation), anatomy(evaluation), worst(evaluation, pictures), method(evaluation)]}
        <footer>${evaluation.notice} Made by ${about.program} on ${dateOf(about.date)}.</footer>
      </body>
    </html> `;
  return page.markup;
}

const dateOf = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;

function head({ about, counts, speed, notice }: Evaluation, title: string): Markup {
  const row = (name: string, value: string | Markup) =>
    html`<dt>${name}</dt>
      <dd>${value}</dd>`;
  return html`<header>
    <h1>${title}</h1>
    <p class="quiet">On ${about.folder}${about.split ? `, split ${about.split}` : ''}, ${dateOf(about.date)}</p>
    <div class="notice">${notice}</div>
    <dl>
      ${row('Films', `${counts.lines} in images.csv: ${counts.accepted} went through all packs (${counts.patients} patients), ${counts.refused} were refused, ${counts.unread} could not be read`)}
      ${about.packs.map(({ id, version, use, sha256, task }) => row(`Pack for ${task}`, html`${id} ${version} · ${use} · SHA-256 of pack.json <code>${sha256}</code>`))}
      ${row('Ran on', `${about.provider}, ${about.runtime || 'no film was run'}${about.fallback ? `. ${about.fallback}` : ''}`)}
      ${row('Machine', about.machine)}
      ${row('Speed', `${speed.filmsPerSecond.toFixed(1)} films a second (median ${speed.medianMilliseconds.toFixed(0)} ms from file to findings, ${speed.films} films)`)}
      ${row('Program', about.program)} ${about.remarks.map((remark) => row('Note', remark))}
    </dl>
  </header>`;
}

const first = ({ first }: Evaluation): Markup =>
  html`<h2>What must be known first</h2>
    <ul class="first">
      ${first.map((line) => html`<li>${line}</li>`)}
    </ul>`;

function gate({ gate, counts }: Evaluation): Markup {
  const valid = table(
    ['Source', 'Films', 'Refused by the file', 'Refused by pixels', 'Refused (95 %)'],
    gate.valid.map(({ source, films, header, pixels, refused }) => [
      source || 'not stated',
      films,
      header,
      pixels,
      shareOf(refused),
    ]),
    [1, 2, 3, 4],
  );
  const others = table(
    ['Other films', 'Films', 'Refused by the file', 'Refused by pixels', 'Let through'],
    gate.others.map(({ what, films, header, pixels, accepted }) => [what, films, header, pixels, accepted]),
    [1, 2, 3, 4],
  );
  const kinds = table(
    ['Must be refused as', 'Inputs', 'Refused (95 %)', 'Under that name (95 %)'],
    gate.kinds.map(({ expected, films, refused, named }) => [expected, films, shareOf(refused), shareOf(named)]),
    [1, 2, 3],
  );
  const reasons = table(
    ['Refused by', 'Reason', 'Films', 'What the reader is told (one example)'],
    gate.reasons.map(({ by, reason, films, message }) => [
      by === 'header' ? 'the file' : 'pixels',
      reason,
      films,
      message,
    ]),
    [2],
  );
  return html`<h2>Input gate</h2>
    <p>
      ${counts.refused} films were refused by name and got no draft. First the file is asked what it is, then a pack
      looks at the pixels of those that pass. Frontal films of adults (and of people whose age is not stated) should
      pass:
    </p>
    ${gate.valid.length > 0 ? valid : html``}${gate.kinds.length > 0 ? kinds : html``}${gate.others.length > 0 ? others : html``}${gate.reasons.length > 0 ? reasons : html``}`;
}

const orDash = (interval: Parameters<typeof shareOf>[0] | null): string => (interval ? shareOf(interval) : '–');

function findingsTable(some: readonly FindingFigures[]): Markup {
  return table(
    [
      'Finding',
      'Positive films',
      'AUC (95 %)',
      'AUC on the card',
      'Sensitivity',
      'Specificity',
      'Precision',
      'Prevalence, on the card',
      'ECE',
      'Called from',
    ],
    some.map((one) => [
      one.name,
      `${one.positives} of ${one.films}`,
      one.auc ? areaOf(one.auc) : 'too few films',
      areaOf(one.card),
      orDash(one.rates.sensitivity),
      orDash(one.rates.specificity),
      orDash(one.rates.precision),
      `${one.films > 0 ? percent(one.prevalence) : '–'} / ${percent(one.cardPrevalence)}`,
      one.films > 0 ? one.calibrationError.toFixed(3) : '–',
      one.threshold.toFixed(3),
    ]),
    [1, 2, 3, 4, 5, 6, 7, 8, 9],
  );
}

function findings({ findings }: Evaluation): Markup {
  const [listed, others] = [findings.filter((one) => one.listed), findings.filter((one) => !one.listed)];
  const sources = [...new Set(findings.flatMap((one) => one.sources))];
  return html`<h2>Findings, weakest first</h2>
    <p>
      Shown to a reader (listed by the pack). Counted on ${sources.length > 0 ? sources.join(', ') : 'no source'}: a
      source counts for a finding only where it has films with and films without it.
    </p>
    ${findingsTable(listed)}
    ${
      others.length > 0
        ? html`<h3>In the graph, shown to nobody</h3>
            <p class="quiet">
              These did not reach the bar where the pack was made. They are printed so that nothing is hidden.
            </p>
            ${findingsTable(others)}`
        : html``
    }`;
}

function plots({ findings }: Evaluation): Markup {
  const some = findings.filter(({ listed, auc }) => listed && auc);
  if (some.length === 0) return html``;
  return html`<h2>ROC and reliability of listed findings</h2>
    <p>
      Left: each threshold’s share of true against false calls; the ring is the pack’s operating point. Right: films in
      parts of equal size, what the pack said against what was there, with 95 % intervals; on the dashed line it would
      be right. Axes of the right plots differ.
    </p>
    <div class="plots">
      ${some.map(
        (one) =>
          html`<figure>
            <h3>${one.name}</h3>
            <div class="pair">${rocPlot(one)}${reliabilityPlot(one)}</div>
            <figcaption>
              AUC ${one.auc ? areaOf(one.auc) : '–'}; expected calibration error ${one.calibrationError.toFixed(3)} over
              ${one.bins.length} parts of ${one.films} films
            </figcaption>
          </figure>`,
      )}
    </div>`;
}

function groups({ groups, findings }: Evaluation): Markup {
  const listed = findings.filter((one) => one.listed && groups.some(({ auc }) => one.id in auc));
  if (listed.length === 0) return html``;
  const divisions = [...new Set(groups.map(({ division }) => division))];
  return html`<h2>Groups</h2>
    <p>
      Area under the curve of listed findings, where a group has at least five films with and five without; the mean
      runs over findings that every group of its kind can measure. Small groups differ by chance.
    </p>
    ${divisions.map((division) =>
      table(
        [division, 'Films', 'Mean (95 %)', ...listed.map(({ name }) => name)],
        groups
          .filter((group) => group.division === division)
          .map(({ name, films, mean, auc }) => [
            name,
            films,
            mean ? areaOf(mean) : '–',
            ...listed.map(({ id }) => auc[id]?.toFixed(2) ?? '–'),
          ]),
        [1, 2, ...listed.map((_, i) => i + 3)],
      ),
    )}`;
}

function places({ places }: Evaluation): Markup {
  if (places.length === 0) return html``;
  return html`<h2>Where the model looked</h2>
    <p>
      On films where people drew boxes: does the highest place of the map lie in a box (pointing game), and what have
      region and boxes in common (intersection over union, mean). Beside it what knowing the anatomy alone would give:
      the one place in the lungs that lies in most boxes of other patients’ films, and both lungs as the region.
    </p>
    ${table(
      ['Finding', 'Listed', 'Films', 'Points into a box (95 %)', 'Anatomy alone (95 %)', 'IoU', 'IoU of the lungs'],
      places.map(({ name, listed, films, hits, anatomyOnly, anatomyFilms, overlap, lungsOverlap }) => [
        name,
        listed ? 'yes' : 'no',
        films,
        shareOf(hits),
        anatomyOnly ? `${shareOf(anatomyOnly)} of ${anatomyFilms}` : '–',
        overlap.toFixed(2),
        lungsOverlap?.toFixed(2) ?? '–',
      ]),
      [2, 3, 4, 5, 6],
    )}`;
}

function anatomy({ anatomy }: Evaluation): Markup {
  if (!anatomy)
    return html`<h2>Anatomy</h2>
      <p>No anatomy pack is installed.</p>`;
  const { masks, ratio, lungs } = anatomy;
  const overlap = table(
    ['Mask', 'Films', 'Dice, mean (95 %)', 'Worst film', 'On the card'],
    masks.map(({ name, films, dice, worst, card }) => [name, films, areaOf(dice), worst.toFixed(3), areaOf(card)]),
    [1, 2, 3, 4],
  );
  const found = table(
    ['Both lungs found', 'Films', 'Found (95 %)', 'With known boxes', 'Masks lie there (95 %)'],
    lungs.map(({ source, films, found, boxed, inBoxes }) => [
      source || 'not stated',
      films,
      shareOf(found),
      boxed,
      orDash(inBoxes),
    ]),
    [1, 2, 3, 4],
  );
  return html`<h2>Anatomy</h2>
    <p>Dice between what a reader sees outlined and the masks that people drew, at the film’s own size.</p>
    ${masks.length > 0 ? overlap : html`<p>No film here has masks.</p>`}
    ${
      ratio
        ? html`<p>
            The cardiothoracic ratio is off by <strong>${areaOf(ratio.meanError)}</strong> on average on ${ratio.films}
            films (95th percentile ${ratio.p95Error.toFixed(3)}, worst ${ratio.worst.toFixed(3)}, bias
            ${ratio.bias >= 0 ? '+' : '−'}${Math.abs(ratio.bias).toFixed(3)}); on ${ratio.without} more films it was not
            given.
          </p>`
        : html``
    }
    ${lungs.length > 0 ? found : html``}`;
}

function worst({ worst }: Evaluation, pictures: Pictures): Markup {
  if (worst.length === 0) return html``;
  return html`<h2>Worst cases</h2>
    <p>
      The most confident mistakes. Orange: the region or outline of the model; blue dashes: what people drew. Films go
      by their line in images.csv and the beginning of their SHA-256; a film whose file says that text is burned into it
      has no picture here.
    </p>
    <div class="cases">
      ${worst.map((one) => {
        const picture = pictures.get(pictureKey(one));
        return html`<figure>
          ${picture ? html`<img src="${picture}" alt="Film of line ${one.line}: ${one.what}" />` : html`<p class="quiet">No picture.</p>`}
          <figcaption><strong>${one.what}</strong><br />line ${one.line}, <code>${one.film}</code></figcaption>
        </figure>`;
      })}
    </div>`;
}

const method = ({ about }: Evaluation): Markup =>
  html`<h2>How this was measured</h2>
    <p class="small">
      Each film took the product’s own way: decoded, gated, run and calibrated with the thresholds of the packs as
      installed; nothing was chosen on these films. AUC: Mann–Whitney, ties half, 95 % by 1,000 bootstrap draws of
      patients (seed 3). Sensitivity and specificity at the pack’s operating point: the wider of Wilson’s interval and
      that bootstrap; precision and other shares: Wilson. ECE: expected calibration error over ten parts of equal size
      (five below 200 films). Means of groups: 300 draws. Truth: <code>finding_labels</code> of images.csv; a film
      without a known word counts for nothing, a radiologist’s reading after <code>#RSNA:</code> stands above mined
      words. Every figure can be computed again from <code>films.csv</code> (what anatomy alone would give, with
      <code>boxes.csv</code>). ${about.runtime}
    </p>`;
