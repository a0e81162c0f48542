/** What no window may do (Electron's security checklist): go elsewhere, open windows, hold webviews, ask for devices. */
import type { App, Session } from 'electron';
import { PAGE } from './page.ts';

/**
 * The window has no use for a network. The content security policy and the session's filter do not see WebRTC, which
 * could still speak to a named peer: it gets no UDP socket, and no name or address resolves.
 */
export function guardNetwork(app: App): void {
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
  app.on('web-contents-created', (_event, contents) => contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp'));
}

export function guardContents(app: App): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event, url) => {
      if (url !== PAGE) event.preventDefault();
    });
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}

export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
  // Dictionaries would be fetched.
  session.setSpellCheckerEnabled(false);
}
