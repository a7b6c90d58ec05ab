-- A draft's revision is never given twice, also after the draft was published or discarded:
-- who read an old draft cannot overwrite a new one that happens to count alike.
create sequence catalogue_revisions as int;
alter table catalogue_drafts alter column revision set default nextval('catalogue_revisions');
