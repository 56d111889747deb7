#!/bin/sh
# Run once by the image of PostgreSQL: the owner of the tables, and the role of the service, which cannot change evidence.
set -eu
psql --set ON_ERROR_STOP=1 --username postgres --dbname wachbuch \
    --set owner="$(cat /run/secrets/postgres_owner_password)" \
    --set service="$(cat /run/secrets/postgres_service_password)" <<'SQL'
CREATE ROLE wachbuch_owner LOGIN PASSWORD :'owner';
CREATE ROLE wachbuch LOGIN PASSWORD :'service';
ALTER DATABASE wachbuch OWNER TO wachbuch_owner;
SQL
