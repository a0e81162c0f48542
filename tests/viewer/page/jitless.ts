/** Imported first: without this zod probes for eval at every schema, and the security policy reports it. */
import * as z from 'zod';

z.config({ jitless: true });
