"""The engine for a base that several machines serve: PostgreSQL. The one room that imports psycopg."""
