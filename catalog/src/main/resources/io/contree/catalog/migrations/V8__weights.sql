-- What share of the turns a project has among projects, and a token among those of its project; null for 1.
alter table project add column weight integer;
alter table token add column weight integer;
