-- When an image or upload of a project was used last (null: when it came), and since when an image is pinned.
alter table project_image add column used_at bigint;
alter table project_image add column pinned_at bigint;
alter table project_file add column used_at bigint;
create index project_image_of_image on project_image (image);
create index project_file_of_file on project_file (file);
create index chain_of_layer on chain (layer);

-- What a project keeps, in the words of the setting "retention"; null for what the server says.
alter table project add column retention text;

-- What lost a record that named it. If nothing names it any more it is garbage, and not something unknown to be set aside.
create table released (
    kind    text not null, -- image, layer or file
    id      text not null, -- UUID, or digest of a file
    version bigint not null, -- a new one whenever it is released again
    primary key (kind, id)
);
create index released_version on released (version);

-- Layers whose bytes on disk were found to be others than were written, and what was found.
create table damaged_layer (
    layer    text primary key,
    what     text not null,
    found_at bigint not null
);

-- The log of an ended operation was removed, or is to be.
alter table operation add column log_removed boolean not null default false;
create index operation_ended on operation (project, ended_at) where status <> 'PENDING';

-- Who may do everything that there was may remove too.
update token set permissions = permissions || ' REMOVE'
    where ' ' || permissions || ' ' like '% SPAWN %' and ' ' || permissions || ' ' like '% LIST %'
        and ' ' || permissions || ' ' like '% CANCEL %' and ' ' || permissions || ' ' like '% IMPORT %'
        and ' ' || permissions || ' ' like '% SET_IMAGE_TAG %';
