/** The window's own icons: a few strokes on a 16 × 16 grid, drawn in the colour of the text. */
export const icons = {
  ai: 'M8 2.2 9.4 6.6 13.8 8 9.4 9.4 8 13.8 6.6 9.4 2.2 8 6.6 6.6Z',
  check: 'M3 8.5 6.5 12 13 4.5',
  'chevron-down': 'M4 6l4 4 4-4',
  'chevron-up': 'M4 10l4-4 4 4',
  'chevron-right': 'M6 4l4 4-4 4',
  close: 'M4 4l8 8M12 4l-8 8',
  demo: 'M2.5 3.5h11v9h-11zM6.5 6v4l3.5-2z',
  edit: 'M10.5 3.2l2.3 2.3L5.6 12.7l-3 .7.7-3zM9 4.7 11.3 7',
  error: 'M8 1.8 14.2 8 8 14.2 1.8 8ZM8 5v3.6M8 11v.1',
  eye: 'M1.5 8C3 5.2 5.3 3.8 8 3.8S13 5.2 14.5 8C13 10.8 10.7 12.2 8 12.2S3 10.8 1.5 8ZM8 6a2 2 0 1 1 0 4 2 2 0 0 1 0-4Z',
  'eye-off':
    'M2 2l12 12M6.2 4.1A6.3 6.3 0 0 1 8 3.8c2.7 0 5 1.4 6.5 4.2a9 9 0 0 1-2 2.5M4.4 5A8.6 8.6 0 0 0 1.5 8c1.5 2.8 3.8 4.2 6.5 4.2 1.2 0 2.4-.3 3.4-.9',
  file: 'M4 1.8h5l3 3v9.4H4ZM9 1.8v3h3',
  folder: 'M1.8 4h4.5l1.4 1.6h6.5v7.4H1.8Z',
  history: 'M2.5 8A5.5 5.5 0 1 0 4.2 4L2.5 5.6M2.5 2.5v3.1h3.1M8 5v3.2l2.2 1.3',
  image: 'M2 3h12v10H2zM2 11l3.5-3.5 3 3L11 8l3 3M10 5.8v.1',
  info: 'M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8ZM8 7.2v4M8 4.8v.1',
  keep: 'M4 2h8v12l-4-3-4 3Z',
  lock: 'M3.5 7h9v7h-9zM5.5 7V4.8a2.5 2.5 0 0 1 5 0V7',
  menu: 'M2 4h12M2 8h12M2 12h12',
  open: 'M8 10.5V2.5M5 5.5l3-3 3 3M2.5 10v3.5h11V10',
  redo: 'M10.5 3 13.5 6l-3 3M13.2 6H6.5a3.7 3.7 0 0 0 0 7.4H9',
  reset: 'M13.5 8A5.5 5.5 0 1 1 11.8 4l1.7 1.6M13.5 2.5v3.1h-3.1',
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9ZM10.3 10.3 14 14',
  settings: 'M2 4.5h6M12 4.5h2M10 2.5v4M2 11.5h2M8 11.5h6M6 9.5v4',
  studies: 'M2 3h3v3H2zM2 10h3v3H2zM7.5 4.5H14M7.5 11.5H14',
  undo: 'M5.5 3 2.5 6l3 3M2.8 6h6.7a3.7 3.7 0 0 1 0 7.4H7',
  warning: 'M8 2 14.5 13.5h-13ZM8 6.5v3.3M8 11.7v.1',
} as const;

export type IconName = keyof typeof icons;
