/** Starts the window: fonts, the line to the backend, and the desk that everything stands on. */
import './jitless.ts';
import 'prosemirror-view/style/prosemirror.css';
import './ui/tokens.css';
import './ui/base.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { hostOf } from './host.ts';
import { createLink } from './link/link.ts';
import { preloadSource, socketSource } from './link/sources.ts';
import { createDesk } from './state/desk.svelte.ts';
import { declareFonts } from './ui/fonts.ts';

declareFonts(document.fonts);
const host = hostOf(window);
const link = createLink(host.shell === 'electron' ? preloadSource(window) : socketSource(window.location));
const desk = createDesk(link, host, window.location.hash === '#report' ? 'report' : 'first');
const target = document.getElementById('app');
if (!target) throw new Error('expected the element #app in index.html, found none');
mount(App, { target, props: { desk } });
void desk.start();
