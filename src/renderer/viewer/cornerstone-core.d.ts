/** The part of cornerstone-core 2.6.1 that the viewer uses, as its source has it (the package carries no types). */
declare module 'cornerstone-core' {
  import type { Cornerstone } from './cornerstone.ts';
  const cornerstone: Cornerstone;
  export default cornerstone;
}
