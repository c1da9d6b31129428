# SQLite, with crashes. Needs: sqlite3 python3
# Unlike: -(journal|wal|shm)$|^(app|copy)\.db$

--- a database
sqlite3 app.db 'create table t(id integer primary key, v text); insert into t(v) select hex(zeroblob(200)) from (with recursive n(i) as (select 1 union all select i+1 from n where i<2000) select i from n); select count(*) from t'

--- read only (changes nothing)
sqlite3 app.db 'select count(*), sum(id) from t; pragma integrity_check'

--- a crash in the middle of a transaction
python3 - <<'PY'
import os, sqlite3
c = sqlite3.connect("app.db", isolation_level=None)
c.execute("pragma cache_size=5"); c.execute("begin")
c.execute("update t set v = 'lost' where id > 5"); print(c.execute("select count(*) from t where v='lost'").fetchone(), flush=True)
os._exit(9)
PY
ls

--- it is rolled back
sqlite3 app.db "select count(*) from t where v='lost'; pragma integrity_check"; ls

--- with a write-ahead log and a crash
sqlite3 app.db 'pragma journal_mode=wal'
python3 - <<'PY'
import os, sqlite3
c = sqlite3.connect("app.db", isolation_level=None)
c.execute("insert into t(v) values('kept')"); c.execute("begin"); c.execute("insert into t(v) values('lost')")
os._exit(9)
PY
ls

--- the log is played
sqlite3 app.db "select v from t where v in ('kept', 'lost'); pragma integrity_check; pragma wal_checkpoint(truncate)"; ls

--- several at once
sqlite3 app.db 'pragma journal_mode=wal' > /dev/null
for i in 1 2 3 4; do python3 -c "
import sqlite3
c = sqlite3.connect('app.db', timeout=60, isolation_level=None)
for i in range(50): c.execute('insert into t(v) values(?)', ('w$i',))" & done; wait
sqlite3 app.db "select v, count(*) from t where v like 'w_' group by v; pragma journal_mode=delete; vacuum; pragma integrity_check"

--- a copy and a backup
sqlite3 app.db '.backup copy.db'; cp app.db other.db; mv other.db app.db; sqlite3 copy.db "attach 'app.db' as a; select count(*) from a.t; select count(*) from (select * from t except select * from a.t); drop table t; vacuum"; ls -s1 copy.db | cut -d' ' -f1

--- read only in the end (changes nothing)
sqlite3 app.db 'select count(*) from t; pragma integrity_check'
