CREATE TABLE "analyses" (
	"id" text PRIMARY KEY NOT NULL,
	"run_id" text,
	"owner" text NOT NULL,
	"question" text NOT NULL,
	"window" jsonb NOT NULL,
	"confidence" double precision,
	"artifacts" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "analysis_attempts" (
	"analysis_id" text NOT NULL,
	"number" integer NOT NULL,
	"confidence" double precision NOT NULL,
	"weakest" text,
	"changes" jsonb NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "analysis_attempts_analysis_id_number_pk" PRIMARY KEY("analysis_id","number")
);
--> statement-breakpoint
CREATE TABLE "findings" (
	"analysis_id" text NOT NULL,
	"id" text NOT NULL,
	"attempt" integer NOT NULL,
	"position" integer NOT NULL,
	"analyst" text NOT NULL,
	"kind" text NOT NULL,
	"title" text NOT NULL,
	"statement" text NOT NULL,
	"confidence" jsonb NOT NULL,
	"metric_ids" jsonb NOT NULL,
	"entities" jsonb NOT NULL,
	"evidence" jsonb NOT NULL,
	CONSTRAINT "findings_analysis_id_id_pk" PRIMARY KEY("analysis_id","id")
);
--> statement-breakpoint
CREATE TABLE "metrics" (
	"analysis_id" text NOT NULL,
	"id" text NOT NULL,
	"attempt" integer NOT NULL,
	"position" integer NOT NULL,
	"name" text NOT NULL,
	"label" text,
	"value" double precision NOT NULL,
	"unit" text NOT NULL,
	"instant" text,
	"local" text,
	"window" jsonb NOT NULL,
	"method" text NOT NULL,
	"bucket" text,
	"coverage" double precision NOT NULL,
	"samples" integer NOT NULL,
	"entities" jsonb NOT NULL,
	CONSTRAINT "metrics_analysis_id_id_pk" PRIMARY KEY("analysis_id","id")
);
--> statement-breakpoint
CREATE TABLE "scripts" (
	"analysis_id" text NOT NULL,
	"id" text NOT NULL,
	"attempt" integer NOT NULL,
	"position" integer NOT NULL,
	"analyst" text NOT NULL,
	"code" text NOT NULL,
	"files" jsonb NOT NULL,
	"exit_class" text NOT NULL,
	"error_class" text,
	"stdout" text NOT NULL,
	"stderr" text NOT NULL,
	"result" jsonb NOT NULL,
	"timings" jsonb NOT NULL,
	"tier" text NOT NULL,
	CONSTRAINT "scripts_analysis_id_id_pk" PRIMARY KEY("analysis_id","id")
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"lookup" text NOT NULL,
	"hash" text NOT NULL,
	"scopes" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"revoked_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "conversation_heads" (
	"owner" text NOT NULL,
	"hash" text NOT NULL,
	"conversation_id" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "conversation_heads_owner_hash_conversation_id_pk" PRIMARY KEY("owner","hash","conversation_id")
);
--> statement-breakpoint
CREATE TABLE "conversations" (
	"id" text PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"client_id" text,
	"title" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"id" text PRIMARY KEY NOT NULL,
	"conversation_id" text NOT NULL,
	"run_id" text,
	"position" integer NOT NULL,
	"role" text NOT NULL,
	"content" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"owner" text NOT NULL,
	"key" text NOT NULL,
	"body_hash" text NOT NULL,
	"run_id" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_owner_key_pk" PRIMARY KEY("owner","key")
);
--> statement-breakpoint
CREATE TABLE "run_events" (
	"run_id" text NOT NULL,
	"seq" bigint NOT NULL,
	"attempt" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"service" text NOT NULL,
	"event" jsonb NOT NULL,
	CONSTRAINT "run_events_run_id_seq_pk" PRIMARY KEY("run_id","seq")
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"id" text PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"conversation_id" text NOT NULL,
	"state" text NOT NULL,
	"options" jsonb NOT NULL,
	"turn" jsonb,
	"message_hash" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"lease_holder" text,
	"lease_until" timestamp with time zone,
	"answer" text,
	"analysis_ids" jsonb NOT NULL,
	"prompt_tokens" integer DEFAULT 0 NOT NULL,
	"completion_tokens" integer DEFAULT 0 NOT NULL,
	"total_tokens" integer DEFAULT 0 NOT NULL,
	"error" jsonb,
	"created_at" timestamp with time zone NOT NULL,
	"started_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"cut_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "llm_usage" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "llm_usage_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"owner" text NOT NULL,
	"run_id" text,
	"service" text NOT NULL,
	"model" text NOT NULL,
	"prompt_tokens" integer NOT NULL,
	"completion_tokens" integer NOT NULL,
	"total_tokens" integer NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "analyses" ADD CONSTRAINT "analyses_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "analysis_attempts" ADD CONSTRAINT "analysis_attempts_analysis_id_analyses_id_fk" FOREIGN KEY ("analysis_id") REFERENCES "public"."analyses"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "findings" ADD CONSTRAINT "findings_analysis_id_analyses_id_fk" FOREIGN KEY ("analysis_id") REFERENCES "public"."analyses"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "metrics" ADD CONSTRAINT "metrics_analysis_id_analyses_id_fk" FOREIGN KEY ("analysis_id") REFERENCES "public"."analyses"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scripts" ADD CONSTRAINT "scripts_analysis_id_analyses_id_fk" FOREIGN KEY ("analysis_id") REFERENCES "public"."analyses"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversation_heads" ADD CONSTRAINT "conversation_heads_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_events" ADD CONSTRAINT "run_events_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "analyses_run" ON "analyses" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "analyses_owner_created" ON "analyses" USING btree ("owner","created_at");--> statement-breakpoint
CREATE INDEX "api_keys_lookup" ON "api_keys" USING btree ("lookup");--> statement-breakpoint
CREATE UNIQUE INDEX "api_keys_live_name" ON "api_keys" USING btree ("name") WHERE revoked_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "conversations_owner_client" ON "conversations" USING btree ("owner","client_id");--> statement-breakpoint
CREATE INDEX "conversations_owner_updated" ON "conversations" USING btree ("owner","updated_at");--> statement-breakpoint
CREATE UNIQUE INDEX "messages_conversation_position" ON "messages" USING btree ("conversation_id","position");--> statement-breakpoint
CREATE INDEX "runs_conversation" ON "runs" USING btree ("conversation_id","created_at");--> statement-breakpoint
CREATE INDEX "runs_owner_message" ON "runs" USING btree ("owner","message_hash");--> statement-breakpoint
CREATE INDEX "runs_open" ON "runs" USING btree ("lease_until") WHERE state in ('queued', 'running', 'interrupted');--> statement-breakpoint
CREATE INDEX "llm_usage_owner_at" ON "llm_usage" USING btree ("owner","at");--> statement-breakpoint
CREATE INDEX "llm_usage_run" ON "llm_usage" USING btree ("run_id");