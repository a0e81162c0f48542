/** Short words for what was done, with a way back where there is one. */

export interface Toast {
  id: number;
  text: string;
  kind: 'done' | 'warning';
  action: { label: string; run: () => void } | null;
}

const SHOWN_MS = 6000;

export type Toasts = ReturnType<typeof createToasts>;

export function createToasts() {
  let list = $state.raw<readonly Toast[]>([]);
  let next = 1;
  const timers: Record<number, ReturnType<typeof setTimeout>> = {};

  const dismiss = (id: number) => {
    clearTimeout(timers[id]);
    delete timers[id];
    list = list.filter((toast) => toast.id !== id);
  };
  const hold = (id: number) => clearTimeout(timers[id]);
  const release = (id: number) => {
    hold(id);
    timers[id] = setTimeout(() => dismiss(id), SHOWN_MS);
  };

  return {
    get list() {
      return list;
    },
    dismiss,
    /** While the pointer or the focus is on it, a toast stays. */
    hold,
    release,
    show(text: string, more: { kind?: Toast['kind']; action?: Toast['action'] } = {}): void {
      const id = next++;
      list = [...list.slice(-2), { id, text, kind: more.kind ?? 'done', action: more.action ?? null }];
      release(id);
    },
  };
}
