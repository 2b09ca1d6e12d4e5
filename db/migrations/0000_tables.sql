CREATE TABLE "approval" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"intent_id" uuid NOT NULL,
	"hash" text NOT NULL,
	"status" text NOT NULL,
	"question" jsonb NOT NULL,
	"asked_at" timestamp(3) with time zone NOT NULL,
	"expires_at" timestamp(3) with time zone NOT NULL,
	"decided_by" text,
	"decided_at" timestamp(3) with time zone,
	"reason" text,
	CONSTRAINT "approval_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "intent" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"key" text NOT NULL,
	"verb" text NOT NULL,
	"target_kind" text NOT NULL,
	"target_id" uuid NOT NULL,
	"effect" text NOT NULL,
	"world" text NOT NULL,
	"account_id" uuid NOT NULL,
	"brand_id" uuid NOT NULL,
	"task_id" uuid,
	"run_id" uuid,
	"step_id" uuid,
	"agent" text NOT NULL,
	"tool_call_id" text,
	"reasoning" text,
	"payload" jsonb NOT NULL,
	"payload_hash" text NOT NULL,
	"trust" smallint NOT NULL,
	"state" text NOT NULL,
	"verdict" jsonb NOT NULL,
	"due_at" timestamp(3) with time zone NOT NULL,
	"late_at" timestamp(3) with time zone NOT NULL,
	"lease_epoch" integer DEFAULT 0 NOT NULL,
	"lease_until" timestamp(3) with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"handle" jsonb,
	"armed_at" timestamp(3) with time zone,
	"remote_id" text,
	"receipt" jsonb,
	"error" jsonb,
	"unknown_since" timestamp(3) with time zone,
	"created_at" timestamp(3) with time zone NOT NULL,
	"ended_at" timestamp(3) with time zone,
	CONSTRAINT "intent_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "intent_key" UNIQUE("tenant_id","key")
);
--> statement-breakpoint
CREATE TABLE "post" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"brand_id" uuid NOT NULL,
	"task_id" uuid,
	"clip_id" uuid NOT NULL,
	"rendition_id" uuid NOT NULL,
	"caption" text NOT NULL,
	"alt_text" text NOT NULL,
	"hashtags" text[] NOT NULL,
	"language" text NOT NULL,
	"version" integer NOT NULL,
	"trust" smallint NOT NULL,
	"reviews" jsonb NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "post_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "publication" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"post_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"network" text NOT NULL,
	"world" text NOT NULL,
	"state" text NOT NULL,
	"due_at" timestamp(3) with time zone,
	"remote_id" text,
	"url" text,
	"intent_id" uuid,
	"options" jsonb NOT NULL,
	"reason" text,
	"published_at" timestamp(3) with time zone,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "publication_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "publication_once" UNIQUE("tenant_id","post_id","account_id")
);
--> statement-breakpoint
CREATE TABLE "reservation" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"intent_id" uuid NOT NULL,
	"agent" text NOT NULL,
	"account_id" uuid NOT NULL,
	"unit" text NOT NULL,
	"amount" bigint NOT NULL,
	"status" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "reservation_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "reservation_once" UNIQUE("tenant_id","intent_id","unit")
);
--> statement-breakpoint
CREATE TABLE "asset" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"brand_id" uuid,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"sha256" text NOT NULL,
	"bytes" bigint NOT NULL,
	"info" jsonb,
	"rights" jsonb,
	"trust" smallint NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "asset_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "blob" (
	"tenant_id" uuid NOT NULL,
	"id" text NOT NULL,
	"bytes" bigint NOT NULL,
	"media_type" text NOT NULL,
	"parents" text[] NOT NULL,
	"trust" smallint NOT NULL,
	"reference_count" integer NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "blob_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "clip" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"asset_id" uuid NOT NULL,
	"task_id" uuid,
	"ordinal" integer NOT NULL,
	"start_ms" integer NOT NULL,
	"end_ms" integer NOT NULL,
	"score" jsonb NOT NULL,
	"supersedes" uuid,
	"is_current" boolean DEFAULT true NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "clip_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "media_analysis" (
	"tenant_id" uuid NOT NULL,
	"id" text NOT NULL,
	"body" jsonb NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "media_analysis_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "rendition" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"clip_id" uuid NOT NULL,
	"format" text NOT NULL,
	"sha256" text NOT NULL,
	"cover_sha256" text,
	"width" integer NOT NULL,
	"height" integer NOT NULL,
	"duration_ms" double precision NOT NULL,
	"bytes" bigint NOT NULL,
	"reframe" text NOT NULL,
	"quality" text NOT NULL,
	"loudness_lufs" double precision,
	"true_peak_dbtp" double precision,
	"render_key" text NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "rendition_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "rendition_once" UNIQUE("tenant_id","clip_id","render_key")
);
--> statement-breakpoint
CREATE TABLE "vault_item" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"folder" text NOT NULL,
	"name" text NOT NULL,
	"entity_type" text NOT NULL,
	"entity_id" text NOT NULL,
	"version" integer NOT NULL,
	"sha256" text NOT NULL,
	"feature_hash" text NOT NULL,
	"source" text NOT NULL,
	"run_id" uuid,
	"metadata" jsonb NOT NULL,
	"trust" smallint NOT NULL,
	"retain_until" timestamp(3) with time zone NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "vault_item_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "vault_version" UNIQUE("tenant_id","folder","entity_type","entity_id","version")
);
--> statement-breakpoint
CREATE TABLE "mem_embedding" (
	"tenant_id" uuid NOT NULL,
	"owner_kind" text NOT NULL,
	"owner_id" uuid NOT NULL,
	"brand_id" uuid NOT NULL,
	"model" text NOT NULL,
	"dims" integer NOT NULL,
	"vec" double precision[] NOT NULL,
	CONSTRAINT "mem_embedding_tenant_id_owner_kind_owner_id_model_pk" PRIMARY KEY("tenant_id","owner_kind","owner_id","model")
);
--> statement-breakpoint
CREATE TABLE "mem_episode" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"brand_id" uuid NOT NULL,
	"agent" text NOT NULL,
	"task_id" uuid,
	"title" text NOT NULL,
	"body" text NOT NULL,
	"summary" text,
	"trust" smallint NOT NULL,
	"started_at" timestamp(3) with time zone NOT NULL,
	"ended_at" timestamp(3) with time zone,
	CONSTRAINT "mem_episode_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "mem_evidence" (
	"tenant_id" uuid NOT NULL,
	"fact_id" uuid NOT NULL,
	"item_id" uuid NOT NULL,
	CONSTRAINT "mem_evidence_tenant_id_fact_id_item_id_pk" PRIMARY KEY("tenant_id","fact_id","item_id")
);
--> statement-breakpoint
CREATE TABLE "mem_fact" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"brand_id" uuid NOT NULL,
	"agent" text NOT NULL,
	"scope" text NOT NULL,
	"subject" text NOT NULL,
	"predicate" text NOT NULL,
	"value" jsonb,
	"text" text NOT NULL,
	"kind" text NOT NULL,
	"is_single_valued" integer NOT NULL,
	"trust" smallint NOT NULL,
	"importance" real NOT NULL,
	"proofs" integer NOT NULL,
	"valid_from" timestamp(3) with time zone NOT NULL,
	"valid_to" timestamp(3) with time zone,
	"recorded_at" timestamp(3) with time zone NOT NULL,
	"retracted_at" timestamp(3) with time zone,
	"superseded_by" uuid,
	CONSTRAINT "mem_fact_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "mem_item" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"brand_id" uuid NOT NULL,
	"episode_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"agent" text NOT NULL,
	"scope" text NOT NULL,
	"actor" text NOT NULL,
	"body" text NOT NULL,
	"context" text NOT NULL,
	"source" text NOT NULL,
	"trust" smallint NOT NULL,
	"importance" real NOT NULL,
	"content_hash" text NOT NULL,
	"occurred_at" timestamp(3) with time zone NOT NULL,
	"recorded_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "mem_item_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "mem_item_once" UNIQUE("tenant_id","episode_id","content_hash")
);
--> statement-breakpoint
CREATE TABLE "mem_relation" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"brand_id" uuid NOT NULL,
	"from_entity" text NOT NULL,
	"relation" text NOT NULL,
	"to_entity" text NOT NULL,
	"trust" smallint NOT NULL,
	"valid_from" timestamp(3) with time zone NOT NULL,
	"valid_to" timestamp(3) with time zone,
	CONSTRAINT "mem_relation_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "short_term" (
	"tenant_id" uuid NOT NULL,
	"namespace" text NOT NULL,
	"key" text NOT NULL,
	"value" jsonb NOT NULL,
	"expires_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "short_term_tenant_id_namespace_key_pk" PRIMARY KEY("tenant_id","namespace","key")
);
--> statement-breakpoint
CREATE TABLE "alert" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"brand_id" uuid,
	"kind" text NOT NULL,
	"severity" text NOT NULL,
	"message" text NOT NULL,
	"subject" jsonb NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"acknowledged_at" timestamp(3) with time zone,
	CONSTRAINT "alert_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "comment" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"brand_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"publication_id" uuid,
	"remote_id" text NOT NULL,
	"author" text NOT NULL,
	"text" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "comment_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "comment_once" UNIQUE("tenant_id","account_id","remote_id")
);
--> statement-breakpoint
CREATE TABLE "due" (
	"tenant_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"id" text NOT NULL,
	"world" text NOT NULL,
	"due_at" timestamp(3) with time zone NOT NULL,
	"claimed_until" timestamp(3) with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"version" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "due_tenant_id_kind_id_pk" PRIMARY KEY("tenant_id","kind","id")
);
--> statement-breakpoint
CREATE TABLE "event" (
	"tenant_id" uuid NOT NULL,
	"seq" bigint NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"type" text NOT NULL,
	"brand_id" uuid,
	"task_id" uuid,
	"run_id" uuid,
	"step_id" uuid,
	"agent" text,
	"subject_id" uuid,
	"trust" smallint NOT NULL,
	"payload" jsonb NOT NULL,
	CONSTRAINT "event_tenant_id_seq_pk" PRIMARY KEY("tenant_id","seq")
);
--> statement-breakpoint
CREATE TABLE "ledger" (
	"tenant_id" uuid NOT NULL,
	"seq" bigint NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"kind" text NOT NULL,
	"subject_id" uuid,
	"body_digest" text NOT NULL,
	"previous_hash" text NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "ledger_tenant_id_seq_pk" PRIMARY KEY("tenant_id","seq")
);
--> statement-breakpoint
CREATE TABLE "ledger_body" (
	"tenant_id" uuid NOT NULL,
	"seq" bigint NOT NULL,
	"salt" text NOT NULL,
	"body" jsonb NOT NULL,
	CONSTRAINT "ledger_body_tenant_id_seq_pk" PRIMARY KEY("tenant_id","seq")
);
--> statement-breakpoint
CREATE TABLE "metric_point" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"brand_id" uuid NOT NULL,
	"account_id" uuid,
	"publication_id" uuid,
	"metric" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"value" double precision NOT NULL,
	"source" text NOT NULL,
	CONSTRAINT "metric_point_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "metric_once" UNIQUE NULLS NOT DISTINCT("tenant_id","brand_id","account_id","publication_id","metric","at","source")
);
--> statement-breakpoint
CREATE TABLE "tenant_counter" (
	"tenant_id" uuid NOT NULL,
	"id" text NOT NULL,
	"value" bigint NOT NULL,
	"head" text,
	CONSTRAINT "tenant_counter_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "cost" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"brand_id" uuid,
	"task_id" uuid,
	"step_id" uuid,
	"model" text NOT NULL,
	"status" text NOT NULL,
	"input_tokens" integer NOT NULL,
	"cached_tokens" integer NOT NULL,
	"output_tokens" integer NOT NULL,
	"amount_micros" bigint NOT NULL,
	"currency" text NOT NULL,
	"price_version" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "cost_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "cycle_firing" (
	"tenant_id" uuid NOT NULL,
	"cycle" text NOT NULL,
	"occurrence" timestamp(3) with time zone NOT NULL,
	"task_id" uuid,
	"result" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "cycle_firing_tenant_id_cycle_occurrence_pk" PRIMARY KEY("tenant_id","cycle","occurrence")
);
--> statement-breakpoint
CREATE TABLE "model_turn" (
	"tenant_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"turn" integer NOT NULL,
	"request_hash" text NOT NULL,
	"request" jsonb NOT NULL,
	"response" jsonb NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "model_turn_tenant_id_run_id_turn_pk" PRIMARY KEY("tenant_id","run_id","turn")
);
--> statement-breakpoint
CREATE TABLE "run" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"thread_id" uuid NOT NULL,
	"brand_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"task_id" uuid NOT NULL,
	"step_id" uuid,
	"agent" text NOT NULL,
	"cycle" text,
	"status" text NOT NULL,
	"outcome" text,
	"phase" text NOT NULL,
	"input" jsonb NOT NULL,
	"output" jsonb,
	"error" jsonb,
	"trust" smallint NOT NULL,
	"priority" smallint NOT NULL,
	"cost_micros" bigint DEFAULT 0 NOT NULL,
	"lease_epoch" integer DEFAULT 0 NOT NULL,
	"lease_until" timestamp(3) with time zone,
	"worker" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"cancel_reason" text,
	"created_at" timestamp(3) with time zone NOT NULL,
	"started_at" timestamp(3) with time zone,
	"ended_at" timestamp(3) with time zone,
	CONSTRAINT "run_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "step" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"task_id" uuid NOT NULL,
	"key" text NOT NULL,
	"plan" integer NOT NULL,
	"agent" text NOT NULL,
	"brief" jsonb NOT NULL,
	"needs" text[] NOT NULL,
	"status" text NOT NULL,
	"run_id" uuid,
	"report" jsonb,
	"headline" text,
	"trust" smallint NOT NULL,
	"error" jsonb,
	"created_at" timestamp(3) with time zone NOT NULL,
	"ended_at" timestamp(3) with time zone,
	CONSTRAINT "step_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "step_key" UNIQUE("tenant_id","task_id","plan","key")
);
--> statement-breakpoint
CREATE TABLE "thread" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"brand_id" uuid NOT NULL,
	"title" text NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "thread_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "tool_call" (
	"tenant_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"tool_call_id" text NOT NULL,
	"tool" text NOT NULL,
	"args" jsonb NOT NULL,
	"outcome" jsonb,
	"trust" smallint NOT NULL,
	"started_at" timestamp(3) with time zone NOT NULL,
	"ended_at" timestamp(3) with time zone,
	CONSTRAINT "tool_call_tenant_id_run_id_tool_call_id_pk" PRIMARY KEY("tenant_id","run_id","tool_call_id")
);
--> statement-breakpoint
CREATE TABLE "account" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"brand_id" uuid NOT NULL,
	"network" text NOT NULL,
	"world" text NOT NULL,
	"username" text NOT NULL,
	"remote_id" text NOT NULL,
	"sealed_token" text NOT NULL,
	"status" text NOT NULL,
	"paused_reason" text,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "account_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "account_remote" UNIQUE("tenant_id","network","world","remote_id")
);
--> statement-breakpoint
CREATE TABLE "api_key" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"hash" text NOT NULL,
	"scopes" text[] NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"revoked_at" timestamp(3) with time zone,
	CONSTRAINT "api_key_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "brand" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"language" text NOT NULL,
	"zone" text NOT NULL,
	"voice" jsonb NOT NULL,
	"goals" jsonb NOT NULL,
	"competitors" text[] NOT NULL,
	"facts" jsonb NOT NULL,
	"is_frozen" boolean DEFAULT false NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "brand_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "idempotency" (
	"tenant_id" uuid NOT NULL,
	"id" text NOT NULL,
	"request_hash" text NOT NULL,
	"status" integer,
	"response" jsonb,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "idempotency_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "policy" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"body" jsonb NOT NULL,
	"version" integer NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "policy_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "tenant" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "tenant_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "approval" ADD CONSTRAINT "approval_tenant_id_intent_id_intent_tenant_id_id_fk" FOREIGN KEY ("tenant_id","intent_id") REFERENCES "public"."intent"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intent" ADD CONSTRAINT "intent_tenant_id_account_id_account_tenant_id_id_fk" FOREIGN KEY ("tenant_id","account_id") REFERENCES "public"."account"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "post" ADD CONSTRAINT "post_tenant_id_brand_id_brand_tenant_id_id_fk" FOREIGN KEY ("tenant_id","brand_id") REFERENCES "public"."brand"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "post" ADD CONSTRAINT "post_tenant_id_clip_id_clip_tenant_id_id_fk" FOREIGN KEY ("tenant_id","clip_id") REFERENCES "public"."clip"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "post" ADD CONSTRAINT "post_tenant_id_rendition_id_rendition_tenant_id_id_fk" FOREIGN KEY ("tenant_id","rendition_id") REFERENCES "public"."rendition"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "publication" ADD CONSTRAINT "publication_tenant_id_post_id_post_tenant_id_id_fk" FOREIGN KEY ("tenant_id","post_id") REFERENCES "public"."post"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "publication" ADD CONSTRAINT "publication_tenant_id_account_id_account_tenant_id_id_fk" FOREIGN KEY ("tenant_id","account_id") REFERENCES "public"."account"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reservation" ADD CONSTRAINT "reservation_tenant_id_intent_id_intent_tenant_id_id_fk" FOREIGN KEY ("tenant_id","intent_id") REFERENCES "public"."intent"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "asset" ADD CONSTRAINT "asset_tenant_id_brand_id_brand_tenant_id_id_fk" FOREIGN KEY ("tenant_id","brand_id") REFERENCES "public"."brand"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "asset" ADD CONSTRAINT "asset_tenant_id_sha256_blob_tenant_id_id_fk" FOREIGN KEY ("tenant_id","sha256") REFERENCES "public"."blob"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clip" ADD CONSTRAINT "clip_tenant_id_asset_id_asset_tenant_id_id_fk" FOREIGN KEY ("tenant_id","asset_id") REFERENCES "public"."asset"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rendition" ADD CONSTRAINT "rendition_tenant_id_clip_id_clip_tenant_id_id_fk" FOREIGN KEY ("tenant_id","clip_id") REFERENCES "public"."clip"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rendition" ADD CONSTRAINT "rendition_tenant_id_sha256_blob_tenant_id_id_fk" FOREIGN KEY ("tenant_id","sha256") REFERENCES "public"."blob"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "vault_item" ADD CONSTRAINT "vault_item_tenant_id_sha256_blob_tenant_id_id_fk" FOREIGN KEY ("tenant_id","sha256") REFERENCES "public"."blob"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mem_evidence" ADD CONSTRAINT "mem_evidence_tenant_id_fact_id_mem_fact_tenant_id_id_fk" FOREIGN KEY ("tenant_id","fact_id") REFERENCES "public"."mem_fact"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mem_evidence" ADD CONSTRAINT "mem_evidence_tenant_id_item_id_mem_item_tenant_id_id_fk" FOREIGN KEY ("tenant_id","item_id") REFERENCES "public"."mem_item"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mem_item" ADD CONSTRAINT "mem_item_tenant_id_episode_id_mem_episode_tenant_id_id_fk" FOREIGN KEY ("tenant_id","episode_id") REFERENCES "public"."mem_episode"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run" ADD CONSTRAINT "run_tenant_id_thread_id_thread_tenant_id_id_fk" FOREIGN KEY ("tenant_id","thread_id") REFERENCES "public"."thread"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "step" ADD CONSTRAINT "step_tenant_id_task_id_run_tenant_id_id_fk" FOREIGN KEY ("tenant_id","task_id") REFERENCES "public"."run"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "thread" ADD CONSTRAINT "thread_tenant_id_brand_id_brand_tenant_id_id_fk" FOREIGN KEY ("tenant_id","brand_id") REFERENCES "public"."brand"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tool_call" ADD CONSTRAINT "tool_call_tenant_id_run_id_run_tenant_id_id_fk" FOREIGN KEY ("tenant_id","run_id") REFERENCES "public"."run"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account" ADD CONSTRAINT "account_tenant_id_brand_id_brand_tenant_id_id_fk" FOREIGN KEY ("tenant_id","brand_id") REFERENCES "public"."brand"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "approval_one_open" ON "approval" USING btree ("tenant_id","intent_id") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "intent_task" ON "intent" USING btree ("tenant_id","task_id");--> statement-breakpoint
