-- What was made from an image, the newest first.
create index lineage_input on lineage (project, input, at desc);
