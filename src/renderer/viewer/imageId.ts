/** Cornerstone's name for one frame: `raddraft:SOPINSTANCEUID/FRAME`, frames counted from 0. */
import type { InstanceId } from '#core/study/ids.ts';

export const SCHEME = 'raddraft';

export interface ImageRef {
  instance: InstanceId;
  frame: number;
}

export const imageIdOf = ({ instance, frame }: ImageRef): string => `${SCHEME}:${instance}/${frame}`;

export const sameImage = (a: ImageRef, b: ImageRef): boolean => a.instance === b.instance && a.frame === b.frame;
