/** What the shells do differently: a handful of methods that the window may ask of its host. */

export interface Host {
  shell: 'electron' | 'browser';
  /** Lets the person pick files or a folder. Electron answers with paths; a browser with the files themselves. */
  pickFiles(kind: 'files' | 'folder'): Promise<Picked[]>;
  /** Turns dropped or picked files into something importable; null path where the shell has none. */
  pathOf(file: unknown): string | null;
  /** Sets the window's title; it carries no patient data. */
  setTitle(title: string): void;
  /** What the shell says to this window, in order; what was said while the page was loading is heard too. */
  onWord(listener: (word: HostWord) => void): () => void;
  /** Prints what the page shows in print. Answers why it was not printed; empty when it was, or the person cancelled. */
  print(): Promise<string>;
  /** Lets the person save a text as a file, readable by them alone. Answers why it was not; empty when it was, or they cancelled. */
  saveFile(name: string, text: string): Promise<string>;
  /** Lets the person save what the page shows in print as a PDF. Answers as `saveFile`; a browser prints, and saves from there. */
  savePdf(name: string): Promise<string>;
  /** Opens the second window, which shows the report, or brings it to the front. Browser mode has none. */
  openReport(): void;
}

export type HostWord =
  /** A menu's command by id (see the renderer's command table). */
  | { word: 'command'; id: string }
  /** Files and folders of the command line, of a second start, or opened by the system with this program. */
  | { word: 'open'; paths: string[] }
  /** This window's page had crashed, and was loaded again. */
  | { word: 'recovered' }
  /** The machine goes to sleep, is locked or shuts down: what is not stored is stored now. */
  | { word: 'sleep' }
  | { word: 'wake' };

export type Picked = { kind: 'path'; path: string; name: string } | { kind: 'file'; file: unknown; name: string };
