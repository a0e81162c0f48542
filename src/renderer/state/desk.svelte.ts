/** The window's desk: all areas of its state in one place, and what commands do with more than one of them. */
import { tick } from 'svelte';
import type { Host } from '#contract/host.ts';
import { StudyId } from '#core/study/ids.ts';
import { commands, keyLabel, keyOf } from '../commands/command.ts';
import { createCriticals } from '../desk/critical.svelte.ts';
import { createMine } from '../desk/mine.svelte.ts';
import { createRoom, type RoomPage } from '../desk/room.svelte.ts';
import type { Link } from '../link/link.ts';
import { takeKeyImage } from '../print/keyImage.ts';
import { createKeyImages } from '../print/keyImages.svelte.ts';
import type { Printing } from '../print/printing.ts';
import { createPhrases } from '../phrases/phrases.svelte.ts';
import { createSpelling } from '../spelling/spelling.svelte.ts';
import { createDeciding } from '../report/deciding.svelte.ts';
import type { EditorHandle } from '../report/editorHandle.ts';
import { clockTime } from '../worklist/format.ts';
import { createApp } from './app.svelte.ts';
import { createImports } from './imports.svelte.ts';
import { createJobs } from './jobs.svelte.ts';
import { followSession } from './followSession.ts';
import { createPair } from './pair.svelte.ts';
import { createReading } from './reading.svelte.ts';
import { createSession } from './session.svelte.ts';
import { createSettings } from './settings.svelte.ts';
import { createSigning } from './signing.svelte.ts';
import { createToasts } from './toasts.svelte.ts';
import { createViewer } from './viewer.svelte.ts';
import { wordsOf } from './words.ts';
import { createWorklist } from './worklist.svelte.ts';

export type SettingsPage = 'reading' | 'keys' | 'engine' | 'packs' | 'about';
export type AdministrationPage = 'people' | 'checks' | 'security' | 'backups' | 'audit';
export type DialogName =
  | 'palette'
  | 'settings'
  | 'versions'
  | 'first-person'
  | 'administration'
  | 'password'
  | 'sign'
  | 'signed-versions'
  | 'correct'
  | 'discard'
  | 'my-reviews'
  | 'critical'
  | 'print'
  | 'phrases'
  | 'words'
  | 'critical-list';

export type Desk = ReturnType<typeof createDesk>;

/** Under it the shell's window remembers, as long as it lives, which study was read. */
const READING = 'study';

