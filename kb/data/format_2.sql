INSERT OR IGNORE INTO passage_subtopics SELECT passages.key, subtopic.value FROM passages,
    json_each(CASE WHEN json_valid(record) THEN record ELSE '{}' END, '$.topics') AS topic,
    json_each(CASE WHEN topic.type = 'object' THEN topic.value ELSE '{}' END, '$.subtopics') AS subtopic;

ALTER TABLE documents ADD COLUMN media_type TEXT;
ALTER TABLE documents ADD COLUMN duplicate_of TEXT;
ALTER TABLE documents ADD COLUMN translation_of TEXT;
UPDATE documents SET media_type = json_extract(record, '$.media_type'),
    duplicate_of = json_extract(record, '$.duplicate_of'),
    translation_of = json_extract(record, '$.translation_of') WHERE json_valid(record);
CREATE INDEX IF NOT EXISTS documents_by_bytes ON documents (sha256);
CREATE INDEX IF NOT EXISTS documents_by_repeated ON documents (duplicate_of) WHERE duplicate_of IS NOT NULL;
CREATE INDEX IF NOT EXISTS documents_by_translated ON documents (translation_of) WHERE translation_of IS NOT NULL;
CREATE INDEX IF NOT EXISTS aliases_by_document ON aliases (document_id);
CREATE INDEX IF NOT EXISTS deliveries_by_webhook ON deliveries (webhook_id);

ALTER TABLE passage_topics ADD COLUMN score REAL;
UPDATE passage_topics SET score = (
    SELECT CASE WHEN json_type(one, '$.score') IN ('real', 'integer') THEN json_extract(one, '$.score') END FROM (
        SELECT CASE WHEN given.type = 'object' THEN given.value ELSE '{}' END AS one FROM passages,
            json_each(CASE WHEN json_valid(record) THEN record ELSE '{}' END, '$.topics') AS given
        WHERE passages.key = passage_topics.key)
    WHERE json_extract(one, '$.topic') = topic);
