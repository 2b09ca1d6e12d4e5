CREATE TABLE "mem_erasure" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"salt" text NOT NULL,
	"subject_hash" text NOT NULL,
	"counts" jsonb NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "mem_erasure_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "mem_embedding" ALTER COLUMN "vec" SET DATA TYPE real[];--> statement-breakpoint
ALTER TABLE "mem_embedding" ADD COLUMN "version" bigint NOT NULL;--> statement-breakpoint
ALTER TABLE "mem_fact" ADD COLUMN "search" "tsvector" NOT NULL;--> statement-breakpoint
ALTER TABLE "mem_item" ADD COLUMN "search" "tsvector" NOT NULL;--> statement-breakpoint
CREATE INDEX "mem_embedding_scan" ON "mem_embedding" USING btree ("tenant_id","brand_id","model","version");--> statement-breakpoint
CREATE UNIQUE INDEX "mem_fact_one_value" ON "mem_fact" USING btree ("tenant_id","brand_id","scope",(case scope when 'agent' then agent else '' end),"subject","predicate") WHERE is_single_valued = 1 and valid_to is null and retracted_at is null;--> statement-breakpoint
ALTER TABLE "mem_episode" DROP COLUMN "body";--> statement-breakpoint
ALTER TABLE "mem_item" DROP COLUMN "context";
--> statement-breakpoint
-- Erasure of a person must reach append-only rows too. `stakazo_eraser` may, inside the tenant's wall and only where a
-- transaction asks for it by name (SET LOCAL ROLE); everyday work never does.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'stakazo_eraser') THEN CREATE ROLE stakazo_eraser NOLOGIN NOBYPASSRLS; END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
--> statement-breakpoint
DO $$
BEGIN
  IF NOT pg_has_role(current_user, 'stakazo_eraser', 'MEMBER') THEN EXECUTE format('GRANT stakazo_eraser TO %I', current_user); END IF;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION stakazo_wall(wall_around regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  home text := (SELECT relnamespace::regnamespace FROM pg_class WHERE oid = wall_around);
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', wall_around);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', wall_around);
  EXECUTE format('DROP POLICY IF EXISTS tenant_wall ON %s', wall_around);
  EXECUTE format('CREATE POLICY tenant_wall ON %s TO stakazo_app, stakazo_eraser USING (tenant_id = stakazo_tenant()) WITH CHECK (tenant_id = stakazo_tenant())', wall_around);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO stakazo_app', wall_around);
  EXECUTE format('GRANT SELECT, UPDATE, DELETE ON %s TO stakazo_eraser', wall_around);
  EXECUTE format('GRANT USAGE ON SCHEMA %s TO stakazo_eraser', home);
END $$;
--> statement-breakpoint
SELECT stakazo_wall('mem_erasure');
--> statement-breakpoint
ALTER POLICY tenant_wall ON mem_erasure TO stakazo_app;
--> statement-breakpoint
REVOKE UPDATE, DELETE ON mem_erasure FROM stakazo_app, stakazo_eraser;
--> statement-breakpoint
-- The walls that stand already are opened to the eraser as well; grants of the application role stay as they are.
DO $$
DECLARE
  walled regclass;
BEGIN
  FOR walled IN SELECT polrelid::regclass FROM pg_policy WHERE polname = 'tenant_wall' AND polrelid <> 'mem_erasure'::regclass LOOP
    EXECUTE format('ALTER POLICY tenant_wall ON %s TO stakazo_app, stakazo_eraser', walled);
    EXECUTE format('GRANT SELECT, UPDATE, DELETE ON %s TO stakazo_eraser', walled);
  END LOOP;
END $$;
--> statement-breakpoint
-- The chain itself holds no text of anybody and is never touched; its bodies may go.
REVOKE UPDATE, DELETE ON ledger FROM stakazo_eraser;
--> statement-breakpoint
-- Vectors in the database where it can; recall scans them in the process elsewhere.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'vector') THEN CREATE EXTENSION IF NOT EXISTS vector; END IF;
EXCEPTION WHEN insufficient_privilege OR undefined_file THEN RAISE NOTICE 'pgvector is available, but this user may not create it';
END $$;