/** `role`: the first window, or the second one, which shows the report alone. */
export function createDesk(link: Link, host: Host, role: 'first' | 'report' = 'first') {
  // First: a line that came back takes its session up before anything else is asked.
  const session = createSession(link);
  const toasts = createToasts();
  const settings = createSettings(link, (message) => toasts.show(message, { kind: 'warning' }));
  const app = createApp(link);
  const jobs = createJobs(link);
  const worklist = createWorklist(link);
  const reading = createReading(link, jobs);
  const viewer = createViewer({ api: link.api });
  const room = createRoom({ link, reading });
  const mine = createMine({ link, session });
  const criticals = createCriticals({ link, session });
  const phrases = createPhrases({ link, session, reading });
  const spelling = createSpelling({ link, session, settings, reading });
  const imports = createImports({ link, host, jobs, toasts, openStudy: (study) => void openStudy(study) });

  const signing = createSigning({ link, session, toasts, reading, show: (name) => (dialog = name) });

  let drawer = $state(false);
  /** Goes up when the search box should take the focus. */
  let searches = $state(0);
  let dialog = $state<DialogName | null>(null);
  let page = $state<SettingsPage>('reading');
  let administration = $state<AdministrationPage>('people');
  /** Whose text in this window is not stored, after the session ended. */
  let leftUnsavedBy = $state<string | null>(null);
  let figures = $state(false);
  let editor = $state.raw<EditorHandle | null>(null);
  /** What is being printed: since when (milliseconds since 1970), and the released text where there is one. */
  let printing = $state.raw<Printing | null>(null);
  const deciding = createDeciding({ link, reading, toasts, editor: () => editor, editable: () => signing.editable });
  const keyImages = createKeyImages(link);
  /** The bar for finding words in the report is there. */
  let finding = $state(false);
  /** Named while nobody was there who may open it. */
  let named: string[] = [];

  const pair = createPair({
    role: host.shell === 'electron' ? role : 'alone',
    shared: () => ({
      study: reading.study?.summary.id ?? null,
      selected: reading.selected,
      aiHidden: viewer.aiHidden,
    }),
    follow({ study, selected, aiHidden }) {
      if (study !== null && study !== reading.study?.summary.id && study !== reading.opening) void openStudy(study);
      if (selected !== reading.selected) reading.select(selected);
      viewer.setAiHidden(aiHidden);
    },
    seat: {
      share: () => session.share(),
      join: (token) => void session.join(token),
      // Text that somebody left here waits for them, and for nobody else.
      free: () => session.state?.kind === 'signed-out' && leftUnsavedBy === null,
    },
    async store() {
      await reading.session?.flush();
      const kind = signing.unsaved ? 'unsaved' : (reading.session?.save?.kind ?? 'saved');
      if (kind !== 'saved') toasts.show('The report stays in this window until its text is saved', { kind: 'warning' });
      return kind === 'saved';
    },
  });

  async function openStudy(study: StudyId): Promise<void> {
    await reading.open(study);
    if (reading.study?.summary.id !== study) return;
    room.close();
    drawer = false;
    // In Electron this lives in memory only; a browser might write it to the disk.
    if (host.shell === 'electron') sessionStorage.setItem(READING, study);
  }

  async function start(): Promise<void> {
    await Promise.all([
      app.load(),
      settings.load().catch((error: unknown) => toasts.show(wordsOf(error), { kind: 'warning' })),
      session.load(),
    ]);
    // Before the first call of `whoSits` the program's state is not there yet.
    whoSits.started();
  }

  /** Somebody is inside who was not: the studies are there for whoever may open them. */
  async function begin(first: boolean): Promise<void> {
    if (!session.reads) return;
    await worklist.load();
    if (role === 'report') return pair.ask();
    const { state } = app;
    if (!session.may('radiologist')) return showRoom('reports');
    if (first && state && state.openAtStart.length > 0 && session.may('radiologist'))
      await imports.runSources(state.openAtStart);
    else if (state && worklist.total > 0 && !reading.study && jobs.list.length === 0) drawer = true;
  }
  /** What is typed is stored first: the study on the screen is closed. */
  async function showRoom(page: RoomPage): Promise<void> {
    if (role === 'report') return;
    await reading.session?.flush();
    if (reading.unsaved || signing.unsaved) {
      toasts.show('The study stays open until its text is saved', { kind: 'warning' });
      return;
    }
    dialog = null;
    drawer = false;
    await room.show(page);
  }
  const whoSits = followSession({
    session,
    begin: (first) => void begin(first),
    unsaved: () => reading.unsaved || signing.unsaved,
    clear() {
      room.close();
      keyImages.clear();
      reading.close();
      signing.endAddendum();
      dialog = null;
      drawer = false;
    },
    keptFor: (login) => (leftUnsavedBy = login),
  });

  // A draft takes several turns of the engine: what one of them says is gone with the next.
  let failure = '';
  link.on('engine.changed', ({ failure: now }) => {
    if (now !== '' && now !== failure) toasts.show(now, { kind: 'warning' });
    failure = now;
  });
  session.onChange((now) => {
    if (now.kind === 'signed-in' || now.kind === 'signed-out') pair.seatChanged();
    if (named.length > 0) void openPaths(named.splice(0));
  });

  /** What the command line, a second start or the system named. What is typed in the study before is stored first. */
  async function openPaths(paths: readonly string[]): Promise<void> {
    if (!session.inside || !session.may('radiologist')) {
      named = [...named, ...paths];
      return;
    }
    dialog = null;
    await reading.session?.flush();
    await imports.runSources(paths.map((path) => ({ kind: 'path', path })));
  }

  /** The page had crashed: the study that was read is opened again. */
  async function recover(): Promise<void> {
    toasts.show('This window had stopped and was opened again. The text is as it was last saved.', { kind: 'warning' });
    const study = StudyId.safeParse(sessionStorage.getItem(READING));
    if (study.success && role === 'first') await openStudy(study.data);
  }

  /** The machine was asleep: what could not be stored is stored, and whether anybody answers is found out. */
  async function wake(): Promise<void> {
    await reading.session?.flush();
    await app.load();
  }

  /** What goes on paper: the version in force as it was released, else the text as it stands. Null: nothing may. */
  async function toPrint(purpose: 'print' | 'export'): Promise<Printing | null> {
    const warn = (text: string) => void toasts.show(text, { kind: 'warning' });
    const draft = reading.session;
    if (!draft?.view) return (warn('There is no report to print yet'), null);
    await draft.flush();
    const images = reading.study ? await keyImages.load(reading.study.summary.id) : [];
    const more = { at: Date.now(), images, withOverlay: keyImages.withOverlay && !viewer.aiHidden };
    const { status } = signing;
    if (status?.inForce && status.stage !== 'ai-draft' && status.stage !== 'in-progress') {
      const { number } = status.inForce;
      const { version, text, head } = await link.api['report.output']({ draft: status.draft, number, purpose });
      return { ...more, released: version && { version, text }, head };
    }
    if (viewer.aiHidden) return (warn('Show AI first: the report holds sentences that it drafted'), null);
    if (draft.save?.kind !== 'saved') return (warn('Not printed, because the text is not saved yet'), null);
    // What nobody released goes on paper too: the log keeps that it did.
    await link.api['report.output']({ draft: draft.view.draft.id, number: null, purpose });
    return { ...more, released: null, head: null };
  }

  async function output(purpose: 'print' | 'export', run: () => Promise<string>): Promise<void> {
    const failed = purpose === 'print' ? 'Not printed.' : 'Not saved.';
    try {
      printing = await toPrint(purpose);
      if (!printing) return;
      dialog = null;
      await tick();
      await Promise.all([...document.images].map((image) => image.decode().catch(() => undefined)));
      const why = await run();
      if (why) toasts.show(`${failed} ${why}`, { kind: 'warning' });
    } catch (error) {
      toasts.show(`${failed} ${wordsOf(error)}`, { kind: 'warning' });
    } finally {
      printing = null;
    }
  }
  /** Why a report takes no words now, and what there is to do. */
  const closedBecause = (whenSigned: string) =>
    signing.status?.stage === 'discarded'
      ? 'This report was discarded. Draft it again, or write a new one'
      : `This report is signed. ${whenSigned}`;
  const print = () => output('print', () => host.print());
  /** The file's name tells nothing of a patient. */
  const savePdf = () => output('export', () => host.savePdf('report.pdf'));

  async function keepKeyImage(): Promise<void> {
    const { study, session: draft } = reading;
    const image = study && takeKeyImage(viewer, draft?.view?.analysis ?? null, reading.selected);
    if (!study || !image) return void toasts.show('There is no image on the screen to keep', { kind: 'warning' });
    try {
      const count = await keyImages.keep(study.summary.id, draft?.view?.draft.id ?? null, image);
      toasts.show(`Key image ${count} kept for the print`);
    } catch (thrown) {
      toasts.show(wordsOf(thrown), { kind: 'warning' });
    }
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
    pair,
    session,
    signing,
    deciding,
    room,
    mine,
    criticals,
    phrases,
    spelling,
    showRoom,
    start,
    openStudy,
    openPaths,
    recover,
    wake,
    print,
    savePdf,
    keyImages,
    keepKeyImage,
    get finding() {
      return finding && editor !== null;
    },
    find: () => (finding = editor !== null),
    endFinding: () => (finding = false),
    get printing() {
      return printing;
    },

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
    get administration() {
      return administration;
    },
    /** Whose text in this window is not stored, after their session ended; null: nobody's. */
    get leftUnsavedBy() {
      return leftUnsavedBy;
    },
    /** Something that was typed in this window is not stored yet. */
    get unsaved(): boolean {
      return reading.unsaved || signing.unsaved;
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
    /** The caret into the text; where it may not be written in, that is said. */
    edit(): void {
      if (reading.session?.view && !signing.editable)
        toasts.show(
          session.may('radiologist')
            ? closedBecause('Begin an addendum or a correction to add to it')
            : 'Only a radiologist writes in a report',
        );
      else editor?.focus();
    },
    /** The reader's last measurement on this image, as a sentence of theirs. */
    writeMeasurement() {
      const sentence = viewer.measured();
      if (sentence === '') toasts.show('Nothing is measured on this image yet', { kind: 'warning' });
      else if (!editor?.add(sentence)) toasts.show('There is no text that can be written in now', { kind: 'warning' });
      else toasts.show(`Written at the end of the findings: ${sentence}`);
    },
    /** On the finding that is selected; a rejection asks why, a change how. */
    judge(act: 'accepted' | 'rejected' | 'modified') {
      const finding = reading.session?.view?.analysis?.findings.find(({ label }) => label === reading.selected);
      if (!finding || viewer.aiHidden || !session.may('radiologist')) return;
      if (!signing.editable)
        toasts.show(closedBecause('Begin a correction to decide on its findings again'), { kind: 'warning' });
      else if (act === 'accepted') void deciding.accept(finding);
      else deciding.ask(finding.label, act);
    },
    /** People, checks, security, the audit log: as far as the person may. */
    administer(to: AdministrationPage) {
      administration = to;
      dialog = session.state?.kind === 'evaluation' && to === 'people' ? 'first-person' : 'administration';
    },
    async lock(): Promise<void> {
      if (session.state?.kind !== 'signed-in') return;
      await reading.session?.flush();
      await session.lock().catch((error: unknown) => toasts.show(wordsOf(error), { kind: 'warning' }));
    },
    /** What was typed is stored first; what could not be stored stays in the window for its person. */
    async signOut(): Promise<void> {
      if (session.state?.kind !== 'signed-in' && session.state?.kind !== 'locked') return;
      await reading.session?.flush();
      await session.signOut();
    },
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
      if (room.page !== null) return room.step(by);
      const place = () => worklist.studies.findIndex(({ id }) => id === (reading.opening ?? reading.study?.summary.id));
      // A study that came a moment ago is not listed yet.
      if (place() < 0) await worklist.settled();
      const here = place();
      const next = worklist.studies[here + by];
      if (here < 0 || !next) return;
      worklist.move(here + by);
      await openStudy(next.id);
    },
    /** Drafts the report of the study that is meant; one that ends after the reader went on is announced, not shown. */
    async draft(): Promise<void> {
      const session = await reading.meant();
      const again = signing.status?.stage === 'discarded';
      if (!session || (await session.make(again)) === 'not asked' || reading.session === session) return;
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
