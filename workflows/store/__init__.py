"""All tables and all SQL. The only package that imports SQLAlchemy and Alembic."""
