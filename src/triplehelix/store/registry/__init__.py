"""The registry's database: SQLite by default, PostgreSQL when shared; the only way into it."""
