/** What the shells do differently: a handful of methods that the window may ask of its host. */

export interface Host {
  shell: 'electron' | 'browser';
  /** Lets the person pick files or a folder. Electron answers with paths; a browser with the files themselves. */
  pickFiles(kind: 'files' | 'folder'): Promise<Picked[]>;
  /** Turns dropped or picked files into something importable; null path where the shell has none. */
  pathOf(file: unknown): string | null;
  /** Sets the window's title; it carries no patient data. */
  setTitle(title: string): void;
  /** Menu commands arrive here by id (see the renderer's command table). */
  onCommand(listener: (command: string) => void): () => void;
}

export type Picked = { kind: 'path'; path: string; name: string } | { kind: 'file'; file: unknown; name: string };
