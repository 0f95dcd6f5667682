CREATE FUNCTION kb.json_valid(record text) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN record IS JSON

CREATE FUNCTION kb.json_array_length(record text, place text) RETURNS integer LANGUAGE sql IMMUTABLE
    RETURN json_array_length(record::json #> string_to_array(substr(place, 3), '.'))

CREATE FUNCTION kb.json_extract(record text, VARIADIC places text[]) RETURNS text LANGUAGE sql IMMUTABLE
    BEGIN ATOMIC
        SELECT json_agg(record::json #> string_to_array(substr(place, 3), '.') ORDER BY nth)::text
        FROM unnest(places) WITH ORDINALITY AS each (place, nth);
    END

CREATE FUNCTION kb.folded(name text) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN translate(replace(
        regexp_replace(normalize(lower(coalesce(name, '')), NFD), '[\u0300-\u036f]', '', 'g'), 'ß', 'ss'), 'ς', 'σ')

CREATE FUNCTION kb.joined(one text, two text) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN CASE WHEN two IS NULL THEN one WHEN one IS NULL THEN two ELSE one || ',' || two END

CREATE AGGREGATE kb.group_concat(text) (SFUNC = kb.joined, STYPE = text)

CREATE FUNCTION kb.words_of(words text) RETURNS tsvector LANGUAGE sql IMMUTABLE
    RETURN array_to_tsvector(array_remove(string_to_array(words, ' '), ''))

CREATE FUNCTION kb.counts_of(words text) RETURNS jsonb LANGUAGE sql IMMUTABLE
    BEGIN ATOMIC
        SELECT coalesce(jsonb_object_agg(word, times), '{}') FROM (
            SELECT word, count(*) AS times FROM unnest(string_to_array(words, ' ')) AS word
            WHERE word <> '' GROUP BY word HAVING count(*) > 1) AS each;
    END
