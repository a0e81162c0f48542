/** Where a window goes: as it was left, but never larger than its screen nor off every screen. Pixels of the desktop. */
import * as z from 'zod';

const Rectangle = z.object({ x: z.int(), y: z.int(), width: z.int(), height: z.int() });
export type Rectangle = z.infer<typeof Rectangle>;

/** How a window was left; nothing of a patient. */
export const WindowPlace = Rectangle.extend({ maximized: z.boolean().default(false) });
export type WindowPlace = z.infer<typeof WindowPlace>;

/** As large as it was left, wholly inside the screen that showed most of it; in the middle of `usual` where none did. */
export function placeOn(
  screens: readonly Rectangle[],
  left: Rectangle | null,
  usual: Rectangle,
  size: { width: number; height: number },
): Rectangle {
  const shown = (screen: Rectangle): number => {
    if (!left) return 0;
    const width = Math.min(screen.x + screen.width, left.x + left.width) - Math.max(screen.x, left.x);
    const height = Math.min(screen.y + screen.height, left.y + left.height) - Math.max(screen.y, left.y);
    return Math.max(0, width) * Math.max(0, height);
  };
  const best = screens.reduce<Rectangle | null>(
    (most, screen) => (shown(screen) > (most ? shown(most) : 0) ? screen : most),
    null,
  );
  const screen = best ?? usual;
  const width = Math.min(left?.width ?? size.width, screen.width);
  const height = Math.min(left?.height ?? size.height, screen.height);
  const middle = { x: screen.x + (screen.width - width) / 2, y: screen.y + (screen.height - height) / 2 };
  const { x, y } = best && left ? left : middle;
  return {
    x: Math.round(Math.max(screen.x, Math.min(x, screen.x + screen.width - width))),
    y: Math.round(Math.max(screen.y, Math.min(y, screen.y + screen.height - height))),
    width,
    height,
  };
}
