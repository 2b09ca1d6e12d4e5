-- Tenants are walls. Every table with a tenant_id is closed to everybody but the tenant named in the transaction's
-- setting `stakazo.tenant`; without one a query sees nothing and an insert fails.
-- `stakazo_app` does the work, `stakazo_system` wakes it: it sees the content-free table `due` and nothing else.

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'stakazo_app') THEN CREATE ROLE stakazo_app NOLOGIN NOBYPASSRLS; END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- another database of this server made it at the same moment
END $$;
--> statement-breakpoint
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'stakazo_system') THEN CREATE ROLE stakazo_system NOLOGIN NOBYPASSRLS; END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
--> statement-breakpoint
DO $$
BEGIN
  IF NOT pg_has_role(current_user, 'stakazo_app', 'MEMBER') THEN EXECUTE format('GRANT stakazo_app TO %I', current_user); END IF;
  IF NOT pg_has_role(current_user, 'stakazo_system', 'MEMBER') THEN EXECUTE format('GRANT stakazo_system TO %I', current_user); END IF;
END $$;
--> statement-breakpoint
CREATE FUNCTION stakazo_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('stakazo.tenant', true), '')::uuid $$;
--> statement-breakpoint
-- Puts the wall around one table; also used for the checkpointer's tables.
CREATE FUNCTION stakazo_wall(wall_around regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', wall_around);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', wall_around);
  EXECUTE format('DROP POLICY IF EXISTS tenant_wall ON %s', wall_around);
  EXECUTE format('CREATE POLICY tenant_wall ON %s TO stakazo_app USING (tenant_id = stakazo_tenant()) WITH CHECK (tenant_id = stakazo_tenant())', wall_around);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO stakazo_app', wall_around);
END $$;
--> statement-breakpoint
SELECT stakazo_wall(c.oid) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
  WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace;
--> statement-breakpoint
-- Append-only: what happened is never edited. A ledger body may go (erasure); its digest stays.
REVOKE UPDATE, DELETE ON event, ledger, cost FROM stakazo_app;
--> statement-breakpoint
REVOKE UPDATE ON ledger_body FROM stakazo_app;
--> statement-breakpoint
CREATE POLICY system_wakes ON due TO stakazo_system USING (true) WITH CHECK (true);
--> statement-breakpoint
GRANT SELECT, DELETE ON due TO stakazo_system;
--> statement-breakpoint
GRANT UPDATE (claimed_until, attempts) ON due TO stakazo_system;
--> statement-breakpoint
-- Short-term memory may be lost with the server; it need not be logged.
ALTER TABLE short_term SET UNLOGGED;
--> statement-breakpoint
-- Raises when a newer owner took the run over. FOR SHARE keeps the number still until this transaction ends.
CREATE FUNCTION stakazo_assert_lease(wanted_run uuid, wanted_epoch integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM run WHERE tenant_id = stakazo_tenant() AND id = wanted_run AND lease_epoch = wanted_epoch FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'stale lease: run % is no longer at epoch %', wanted_run, wanted_epoch USING ERRCODE = 'SK001';
  END IF;
END $$;
--> statement-breakpoint
GRANT USAGE ON SCHEMA public TO stakazo_app, stakazo_system;
