/** Every action of the viewer: the application makes menus, key handling and tooltips of this one table. */
import type { ViewerState } from '../state/viewer.svelte.ts';

export type CommandGroup = 'Window' | 'Image' | 'Zoom' | 'Stack' | 'AI' | 'Tool';

export interface Command {
  id: string;
  title: string;
  /** Default key as `keyChord` writes it; settings may name another. */
  key: string;
  group: CommandGroup;
  run(viewer: ViewerState): void;
}

/** Keyboard steps. */
const ZOOM = 1.25;
const PAN = 60; // CSS pixels
const OPACITY = 0.05;

const pan = (dx: number, dy: number) => (viewer: ViewerState) =>
  viewer.pan({ x: dx * PAN * viewer.canvas.ratio, y: dy * PAN * viewer.canvas.ratio });

const presets = Array.from({ length: 9 }, (_, at): Command => {
  const number = at + 1;
  return {
    id: `viewer.preset-${number}`,
    title: number === 1 ? 'Window preset 1 (as the image opens)' : `Window preset ${number}`,
    key: String(number),
    group: 'Window',
    run: (viewer) => viewer.usePreset(number),
  };
});

export const viewerCommands: readonly Command[] = [
  ...presets,
  { id: 'viewer.invert', title: 'Invert', key: 'I', group: 'Window', run: (viewer) => viewer.toggleInvert() },
  { id: 'viewer.rotate-right', title: 'Rotate right', key: 'R', group: 'Image', run: (viewer) => viewer.turn(1) },
  { id: 'viewer.rotate-left', title: 'Rotate left', key: 'Shift+R', group: 'Image', run: (viewer) => viewer.turn(-1) },
  { id: 'viewer.flip-h', title: 'Flip left to right', key: 'H', group: 'Image', run: (viewer) => viewer.flip('h') },
  { id: 'viewer.flip-v', title: 'Flip top to bottom', key: 'V', group: 'Image', run: (viewer) => viewer.flip('v') },
  {
    id: 'viewer.sharp',
    title: 'Smooth or sharp pixels when magnified',
    key: 'N',
    group: 'Image',
    run: (viewer) => viewer.toggleSharp(),
  },
  {
    id: 'viewer.text',
    title: 'Show or hide text on the image',
    key: 'T',
    group: 'Image',
    run: (viewer) => viewer.toggleText(),
  },
  {
    id: 'viewer.graphics',
    title: 'Show or hide the file’s overlays',
    key: 'G',
    group: 'Image',
    run: (viewer) => viewer.toggleGraphics(),
  },
  { id: 'viewer.reset', title: 'Reset window and position', key: '0', group: 'Image', run: (viewer) => viewer.reset() },
  { id: 'viewer.fit', title: 'Fit to window', key: 'F', group: 'Zoom', run: (viewer) => viewer.fit() },
  {
    id: 'viewer.one-to-one',
    title: 'One to one (pixel on pixel)',
    key: 'O',
    group: 'Zoom',
    run: (viewer) => viewer.oneToOne(),
  },
  { id: 'viewer.zoom-in', title: 'Zoom in', key: '+', group: 'Zoom', run: (viewer) => viewer.zoom(ZOOM) },
  { id: 'viewer.zoom-out', title: 'Zoom out', key: '-', group: 'Zoom', run: (viewer) => viewer.zoom(1 / ZOOM) },
  { id: 'viewer.pan-left', title: 'Pan left', key: 'Shift+ArrowLeft', group: 'Zoom', run: pan(-1, 0) },
  { id: 'viewer.pan-right', title: 'Pan right', key: 'Shift+ArrowRight', group: 'Zoom', run: pan(1, 0) },
  { id: 'viewer.pan-up', title: 'Pan up', key: 'Shift+ArrowUp', group: 'Zoom', run: pan(0, -1) },
  { id: 'viewer.pan-down', title: 'Pan down', key: 'Shift+ArrowDown', group: 'Zoom', run: pan(0, 1) },
  { id: 'viewer.next-image', title: 'Next image', key: 'ArrowDown', group: 'Stack', run: (viewer) => viewer.step(1) },
  {
    id: 'viewer.previous-image',
    title: 'Previous image',
    key: 'ArrowUp',
    group: 'Stack',
    run: (viewer) => viewer.step(-1),
  },
  { id: 'viewer.first-image', title: 'First image', key: 'Home', group: 'Stack', run: (viewer) => viewer.first() },
  { id: 'viewer.last-image', title: 'Last image', key: 'End', group: 'Stack', run: (viewer) => viewer.last() },
  {
    id: 'viewer.next-series',
    title: 'Next series',
    key: 'PageDown',
    group: 'Stack',
    run: (viewer) => viewer.stepSeries(1),
  },
  {
    id: 'viewer.previous-series',
    title: 'Previous series',
    key: 'PageUp',
    group: 'Stack',
    run: (viewer) => viewer.stepSeries(-1),
  },
  { id: 'viewer.toggle-ai', title: 'Show or hide AI', key: 'A', group: 'AI', run: (viewer) => viewer.toggleAi() },
  {
    id: 'viewer.opacity-up',
    title: 'More heat map',
    key: ']',
    group: 'AI',
    run: (viewer) => viewer.setOpacity(viewer.opacity + OPACITY),
  },
  {
    id: 'viewer.opacity-down',
    title: 'Less heat map',
    key: '[',
    group: 'AI',
    run: (viewer) => viewer.setOpacity(viewer.opacity - OPACITY),
  },
  {
    id: 'viewer.tool-window',
    title: 'Drag: window',
    key: 'W',
    group: 'Tool',
    run: (viewer) => viewer.setTool('window'),
  },
  { id: 'viewer.tool-zoom', title: 'Drag: zoom', key: 'Z', group: 'Tool', run: (viewer) => viewer.setTool('zoom') },
  { id: 'viewer.tool-pan', title: 'Drag: pan', key: 'P', group: 'Tool', run: (viewer) => viewer.setTool('pan') },
  {
    id: 'viewer.tool-scroll',
    title: 'Drag: scroll',
    key: 'S',
    group: 'Tool',
    run: (viewer) => viewer.setTool('scroll'),
  },
  {
    id: 'viewer.tool-length',
    title: 'Drag: measure a length',
    key: 'M',
    group: 'Tool',
    run: (viewer) => viewer.setTool('length'),
  },
  {
    id: 'viewer.tool-angle',
    title: 'Drag: measure an angle',
    key: 'Shift+M',
    group: 'Tool',
    run: (viewer) => viewer.setTool('angle'),
  },
  {
    id: 'viewer.ruler-remove',
    title: 'Remove the last measurement',
    key: 'Delete',
    group: 'Tool',
    run: (viewer) => viewer.removeRuler(),
  },
];
