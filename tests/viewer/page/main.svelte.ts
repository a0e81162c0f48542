/** A page with the real viewer and nothing else; its frames come over the real contract from generated pixels. */
import './jitless.ts';
import { mount } from 'svelte';
import { calls } from '#contract/calls.ts';
import { messagePort } from '#contract/ports/messagePort.ts';
import { connect, serve } from '#contract/rpc.ts';
import type { Analysis } from '#core/findings/findings.ts';
import { LabelId } from '#core/study/ids.ts';
import type { Study } from '#core/study/study.ts';
import { createViewer } from '../../../src/renderer/state/viewer.svelte.ts';
import { viewerCommands } from '../../../src/renderer/viewer/commands.ts';
import { keyChord } from '../../../src/renderer/viewer/keys.ts';
import Viewer from '../../../src/renderer/viewer/Viewer.svelte';
import type { Lab } from './lab.ts';
import { createSource, studyOf } from './study.ts';

const protocol = {
  calls: {
    'image.preview': calls['image.preview'],
    'image.info': calls['image.info'],
    'image.pixels': calls['image.pixels'],
    'analysis.saliency': calls['analysis.saliency'],
  },
  events: {},
} as const;

const source = createSource();
const { port1, port2 } = new MessageChannel();
serve(messagePort(port1), protocol, {
  'image.preview': ({ instance }) => source.preview(instance),
  'image.info': ({ instance }) => source.info(instance),
  'image.pixels': ({ instance, offset }) => source.pixels(instance, offset),
  'analysis.saliency': async () => {
    const { rows, columns, values, toImage } = window.lab.saliency;
    const [a, b, c, d, e, f] = toImage;
    const bytes = new Uint8Array(Float32Array.from(values).buffer);
    return { rows, columns, bytes, toImage: { a, b, c, d, e, f } };
  },
});
const { api } = connect(messagePort(port2), protocol);

const viewer = createViewer({ api });
let study = $state.raw<Study | null>(null);
let analysis = $state.raw<Analysis | null>(null);
let selected = $state<LabelId | null>(null);

const lab: Lab = {
  viewer,
  selections: [],
  saliency: { rows: 1, columns: 1, values: [0], toImage: [1, 0, 0, 1, 0, 0] },
  open(spec) {
    const next = studyOf(spec);
    source.add(spec, next);
    analysis = null;
    selected = null;
    const isFirst = study === null;
    study = next;
    if (isFirst) start(next);
  },
  analyse: (next) => (analysis = next),
  select: (label) => (selected = label === null ? null : LabelId.parse(label)),
};
window.lab = lab;

function start(first: Study): void {
  const target = document.getElementById('app');
  if (!target) return;
  mount(Viewer, {
    target,
    props: {
      api,
      viewer,
      settings: { saliencyOpacity: 0.4, hideAiOnOpen: false },
      onselect: (label: LabelId | null) => {
        lab.selections.push(label);
        selected = label;
      },
      get study() {
        return study ?? first;
      },
      get analysis() {
        return analysis;
      },
      get selected() {
        return selected;
      },
    },
  });
}

// as the application does it: keys are looked up in the viewer's own table
window.addEventListener('keydown', (event) => {
  const command = viewerCommands.find(({ key }) => key === keyChord(event));
  if (!command) return;
  event.preventDefault();
  command.run(viewer);
});
