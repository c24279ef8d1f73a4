-- The search index (store/search.h). It holds nothing of its own: dropping it
-- and feeding it again loses nothing.

-- @sqlite
CREATE VIRTUAL TABLE search USING fts5(
	terms,
	content='',                 -- the terms only, not the text
	columnsize=0,               -- nothing is ranked
	detail=full,                -- positions, for phrases
	tokenize='mdg'              -- cuts at spaces (search_sqlite.c)
);
-- one segment a transaction of up to about 1,000 mails, merged by eights
INSERT INTO search(search, rank) VALUES('hashsize', 16777216);
INSERT INTO search(search, rank) VALUES('automerge', 8);
INSERT INTO search(search, rank) VALUES('crisismerge', 32);
-- @end
-- @postgresql
CREATE TABLE search (
	doc BIGINT PRIMARY KEY,
	terms TSVECTOR NOT NULL
);
-- kept in the table as far as it fits: out of it, the planner takes reading
-- every document for cheap and leaves the index aside
ALTER TABLE search ALTER COLUMN terms SET STORAGE MAIN;
CREATE INDEX search_terms ON search USING GIN (terms);
-- @end
