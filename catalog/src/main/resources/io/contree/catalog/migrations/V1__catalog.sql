-- The catalog. Portable between SQLite and PostgreSQL: UUIDs, digests and JSON are text, times are microseconds since the
-- epoch in UTC, ${blob} is the binary type of the dialect.

-- Filesystem states. What a row names is on disk before the row is.
create table image (
    uuid       text primary key,
    key_digest text not null unique,
    state      ${blob} not null,
    content    ${blob} not null,
    layers     text not null, -- UUIDs parted by blanks, the lowest first
    env        text not null, -- NAME=value, each in Base64, a line each
    cwd        text not null,
    created_at bigint not null
);

create table image_config (
    image  text primary key,
    config ${blob} not null
);

create table chain (
    chain_id text primary key,
    layer    text not null
);

create table file (
    uuid       text primary key,
    digest     text not null unique,
    size       bigint not null,
    created_at bigint not null
);

create table project (
    uuid       text primary key,
    created_at bigint not null
);

create table token (
    uuid        text primary key,
    project     text not null references project (uuid),
    hash        text not null unique, -- SHA-256 of the text, which is kept nowhere
    permissions text not null,        -- names parted by blanks
    expires_at  bigint,
    created_at  bigint not null
);

-- Images that a project reached itself. The same state in two projects is two rows.
create table project_image (
    project        text not null,
    image          text not null,
    content_digest text not null,
    operation      text,
    created_at     bigint not null,
    primary key (project, image)
);
create index project_image_newest on project_image (project, created_at desc, image desc);

create table tag (
    project    text not null,
    name       text not null,
    image      text not null,
    created_at bigint not null,
    primary key (project, name)
);
create index tag_of_image on tag (project, image);

create table project_file (
    project    text not null,
    file       text not null,
    digest     text not null,
    size       bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    primary key (project, file)
);
create unique index project_file_digest on project_file (project, digest);
create index project_file_newest on project_file (project, created_at desc, file desc);

-- PENDING from acceptance on, then final; the states in between are in memory only.
create table operation (
    uuid            text primary key,
    project         text not null,
    kind            text not null,
    status          text not null,
    created_at      bigint not null,
    image           text,
    command         text,
    request         text not null, -- JSON, credentials masked
    error           text,
    ended_at        bigint,
    duration_micros bigint,
    result_image    text,
    result_content  text,
    result_tag      text,
    image_size      bigint,
    cpu_micros      bigint,
    max_rss         bigint,
    exit            text -- JSON
);
create index operation_newest on operation (project, created_at desc, uuid desc);
create index operation_status on operation (project, status, created_at desc);
create index operation_unfinished on operation (created_at) where status = 'PENDING';

-- Runs that turned one image into another.
create table lineage (
    operation text primary key,
    project   text not null,
    input     text not null,
    command   text not null,
    output    text not null,
    at        bigint not null
);
create index lineage_output on lineage (project, output, at desc);
