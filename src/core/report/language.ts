/** The languages that a draft can be written in. */
import * as z from 'zod';

export const ReportLanguage = z.enum(['en', 'de']);
export type ReportLanguage = z.infer<typeof ReportLanguage>;
