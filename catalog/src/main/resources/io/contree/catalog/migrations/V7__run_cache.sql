-- What an equal run finds this one by while it is remembered, and when it was last used; and the run whose record answered in place of one.
alter table operation add column cache_key text;
alter table operation add column cache_used_at bigint;
alter table operation add column cached_from text;
create index operation_cached on operation (project, cache_key) where cache_key is not null;
create index operation_cache_used on operation (cache_used_at) where cache_key is not null;

alter table lineage add column cached_from text;
