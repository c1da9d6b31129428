-- Projects have names and limits of their own (null: the server's alone), and images can be public.
alter table project add column name text;
alter table project add column instance_max_timeout integer;
alter table project add column instance_max_concurrency integer;
alter table project add column import_max_timeout integer;
alter table project add column import_max_concurrency integer;
update project set name = 'default'
    where uuid = (select uuid from project order by created_at, uuid limit 1);
create unique index project_name on project (name);

-- Tags that every project sees, unless it has one of the name itself.
create table public_tag (
    name           text primary key,
    image          text not null,
    content_digest text not null,
    created_at     bigint not null
);
create index public_tag_of_image on public_tag (image);
