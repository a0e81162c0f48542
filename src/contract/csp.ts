/** The content security policy that every shell sends with the window's page. */

/**
 * `trusted-types` names the two policies that the window needs: Svelte clones templates through
 * `svelte-trusted-html` (svelte/internal/client/dom/reconciler), ProseMirror parses its clipboard through
 * `ProseMirrorClipboard` (prosemirror-view/clipboard). Anything else that would turn text into markup throws.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types svelte-trusted-html ProseMirrorClipboard',
].join('; ');
