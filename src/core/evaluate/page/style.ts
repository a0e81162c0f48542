/** How the page looks: ink on paper, on a screen and on A4; no font, script or picture from outside. */
export const STYLE = `
:root { --ink: #16181d; --quiet: #565c68; --line: #d5d8de; --accent: #1f5fa8; --warn: #8a4b00; --paper: #fff; --panel: #f5f6f8; }
* { box-sizing: border-box; }
html { background: var(--panel); }
body { margin: 0 auto; max-width: 1240px; padding: 40px 44px 64px; background: var(--paper); color: var(--ink);
  font: 14px/20px Inter, "Segoe UI", "Helvetica Neue", Arial, "Noto Sans", sans-serif; font-variant-numeric: tabular-nums; }
h1 { font-size: 26px; line-height: 32px; margin: 0 0 4px; letter-spacing: -0.01em; }
h2 { font-size: 18px; line-height: 24px; margin: 40px 0 8px; padding-top: 12px; border-top: 1px solid var(--line); }
h3 { font-size: 14px; margin: 16px 0 4px; }
p { margin: 4px 0 8px; max-width: 84ch; }
.notice { display: inline-block; margin: 8px 0 16px; padding: 6px 12px; border: 1.5px solid var(--warn); color: var(--warn); font-weight: 600; }
.quiet { color: var(--quiet); }
.small { font-size: 12px; line-height: 16px; }
code { font: 12px/16px "Cascadia Mono", Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 20px; margin: 12px 0; }
dt { color: var(--quiet); } dd { margin: 0; }
.first { padding: 14px 20px 14px 36px; background: var(--panel); border-left: 3px solid var(--accent); margin: 12px 0; }
.first li { margin: 4px 0; max-width: 92ch; }
.wide { overflow-x: auto; margin: 10px 0; }
table { border-collapse: collapse; width: 100%; font-size: 12.5px; line-height: 17px; }
th { text-align: left; font-weight: 600; vertical-align: bottom; border-bottom: 1.5px solid var(--ink); padding: 4px 10px 4px 0; }
td { border-bottom: 1px solid var(--line); padding: 4px 10px 4px 0; vertical-align: top; }
td.number, th.number { text-align: right; } td.number { white-space: nowrap; }
tr.apart td { border-bottom: 1.5px solid var(--ink); }
.plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(430px, 1fr)); gap: 20px 28px; margin: 12px 0; }
figure { margin: 0; break-inside: avoid; }
figcaption { font-size: 12px; line-height: 16px; color: var(--quiet); margin-top: 4px; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 14px; }
svg { display: block; width: 100%; height: auto; }
svg text { font: 9.5px Inter, "Segoe UI", Arial, "Noto Sans", sans-serif; fill: #565c68; }
.cases { display: grid; grid-template-columns: repeat(auto-fill, minmax(200px, 1fr)); gap: 20px; margin: 12px 0; }
.cases img { display: block; width: 100%; max-height: 240px; object-fit: contain; background: #000; }
footer { margin-top: 40px; padding-top: 12px; border-top: 1px solid var(--line); color: var(--quiet); font-size: 12px; }
@page { size: A4; margin: 14mm 13mm 16mm; @bottom-left { content: "For research and evaluation. Not for clinical use."; font: 8pt sans-serif; color: #565c68; } @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; color: #565c68; } }
@media print {
  html { background: none; }
  body { max-width: none; padding: 0; font-size: 9.5pt; line-height: 13pt; }
  h1 { font-size: 18pt; } h2 { font-size: 13pt; margin-top: 20pt; break-after: avoid; } h3, h2 + p { break-after: avoid; }
  table { font-size: 7.6pt; line-height: 10pt; } th, td { padding: 2pt 5pt 2pt 0; }
  tr, p, .first { break-inside: avoid; } thead { display: table-header-group; }
  .wide { overflow: visible; }
  .plots { grid-template-columns: 1fr 1fr; gap: 10pt 14pt; }
  .cases { grid-template-columns: repeat(4, 1fr); gap: 8pt; }
  .first, .notice, .cases img, svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
