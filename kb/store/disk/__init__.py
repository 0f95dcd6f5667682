"""The files of a base: the database and its connections, the originals, the record of what was acknowledged."""
