CREATE TABLE "a2a_events" (
	"task_id" text NOT NULL,
	"generation" bigint NOT NULL,
	"artifact" boolean NOT NULL,
	"change" jsonb NOT NULL,
	CONSTRAINT "a2a_events_task_id_generation_pk" PRIMARY KEY("task_id","generation")
);
--> statement-breakpoint
CREATE TABLE "a2a_messages" (
	"task_id" text NOT NULL,
	"generation" bigint NOT NULL,
	"position" integer NOT NULL,
	"service" text NOT NULL,
	"owner" text NOT NULL,
	"message_key" text,
	"fingerprint" text,
	"message" jsonb NOT NULL,
	CONSTRAINT "a2a_messages_task_id_generation_position_pk" PRIMARY KEY("task_id","generation","position"),
	CONSTRAINT "a2a_messages_once" UNIQUE("service","owner","message_key")
);
--> statement-breakpoint
CREATE TABLE "a2a_tasks" (
	"id" text PRIMARY KEY NOT NULL,
	"service" text NOT NULL,
	"owner" text NOT NULL,
	"context_id" text NOT NULL,
	"generation" bigint NOT NULL,
	"turn" bigint NOT NULL,
	"turn_at" timestamp (3) with time zone NOT NULL,
	"state" text NOT NULL,
	"status" jsonb NOT NULL,
	"status_at" timestamp (3) with time zone NOT NULL,
	"cancel" text,
	"holder" text,
	"lease_until" timestamp (3) with time zone,
	"last_write" text,
	"traceparent" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "a2a_events" ADD CONSTRAINT "a2a_events_task_id_a2a_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."a2a_tasks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "a2a_messages" ADD CONSTRAINT "a2a_messages_task_id_a2a_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."a2a_tasks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "a2a_tasks_newest" ON "a2a_tasks" USING btree ("service","owner","status_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "a2a_tasks_leased" ON "a2a_tasks" USING btree ("service","lease_until") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "a2a_tasks_ended" ON "a2a_tasks" USING btree ("service","ended_at") WHERE ended_at is not null;