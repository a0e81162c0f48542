/** The window's own commands; those of the image are in viewer/commands.ts. */
import type { Command } from './command.ts';

export const deskCommands: readonly Command[] = [
  {
    id: 'study.open-files',
    title: 'Open files…',
    key: 'Ctrl+O',
    group: 'Study',
    run: (desk) => desk.imports.pick('files'),
  },
  {
    id: 'study.open-folder',
    title: 'Open folder…',
    key: 'Ctrl+Shift+O',
    group: 'Study',
    run: (desk) => desk.imports.pick('folder'),
  },
  { id: 'study.demo', title: 'Open the demo film', key: '', group: 'Study', run: (desk) => desk.imports.demo() },
  { id: 'study.list', title: 'Studies', key: 'L', group: 'Study', run: (desk) => desk.toggleDrawer() },
  { id: 'study.search', title: 'Search studies', key: '/', group: 'Study', run: (desk) => desk.searchStudies() },
  { id: 'study.next', title: 'Next study', key: 'J', group: 'Study', run: (desk) => desk.stepStudy(1) },
  { id: 'study.previous', title: 'Previous study', key: 'K', group: 'Study', run: (desk) => desk.stepStudy(-1) },

  { id: 'report.draft', title: 'Draft report', key: 'D', group: 'Report', run: (desk) => desk.draft() },
  { id: 'report.edit', title: 'Edit the report', key: 'E', group: 'Report', run: (desk) => desk.editor?.focus() },
  { id: 'report.keep', title: 'Keep a version', key: 'Ctrl+S', group: 'Report', run: (desk) => desk.keepVersion() },
  { id: 'report.versions', title: 'Versions…', key: 'Ctrl+H', group: 'Report', run: (desk) => desk.show('versions') },
  { id: 'report.undo', title: 'Undo', key: 'Ctrl+Z', group: 'Report', run: (desk) => desk.editor?.undo() },
  { id: 'report.redo', title: 'Redo', key: 'Ctrl+Y', group: 'Report', run: (desk) => desk.editor?.redo() },
  {
    id: 'report.next-sentence',
    title: 'Next sentence',
    key: 'Alt+ArrowDown',
    group: 'Report',
    run: (desk) => desk.editor?.step(1),
  },
  {
    id: 'report.previous-sentence',
    title: 'Previous sentence',
    key: 'Alt+ArrowUp',
    group: 'Report',
    run: (desk) => desk.editor?.step(-1),
  },
  {
    id: 'report.figures',
    title: 'Show or hide the figures',
    key: 'X',
    group: 'Report',
    run: (desk) => desk.toggleFigures(),
  },
  { id: 'report.print', title: 'Print…', key: 'Ctrl+P', group: 'Report', run: (desk) => desk.print() },
  {
    id: 'report.window',
    title: 'Report in a window of its own',
    key: '',
    group: 'Report',
    run: (desk) => desk.host.openReport(),
  },

  { id: 'help.commands', title: 'All commands…', key: 'Ctrl+K', group: 'Help', run: (desk) => desk.show('palette') },
  { id: 'help.keys', title: 'Keys…', key: '?', group: 'Help', run: (desk) => desk.showSettings('keys') },
  {
    id: 'help.settings',
    title: 'Settings…',
    key: 'Ctrl+,',
    group: 'Help',
    run: (desk) => desk.showSettings('reading'),
  },
  { id: 'help.packs', title: 'Models…', key: '', group: 'Help', run: (desk) => desk.showSettings('packs') },
  {
    id: 'help.test-pattern',
    title: 'Test pattern for the display',
    key: '',
    group: 'Help',
    run: (desk) => desk.imports.demo('test-pattern'),
  },
  { id: 'help.about', title: 'About RadDraft', key: '', group: 'Help', run: (desk) => desk.showSettings('about') },
];
