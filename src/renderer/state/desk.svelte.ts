/** The window's desk: all areas of its state in one place, and what commands do with more than one of them. */
import { tick } from 'svelte';
import type { Host } from '#contract/host.ts';
import type { StudyId } from '#core/study/ids.ts';
import { commands, keyLabel, keyOf } from '../commands/command.ts';
import type { Link } from '../link/link.ts';
import type { EditorHandle } from '../report/editorHandle.ts';
import { clockTime } from '../worklist/format.ts';
import { createApp } from './app.svelte.ts';
import { createImports } from './imports.svelte.ts';
import { createJobs } from './jobs.svelte.ts';
import { createReading } from './reading.svelte.ts';
import { createSettings } from './settings.svelte.ts';
import { createToasts } from './toasts.svelte.ts';
import { createViewer } from './viewer.svelte.ts';
import { wordsOf } from './words.ts';
import { createWorklist } from './worklist.svelte.ts';

export type SettingsPage = 'reading' | 'keys' | 'engine' | 'packs' | 'about';
export type DialogName = 'palette' | 'settings' | 'versions';

export type Desk = ReturnType<typeof createDesk>;

export function createDesk(link: Link, host: Host) {
  const toasts = createToasts();
  const settings = createSettings(link, (message) => toasts.show(message, { kind: 'warning' }));
  const app = createApp(link);
  const jobs = createJobs(link);
  const worklist = createWorklist(link);
  const reading = createReading(link, jobs);
  const viewer = createViewer({ api: link.api });
  const imports = createImports({ link, host, jobs, toasts, openStudy: (study) => void openStudy(study) });

  let drawer = $state(false);
  /** Goes up when the search box should take the focus. */
  let searches = $state(0);
  let dialog = $state<DialogName | null>(null);
  let page = $state<SettingsPage>('reading');
  let figures = $state(false);
  let editor = $state.raw<EditorHandle | null>(null);

  async function openStudy(study: StudyId): Promise<void> {
    await reading.open(study);
    if (reading.study?.summary.id !== study) return;
    drawer = false;
  }

  async function start(): Promise<void> {
    const [state] = await Promise.all([
      app.load(),
      settings.load().catch((error: unknown) => toasts.show(wordsOf(error), { kind: 'warning' })),
      worklist.load(),
    ]);
    if (state && state.openAtStart.length > 0) await imports.runSources(state.openAtStart);
    else if (state && state.studies > 0) drawer = true;
  }

  return {
    host,
    link,
    toasts,
    settings,
    app,
    jobs,
    worklist,
    reading,
    viewer,
    imports,
    start,
    openStudy,

    get drawer() {
      return drawer;
    },
    get searches() {
      return searches;
    },
    get dialog() {
      return dialog;
    },
    get page() {
      return page;
    },
    get figures() {
      return figures;
    },
    get editor() {
      return editor;
    },
    set editor(handle: EditorHandle | null) {
      editor = handle;
    },

    toggleDrawer: () => (drawer = !drawer),
    closeDrawer: () => (drawer = false),
    searchStudies() {
      drawer = true;
      searches++;
    },
    show: (name: DialogName) => (dialog = name === 'versions' && !reading.session?.view ? null : name),
    showSettings(to: SettingsPage) {
      page = to;
      dialog = 'settings';
    },
    closeDialog: () => (dialog = null),
    async toggleFigures(): Promise<void> {
      figures = !figures;
      await tick();
      editor?.reveal();
    },

    /** The next or previous study of the list as it is searched now. */
    async stepStudy(by: 1 | -1): Promise<void> {
      const here = worklist.studies.findIndex(({ id }) => id === (reading.opening ?? reading.study?.summary.id));
      const next = worklist.studies[here + by];
      if (here < 0 || !next) return;
      worklist.move(here + by);
      await openStudy(next.id);
    },
    /** Drafts the report of the study on the screen; one that ends after the reader went on is announced, not shown. */
    async draft(): Promise<void> {
      const { session } = reading;
      if (!session || (await session.make()) === 'not asked' || reading.session === session) return;
      const open = { label: 'Open', run: () => void openStudy(session.study) };
      if (session.status.kind === 'ready') toasts.show('The draft of the other study is ready', { action: open });
      else if (session.status.kind !== 'none')
        toasts.show('The draft of the other study was not made', { kind: 'warning', action: open });
    },
    /** The key of a command, as it is written on the keyboard; empty when it has none. */
    key(id: string): string {
      const command = commands.find((candidate) => candidate.id === id);
      return command ? keyLabel(keyOf(command, settings.value.keys)) : '';
    },
    async keepVersion(): Promise<void> {
      const { session } = reading;
      if (!session?.view) return;
      try {
        const version = await session.keep();
        if (version) toasts.show(`Version ${version.number} kept at ${clockTime(version.createdAt)}`);
      } catch (error) {
        toasts.show(wordsOf(error), { kind: 'warning' });
      }
    },
  };
}
