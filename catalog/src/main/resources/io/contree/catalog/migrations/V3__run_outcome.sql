-- What decided how a run ended and which limits it met, as JSON; null for imports and for runs of before.
alter table operation add column outcome text;
