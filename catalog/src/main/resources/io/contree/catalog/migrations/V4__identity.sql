-- Which catalog this is, and how often a server has opened it: its data directory knows both too.
create table catalog_identity (
    uuid       text primary key,
    generation bigint not null
);
