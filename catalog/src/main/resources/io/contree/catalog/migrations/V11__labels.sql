-- What a project notes on its images. A value that is a number is ordered as one, and before all that are not.
create table image_label (
    project text not null,
    image   text not null,
    name    text not null,
    value   text not null,
    textual integer not null, -- 0 for a number, else 1
    number  double precision,
    primary key (project, image, name)
);
create index image_label_rising on image_label (project, name, textual, number, value, image);
create index image_label_falling on image_label (project, name, textual, number desc, value desc, image desc);

alter table project_image add column note text;
