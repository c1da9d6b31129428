# PostgreSQL: started, stopped and killed in each step. Needs: postgresql
# Long: by hand
# Only output
# First: as() { setpriv --reuid postgres --regid postgres --init-groups env HOME=/tmp PATH=/usr/lib/postgresql/15/bin:$PATH "$@"; }; start() { as pg_ctl -D /w/postgresql/data -s -w -l /w/postgresql/log -o "-k /tmp -h ''" start; }; sql() { as psql -h /tmp -X -A -t -q -d postgres -c "$1"; }

--- a cluster
chown postgres . && as initdb -D data -k -E UTF8 --no-locale > /dev/null && start && sql 'create table t(id serial primary key, v text); create index on t(v)' && sql "insert into t(v) select md5(i::text) from generate_series(1, 20000) i" && sql 'select count(*), max(v) from t'; as pg_ctl -D data -s -m fast stop

--- started again
start; sql 'select count(*), max(v) from t'; sql 'update t set v = upper(v) where id <= 1000; vacuum analyze t; checkpoint'; as pg_ctl -D data -s -m fast stop

--- killed
start; sql "insert into t(v) values('kept')"; as psql -h /tmp -X -q -d postgres -c "begin; insert into t(v) values('lost'); select pg_sleep(600)" > /dev/null 2>&1 & sleep 2; sql "select count(*) from t"
for p in /proc/[0-9]*; do [ "$(cat $p/comm 2>/dev/null)" != postgres ] || kill -9 ${p#/proc/}; done; wait 2>/dev/null; sleep 0.5; ls data/postmaster.pid

--- recovered
rm data/postmaster.pid /tmp/.s.PGSQL.5432*; start; sql "select v from t where v in ('kept', 'lost')"; sql 'select count(*) from t'; sql 'reindex table t; vacuum full t'; as pg_ctl -D data -s -m fast stop; as pg_checksums -D data | tail -1

--- dumped and restored
start; as pg_dump -h /tmp -d postgres > dump; as createdb -h /tmp copy; as psql -h /tmp -X -q -d copy -f - < dump > /dev/null; as psql -h /tmp -X -A -t -d copy -c 'select count(*) from t'; sql 'drop table t'; as pg_ctl -D data -s -m immediate stop; sleep 0.5

--- recovered, and the cluster moves
mv data moved; mv moved data; start; as psql -h /tmp -X -A -t -d copy -c 'select count(*), min(v) from t'; sql '\dt'; as pg_ctl -D data -s -m fast stop; as pg_checksums -D data | tail -1
