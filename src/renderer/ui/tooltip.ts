/** A tooltip that carries the key: shown after a short rest or at once on keyboard focus, never in the way. */
import type { Attachment } from 'svelte/attachments';

const REST_MS = 450;
let box: HTMLElement | undefined;
let owner: Element | undefined;

/** `key` is written after the text, as the person would press it. */
export function tooltip(text: string, key = ''): Attachment<HTMLElement> {
  return (element) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = () => place(element, text, key);
    const hide = () => {
      clearTimeout(timer);
      if (owner === element) remove();
    };
    const rest = () => {
      clearTimeout(timer);
      timer = setTimeout(show, REST_MS);
    };
    const focus = () => element.matches(':focus-visible') && show();
    const events: [string, () => unknown][] = [
      ['pointerenter', rest],
      ['pointerleave', hide],
      ['pointerdown', hide],
      ['focus', focus],
      ['blur', hide],
      ['keydown', hide],
    ];
    for (const [name, listener] of events) element.addEventListener(name, listener);
    return () => {
      hide();
      for (const [name, listener] of events) element.removeEventListener(name, listener);
    };
  };
}

function remove(): void {
  box?.remove();
  box = undefined;
  owner = undefined;
}

function place(element: HTMLElement, text: string, key: string): void {
  remove();
  owner = element;
  box = document.createElement('div');
  box.className = 'tooltip';
  box.setAttribute('aria-hidden', 'true');
  box.append(text);
  if (key) {
    const label = document.createElement('kbd');
    label.textContent = key;
    box.append(label);
  }
  // Inside an open dialog, or it would lie under the top layer.
  (element.closest('dialog') ?? document.body).append(box);
  const at = element.getBoundingClientRect();
  const own = box.getBoundingClientRect();
  const below = at.bottom + 6 + own.height < innerHeight;
  const left = Math.min(Math.max(6, at.left + (at.width - own.width) / 2), innerWidth - own.width - 6);
  box.style.left = `${left}px`;
  box.style.top = `${below ? at.bottom + 6 : at.top - own.height - 6}px`;
}
