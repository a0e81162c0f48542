/** Version 11: the sentence that a reader stands for when a finding is said in the reader's words; empty where none is. */
export const sql = `
ALTER TABLE finding_verdicts ADD COLUMN stated TEXT NOT NULL DEFAULT '';
`;
