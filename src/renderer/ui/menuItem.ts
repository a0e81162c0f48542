/** One entry of a menu. */
export interface MenuItem {
  id: string;
  label: string;
  /** The key that does the same, as it is written on a keyboard. */
  key: string;
  run: () => unknown;
  /** A thin line above. */
  divided?: boolean;
}
