/** Property tests ask the same cases every time: a failure on one machine is the same failure on the next. */
import fc from 'fast-check';

fc.configureGlobal({ seed: 20261122 });
