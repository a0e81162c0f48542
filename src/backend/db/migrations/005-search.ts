/** An index of the worklist's words by three letters at a time, so that a search does not read every study. */
export const sql = `
-- A number that stays: VACUUM may give a table without an integer key new row ids.
ALTER TABLE studies ADD COLUMN number INTEGER;
UPDATE studies SET number = rowid;
CREATE UNIQUE INDEX studies_number ON studies (number);

CREATE VIRTUAL TABLE study_words USING fts5 (
  folded, content = '', contentless_delete = 1, tokenize = 'trigram case_sensitive 1'
);
INSERT INTO study_words (rowid, folded) SELECT number, folded FROM studies;

CREATE TRIGGER studies_get_a_number AFTER INSERT ON studies WHEN NEW.number IS NULL BEGIN
  UPDATE studies SET number = (SELECT coalesce(max(number), 0) + 1 FROM studies) WHERE uid = NEW.uid;
END;
CREATE TRIGGER studies_have_words AFTER UPDATE OF folded ON studies BEGIN
  DELETE FROM study_words WHERE rowid = NEW.number;
  INSERT INTO study_words (rowid, folded) VALUES (NEW.number, NEW.folded);
END;
`;
