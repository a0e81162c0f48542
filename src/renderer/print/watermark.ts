/** The state of a report as a picture that lies across every page: no words that a search or a copy would find. */

/** A data URL; the same for the same words. */
export function watermark(words: string): string {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [1000, 1000];
  const context = canvas.getContext('2d');
  if (!context) return '';
  context.translate(500, 500);
  context.rotate(-Math.PI / 4);
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  let size = 320;
  do context.font = `700 ${(size -= 6)}px sans-serif`;
  while (context.measureText(words).width > 1150 && size > 40);
  context.fillStyle = 'rgb(0 0 0 / 7%)';
  context.fillText(words, 0, 0);
  return canvas.toDataURL('image/png');
}
