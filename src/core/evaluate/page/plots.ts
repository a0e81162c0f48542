/** ROC and reliability as SVG: what is drawn is in the table too, so no reader depends on it. */
import type { FindingFigures } from '../evaluation.ts';
import { html, type Markup } from './markup.ts';

const SIDE = 180;
const LEFT = 34;
const TOP = 8;
const WIDTH = LEFT + SIDE + 10;
const HEIGHT = TOP + SIDE + 32;
const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1];

const x = (share: number, most = 1): number => round(LEFT + (SIDE * share) / most);
const y = (share: number, most = 1): number => round(TOP + SIDE * (1 - share / most));
const round = (value: number): number => Math.round(value * 10) / 10;

function frame(across: string, up: string, most: number, inside: Markup, name: string): Markup {
  const ticks = TICKS.map((tick) => tick * most);
  const label = (value: number) => (most < 0.5 ? value.toFixed(2) : value.toFixed(1));
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${name}">
    <rect x="${LEFT}" y="${TOP}" width="${SIDE}" height="${SIDE}" fill="#fff" stroke="#9aa0ab" stroke-width="0.8" />
    ${ticks.slice(1, -1).map((tick) => html`<path d="M${x(tick, most)} ${TOP}V${TOP + SIDE}M${LEFT} ${y(tick, most)}H${LEFT + SIDE}" stroke="#e6e8ec" stroke-width="0.6" fill="none" />`)}
    <path
      d="M${LEFT} ${TOP + SIDE}L${LEFT + SIDE} ${TOP}"
      stroke="#9aa0ab"
      stroke-width="0.8"
      stroke-dasharray="3 3"
      fill="none"
    />
    ${inside}
    ${ticks.map((tick) => html`<text x="${x(tick, most)}" y="${TOP + SIDE + 12}" text-anchor="middle">${label(tick)}</text><text x="${LEFT - 4}" y="${y(tick, most) + 3}" text-anchor="end">${label(tick)}</text>`)}
    <text x="${LEFT + SIDE / 2}" y="${TOP + SIDE + 26}" text-anchor="middle">${across}</text>
    <text x="9" y="${TOP + SIDE / 2}" text-anchor="middle" transform="rotate(-90 9 ${TOP + SIDE / 2})">${up}</text>
  </svg>`;
}

/** The curve, and the pack's operating point as a dot. */
export function rocPlot({ name, roc, rates }: FindingFigures): Markup {
  const path = roc
    .map((point, i) => `${i === 0 ? 'M' : 'L'}${x(point.falsePositives)} ${y(point.truePositives)}`)
    .join('');
  const { sensitivity, specificity } = rates;
  const dot =
    sensitivity && specificity
      ? html`<circle
          cx="${x(1 - specificity.value)}"
          cy="${y(sensitivity.value)}"
          r="4"
          fill="#fff"
          stroke="#1f5fa8"
          stroke-width="1.8"
        />`
      : html``;
  const inside = html`<path
      d="${path}"
      fill="none"
      stroke="#1f5fa8"
      stroke-width="1.6"
      stroke-linejoin="round"
    />${dot}`;
  return frame('1 − specificity', 'sensitivity', 1, inside, `ROC curve of ${name}`);
}

/** Mean probability of each part of the films against the share that has the finding, with its interval. */
export function reliabilityPlot({ name, bins }: FindingFigures): Markup {
  const largest = Math.max(0.1, ...bins.flatMap(({ said, found }) => [said, found.high]));
  const most = [0.1, 0.2, 0.5].find((one) => one >= largest) ?? 1;
  const inside = bins.map(
    ({ said, found }) =>
      html`<path
          d="M${x(said, most)} ${y(found.low, most)}V${y(found.high, most)}"
          stroke="#1f5fa8"
          stroke-width="1.2"
        /><circle cx="${x(said, most)}" cy="${y(found.value, most)}" r="3.2" fill="#1f5fa8" />`,
  );
  return frame('probability given', 'share that has it', most, html`${inside}`, `Reliability of ${name}`);
}
