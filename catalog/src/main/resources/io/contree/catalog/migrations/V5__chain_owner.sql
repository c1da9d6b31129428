-- Who has fetched and verified a chain of layers: nobody else's import may use them unseen. Chains of before have no owner, and
-- are fetched once more.
create table chain_owner (
    owner    text not null,
    chain_id text not null,
    primary key (owner, chain_id)
);