CREATE INDEX "intent_state" ON "intent" USING btree ("tenant_id","state");--> statement-breakpoint
CREATE INDEX "intent_account" ON "intent" USING btree ("tenant_id","account_id","armed_at");--> statement-breakpoint
CREATE INDEX "post_task" ON "post" USING btree ("tenant_id","task_id");--> statement-breakpoint
CREATE INDEX "publication_account" ON "publication" USING btree ("tenant_id","account_id","created_at");--> statement-breakpoint
CREATE INDEX "reservation_window" ON "reservation" USING btree ("tenant_id","at");--> statement-breakpoint
CREATE INDEX "clip_task" ON "clip" USING btree ("tenant_id","task_id","ordinal");--> statement-breakpoint
CREATE INDEX "rendition_key" ON "rendition" USING btree ("tenant_id","render_key");--> statement-breakpoint
CREATE INDEX "vault_feature" ON "vault_item" USING btree ("tenant_id","feature_hash");--> statement-breakpoint
CREATE INDEX "vault_run" ON "vault_item" USING btree ("tenant_id","run_id","created_at");--> statement-breakpoint
CREATE INDEX "mem_episode_brand" ON "mem_episode" USING btree ("tenant_id","brand_id","started_at");--> statement-breakpoint
CREATE INDEX "mem_fact_subject" ON "mem_fact" USING btree ("tenant_id","brand_id","subject","predicate");--> statement-breakpoint
CREATE INDEX "mem_item_time" ON "mem_item" USING btree ("tenant_id","brand_id","occurred_at");--> statement-breakpoint
CREATE INDEX "mem_relation_from" ON "mem_relation" USING btree ("tenant_id","brand_id","from_entity");--> statement-breakpoint
CREATE INDEX "mem_relation_to" ON "mem_relation" USING btree ("tenant_id","brand_id","to_entity");--> statement-breakpoint
CREATE INDEX "short_term_end" ON "short_term" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "alert_time" ON "alert" USING btree ("tenant_id","at");--> statement-breakpoint
CREATE INDEX "comment_publication" ON "comment" USING btree ("tenant_id","publication_id","at");--> statement-breakpoint
CREATE INDEX "due_order" ON "due" USING btree ("due_at");--> statement-breakpoint
CREATE INDEX "event_task" ON "event" USING btree ("tenant_id","task_id","seq");--> statement-breakpoint
CREATE INDEX "event_subject" ON "event" USING btree ("tenant_id","subject_id","seq");--> statement-breakpoint
CREATE INDEX "metric_series" ON "metric_point" USING btree ("tenant_id","brand_id","metric","at");--> statement-breakpoint
CREATE INDEX "metric_publication" ON "metric_point" USING btree ("tenant_id","publication_id","metric","at");--> statement-breakpoint
CREATE INDEX "cost_task" ON "cost" USING btree ("tenant_id","task_id");--> statement-breakpoint
CREATE INDEX "cost_time" ON "cost" USING btree ("tenant_id","at");--> statement-breakpoint
CREATE INDEX "run_thread" ON "run" USING btree ("tenant_id","thread_id","created_at");--> statement-breakpoint
CREATE INDEX "run_task" ON "run" USING btree ("tenant_id","task_id");--> statement-breakpoint
CREATE INDEX "run_status" ON "run" USING btree ("tenant_id","status");--> statement-breakpoint
CREATE INDEX "idempotency_age" ON "idempotency" USING btree ("tenant_id","created_at");