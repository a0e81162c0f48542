/** The application's menu: its items name commands of the window by id (see the renderer's command table). */

export type MenuRole =
  'quit' | 'cut' | 'copy' | 'paste' | 'selectAll' | 'resetZoom' | 'zoomIn' | 'zoomOut' | 'togglefullscreen';

/** A command of the window, something that the system does by itself, or a line between two parts. */
export type MenuEntry = readonly [label: string, command: string] | MenuRole | '-';

export const menus: Record<string, readonly MenuEntry[]> = {
  Study: [
    ['Open files…', 'study.open-files'],
    ['Open folder…', 'study.open-folder'],
    ['Open the demo film', 'study.demo'],
    '-',
    ['Studies', 'study.list'],
    ['Search studies', 'study.search'],
    '-',
    'quit',
  ],
  Edit: [['Undo', 'report.undo'], ['Redo', 'report.redo'], '-', 'cut', 'copy', 'paste', 'selectAll'],
  Report: [
    ['Draft report', 'report.draft'],
    ['Edit the report', 'report.edit'],
    ['Keep a version', 'report.keep'],
    ['Versions…', 'report.versions'],
    '-',
    ['Sign…', 'report.sign'],
    ['Release as preliminary', 'report.preliminary'],
    ['Begin an addendum', 'report.addendum'],
    ['Correct the signed report…', 'report.correct'],
    ['The report stands after late images', 'report.stands'],
    ['Discard…', 'report.discard'],
    ['Signed versions…', 'report.signed-versions'],
    '-',
    ['Print…', 'report.print'],
    ['Print with key images, or as PDF…', 'report.print-options'],
    ['Report in a window of its own', 'report.window'],
  ],
  View: [['Show or hide AI', 'viewer.toggle-ai'], '-', 'resetZoom', 'zoomIn', 'zoomOut', '-', 'togglefullscreen'],
  Help: [
    ['All commands…', 'help.commands'],
    ['Keys…', 'help.keys'],
    ['Settings…', 'help.settings'],
    ['Models…', 'help.packs'],
    ['Test pattern for the display', 'help.test-pattern'],
    '-',
    ['People…', 'people.list'],
    ['Checks before signing…', 'people.checks'],
    ['Security…', 'people.security'],
    ['Backups…', 'people.backups'],
    ['Audit log…', 'people.audit'],
    '-',
    ['Lock', 'session.lock'],
    ['Sign out', 'session.sign-out'],
    '-',
    ['About RadDraft', 'help.about'],
  ],
};
