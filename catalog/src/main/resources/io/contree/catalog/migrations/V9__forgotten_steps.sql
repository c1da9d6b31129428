-- Steps of the lineage were kept for ever, also when neither the image that they reached nor the record of their run was left.
delete from lineage where not exists (select 1 from project_image p where p.project = lineage.project and p.image = lineage.output)
    and not exists (select 1 from operation o where o.uuid = lineage.operation);
