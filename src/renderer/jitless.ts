/** Imported before everything else: zod would try to compile its checks with `new Function`, which the policy forbids. */
import * as z from 'zod';

z.config({ jitless: true });
