/** The other end of the child-process transport: forked by the ports test. */
import process from 'node:process';
import { childProcess } from '#contract/ports/childProcess.ts';
import { serveTrial } from './protocol.ts';

serveTrial(childProcess(process));
process.on('disconnect', () => process.exit());
